# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""n8n's tables in a real PostgreSQL, with its recorded schema and run data."""

from __future__ import annotations

import json
import re
import time
import uuid
from pathlib import Path
from typing import Any

from ..conftest import answer, execute

FIXTURES = Path(__file__).parents[2] / "fixtures/n8n"
ROWS = json.loads((FIXTURES / "n8n-2.41.1-execution-data.json").read_text("utf-8"))
PASSWORD = "a-database-password"
TYPES = {"Webhook": "n8n-nodes-base.webhook", "Code": "n8n-nodes-base.code"}
NAMES = {"zBeb9HHRKvBYwHlO": "ok-flow", "Z4vZdynNnRidJ4IM": "code-fail"}


class N8nDatabase:
    """n8n's tables in a database of their own, and executions that are made to end there."""

    def __init__(self, service: Any) -> None:
        self._service = service
        self.name = f"n8n_{uuid.uuid4().hex[:8]}"
        execute(service.container, *self._psql(f"CREATE DATABASE {self.name}", "postgres"))
        schema = (FIXTURES / "n8n-2.41.1-schema.sql").read_text("utf-8")
        self.run(schema)
        self.run(
            "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'a-database-password'; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            "GRANT USAGE ON SCHEMA public TO reader",
            "GRANT SELECT ON public.execution_entity, public.execution_data, "
            "public.workflow_entity TO reader",
        )
        self.last = 0

    def _psql(self, text: str, database: str) -> list[str]:
        options = ["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", "owner", "-d", database]
        return ["psql", *options, "-c", text]

    def run(self, *statements: str) -> None:
        """Run them as the owner."""
        for statement in statements:
            execute(self._service.container, *self._psql(statement, self.name))

    def tell(self, text: str) -> str:
        """What the server answers to the owner's question."""
        return answer(self._service.container, *self._psql(text, self.name))

    def workflow(self, identity: str, name: str) -> None:
        """Add a workflow with the two known nodes."""
        nodes = json.dumps([{"name": node, "type": kind} for node, kind in TYPES.items()])
        self.run(
            "INSERT INTO public.workflow_entity (id, name, active, nodes, connections, "  # noqa: S608
            f"\"versionId\") VALUES ('{identity}', '{name}', true, '{nodes}', '{{}}', 'v')"
        )

    def execution(
        self,
        row: dict[str, Any],
        ago: float = 20,
        data: str | None = None,
        status: str = "",
        lasted: float = 1,
    ) -> int:
        """An execution that ended C(ago) seconds ago, if it has ended, with the run data of a
        recorded one; its number."""
        self.last += 1
        text = row["data_text"] if data is None else data
        began = int((time.time() - ago - lasted) * 1000)
        text = re.sub(r'"startTime":\d+', f'"startTime":{began + 1}', text).replace("'", "''")
        status = status or row["status"]
        ended = "NULL" if status == "running" else f"now() - interval '{ago} seconds'"
        self.run(
            'INSERT INTO public.execution_entity (id, finished, mode, status, "workflowId", '  # noqa: S608
            f'"startedAt", "stoppedAt") VALUES ({self.last}, true, \'webhook\', '
            f"'{status}', '{row['workflowId']}', to_timestamp({began} / 1000.0), {ended}); "
            'INSERT INTO public.execution_data ("executionId", "workflowData", data) '
            f"VALUES ({self.last}, '{{}}', '{text}')"
        )
        return self.last
