# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the runs of nodes: only of executions that have ended since the last run, within the caps.

In the order in which they ended, so that at a cap the next run goes on from there. What ended
within the last seconds is left for the next run: it may not be committed yet.
"""

from __future__ import annotations

import json
import logging
import time
from bisect import bisect_left
from datetime import datetime
from typing import Any

from collector.n8n.budget import Budget, RunError
from collector.n8n.postgres import Postgres
from collector.n8n.run_data import NodeRun, node_runs
from collector.n8n.settings import NodesSettings
from collector.n8n.state import NodeCounts, NodesState, TypeCounts
from collector.n8n.text import clean

log = logging.getLogger(__name__)
_FORGET_SECONDS = 86_400
_BEGIN = """
SELECT now() - make_interval(secs => $1) AS until,
       EXISTS (SELECT FROM execution_entity) AS executions,
       EXISTS (SELECT FROM workflow_entity) AS workflows
"""
# The index on "stoppedAt" is used from the last place on; larger data are not even unpacked.
_ENDED = """
SELECT e.id, e."workflowId" AS workflow, e."stoppedAt" AS stopped_at,
       octet_length(d.data) AS size,
       CASE WHEN octet_length(d.data) <= $5 THEN d.data END AS data
  FROM execution_entity e LEFT JOIN execution_data d ON d."executionId" = e.id
 WHERE e."stoppedAt" >= $1 AND (e."stoppedAt", e.id) > ($1, $2) AND e."stoppedAt" < $3
   AND e."deletedAt" IS NULL AND e.status NOT IN ('new', 'running', 'waiting')
 ORDER BY e."stoppedAt", e.id
 LIMIT $4
"""
# As text: the server's own functions fail at what JSON may hold and PostgreSQL may not.
_WORKFLOWS = """
SELECT w.id, w.name,
       CASE WHEN octet_length(w.nodes::text) <= $2 THEN w.nodes::text END AS nodes
  FROM workflow_entity w WHERE w.id = ANY($1)
"""


class Nodes:
    """One run. What it finds is added to ``state``."""

    def __init__(
        self,
        database: Postgres,
        budget: Budget,
        settings: NodesSettings,
        state: NodesState,
        bounds: tuple[float, ...],
    ) -> None:
        self._database = database
        self._budget = budget
        self._settings = settings
        self._state = state
        self._bounds = bounds
        self._workflows: dict[str, tuple[str, dict[str, str]]] = {}
        self.learned = False
        if any(len(each.buckets) != len(bounds) + 1 for each in state.types.values()):
            state.types = {}

    def collect(self) -> None:
        """Do all of it. RunError when the database does not answer as it should, CappedError when
        a cap ends the run; what was read until then is in the state."""
        (begin,) = self._database.fetch(_BEGIN, self._settings.database.settle_seconds)
        for what in ("executions", "workflows"):
            if not begin[what]:
                raise RunError("empty", f"n8n's database has no {what}: is it the right one?")
        self.learned = True
        self._forget()
        if self._state.stopped_at is None:
            # What is old is not imported: the counting begins now.
            self._state.stopped_at, self._state.last_id = begin["until"], 0
            return
        if self._state.stopped_at > begin["until"]:
            # To set the place back would count again what has been counted.
            seconds = (self._state.stopped_at - begin["until"]).total_seconds()
            log.warning("the database's clock was set back", extra={"data": {"wait": seconds}})
            return
        self._read(begin["until"])

    def _read(self, until: datetime) -> None:
        size = self._settings.database.page_size
        read = with_data = 0
        while True:
            if read + size > self._settings.limits.executions:
                raise self._budget.cap("executions")
            rows = self._database.fetch(
                _ENDED,
                self._state.stopped_at,
                self._state.last_id,
                until,
                size,
                self._settings.limits.data_bytes,
            )
            self._know({row["workflow"] for row in rows})
            for row in rows:
                try:
                    with_data += self._take(row)
                except ValueError as error:
                    self._budget.errors["bad_response"] += 1
                    data = {"id": row["id"], "error": str(error)}
                    log.warning("run data not understood", extra={"data": data})
            read += len(rows)
            if len(rows) < size:
                break
        if read and not with_data:
            raise RunError(
                "empty",
                f"{read} executions, and the run data of none can be read: does n8n keep them in "
                "the database?",
            )

    def _take(self, row: Any) -> bool:
        """Count an execution; whether it has run data. The place moves on whatever they are."""
        runs: list[NodeRun] = []
        try:
            if row["data"] is not None:
                runs = node_runs(row["data"])
            elif row["size"] is not None:
                self._budget.cap("data_bytes")
        finally:
            self._state.stopped_at, self._state.last_id = row["stopped_at"], row["id"]
        for run in runs:
            self._count(row["workflow"], run)
        return row["size"] is not None

    def _know(self, workflows: set[str]) -> None:
        """Names of workflows, and the types of their nodes."""
        wanted = workflows - set(self._workflows)
        if not wanted:
            return
        limit = self._settings.limits.data_bytes
        for row in self._database.fetch(_WORKFLOWS, sorted(wanted), limit):
            types: dict[str, str] = {}
            if row["nodes"] is None:
                self._budget.cap("data_bytes")
            else:
                try:
                    types = _types(row["nodes"])
                except ValueError as error:
                    data = {"id": row["id"], "error": str(error)}
                    log.warning("nodes not understood", extra={"data": data})
            self._workflows[row["id"]] = (row["name"], types)

    def _count(self, workflow: str, run: NodeRun) -> None:
        name, types = self._workflows.get(workflow, (workflow, {}))
        kind = types.get(run.node, "unknown")
        known = self._state.types
        if kind not in known and len(known) < self._settings.limits.nodes:
            known[kind] = TypeCounts(buckets=[0] * (len(self._bounds) + 1))
        if kind in known:
            known[kind].buckets[bisect_left(self._bounds, run.seconds)] += 1
            known[kind].seconds += run.seconds
        identity = f"{workflow}/{run.node}"
        counts = self._state.nodes.get(identity)
        if counts is None or (counts.workflow_name, counts.type) != (name, kind):
            # With a new name it is a new series, that begins at 0.
            if counts is None and len(self._state.nodes) >= self._settings.limits.nodes:
                self._budget.cap("nodes")
                return
            counts = NodeCounts(workflow=workflow, workflow_name=name, node=run.node, type=kind)
            self._state.nodes[identity] = counts
        if run.status == "success":
            counts.success += 1
        else:
            counts.error += 1
        counts.seconds += run.seconds
        counts.last_seen = time.time()

    def _forget(self) -> None:
        """Nodes that have not run for a day."""
        forgotten = time.time() - _FORGET_SECONDS
        self._state.nodes = {
            identity: counts
            for identity, counts in self._state.nodes.items()
            if counts.last_seen >= forgotten
        }


def _types(text: str) -> dict[str, str]:
    """The type of each node, by its name. ValueError when the text is no list of nodes."""
    try:
        nodes = [node for node in json.loads(text) if isinstance(node, dict)]
    except (TypeError, RecursionError) as error:
        raise ValueError(f"no nodes: {error!r}") from error
    found = ((node.get("name"), node.get("type")) for node in nodes)
    return {
        clean(name): clean(kind)
        for name, kind in found
        if isinstance(name, str) and isinstance(kind, str)
    }
