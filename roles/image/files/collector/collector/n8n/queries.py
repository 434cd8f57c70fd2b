# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What n8n's database is asked. The names of tables, and the type of ids, are filled in.

Larger data than the first limit are not even unpacked. Of those that are left, only so many are
sent as have no more bytes together than the second limit: ``later`` says so. All are bytes: as
texts, the server's own functions fail at what JSON may hold, and ours may need four times as much.
"""

from __future__ import annotations

_OPEN = "e.status IN ('new', 'running', 'waiting')"
BEGIN = """
SELECT now() - make_interval(secs => $1) AS until,
       EXISTS (SELECT FROM {workflow_entity}) AS workflows,
       (SELECT id::text FROM {execution_entity} ORDER BY id DESC LIMIT 1) AS newest,
       (SELECT format_type(atttypid, NULL) FROM pg_attribute
         WHERE attrelid = '{execution_entity}'::regclass AND attname = 'id') AS id_type
"""
OPEN = f"""
SELECT e.id::text FROM {{execution_entity}} e
 WHERE ($1::text IS NULL OR e.id > $1::text::{{id_type}}) AND {_OPEN} AND e."deletedAt" IS NULL
 ORDER BY e.id DESC LIMIT $2
"""  # noqa: S608 - only what is above
STATES = f"""
SELECT e.id::text, coalesce(NOT {_OPEN} AND e."stoppedAt" < $2, false) AS passed
  FROM {{execution_entity}} e
 WHERE e.id = ANY($1::text[]::{{id_type}}[]) AND e."deletedAt" IS NULL
"""  # noqa: S608


def _executions(where: str, size: int, limit: int, together: int) -> str:
    """Executions with their data; the numbers are those of the parameters."""
    return f"""
SELECT sized.*, sized.sum > ${together} AND sized.size <= ${limit} AS later,
       CASE WHEN sized.size <= ${limit} AND sized.sum <= ${together}
            THEN convert_to(d.data, 'UTF8') END AS data
  FROM (SELECT page.id::text, page."workflowId" AS workflow, page.mode, page.status,
               page."startedAt" AS started_at, page."stoppedAt" AS stopped_at, page.id AS key,
               octet_length(d.data) AS size,
               sum(CASE WHEN octet_length(d.data) <= ${limit} THEN octet_length(d.data) END)
                 OVER (ORDER BY page."stoppedAt", page.id) AS sum
          FROM (SELECT e.* FROM {{execution_entity}} e
                 WHERE {where} AND e."deletedAt" IS NULL AND NOT {_OPEN}
                 ORDER BY e."stoppedAt", e.id LIMIT ${size}) page
          LEFT JOIN {{execution_data}} d ON d."executionId" = page.id) sized
  LEFT JOIN {{execution_data}} d ON d."executionId" = sized.key
 ORDER BY sized.stopped_at, sized.key
"""  # noqa: S608


# The index on "stoppedAt" is used from the last place on.
ENDED = _executions(
    """e."stoppedAt" >= $1 AND e."stoppedAt" < $3
   AND ($2::text IS NULL OR (e."stoppedAt", e.id) > ($1, $2::text::{id_type}))""",
    size=4,
    limit=5,
    together=6,
)
OF_IDS = _executions(
    "e.id = ANY($1::text[]::{id_type}[])",
    size=2,
    limit=3,
    together=4,
)
WORKFLOWS = """
SELECT w.id, w.name, w.settings, w.sum > $3 AND w.size <= $2 AS later,
       CASE WHEN w.size <= $2 AND w.sum <= $3 THEN convert_to(w.nodes, 'UTF8') END AS nodes
  FROM (SELECT id, name, nodes, size, settings,
               sum(CASE WHEN size <= $2 THEN size END) OVER (ORDER BY id) AS sum
          FROM (SELECT id, name, nodes::text AS nodes, octet_length(nodes::text) AS size,
                       CASE WHEN octet_length(settings::text) <= 10000
                            THEN convert_to(settings::text, 'UTF8') END AS settings
                  FROM {workflow_entity} WHERE id = ANY($1)) w) w
"""
