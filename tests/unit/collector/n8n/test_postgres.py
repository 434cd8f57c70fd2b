# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to PostgreSQL, or to a pooler before it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from collector.n8n import postgres
from collector.n8n.budget import Budget, RunError
from collector.n8n.postgres import Postgres
from collector.n8n.settings import Database, RunLimits


class Connection:
    """A server, which may not keep what it is told."""

    def __init__(self, keeps: bool) -> None:
        self.keeps = keeps
        self.said: list[str] = []

    async def execute(self, query: str) -> None:
        self.said.append(query)

    async def fetchval(self, query: str) -> bool:
        self.said.append(query)
        return self.keeps

    async def fetch(self, query: str, *_values: Any) -> list[Any]:
        self.said.append(query)
        return [1]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """A query to such a server; what the session was opened with."""

    def asked(connection: Connection) -> tuple[list[Any], dict[str, str]]:
        opened: dict[str, str] = {}

        def session(_settings: Any, _port: int, _timeout: float, options: dict[str, str]) -> Any:
            opened.update(options)
            return SimpleNamespace(connection=connection, run=run, close=lambda: None)

        def run(operation: Any, _timeout: float) -> Any:
            try:
                operation.send(None)
            except StopIteration as end:
                return end.value
            raise AssertionError

        monkeypatch.setattr(postgres, "Session", session)
        (tmp_path / "password").write_text("x")
        settings = Database(
            host="db",
            database="n8n",
            user="reader",
            password_file=str(tmp_path / "password"),
            tables_prefix="n8n_",
            schema="Mine",
        )
        found = Postgres(settings, Budget(RunLimits())).fetch("SELECT 1 FROM {workflow_entity}")
        return found, opened

    return asked


def test_a_query_is_a_transaction_that_sets_what_it_needs(ask: Any) -> None:
    connection = Connection(keeps=True)
    found, opened = ask(connection)
    begin, _holds, query, end = connection.said
    assert begin.split("; ") == [
        "BEGIN READ ONLY",
        "SET LOCAL statement_timeout = 10000",
        "SET LOCAL lock_timeout = 10000",
        "SET LOCAL idle_in_transaction_session_timeout = 10000",
    ]
    assert (query, end) == ('SELECT 1 FROM "Mine"."n8n_workflow_entity"', "COMMIT")
    assert found == [1]
    # All that a pooler takes at the start of a connection.
    assert set(opened) == {"application_name"}


def test_nothing_is_asked_if_it_does_not_hold(ask: Any) -> None:
    connection = Connection(keeps=False)
    with pytest.raises(RunError) as caught:
        ask(connection)
    assert caught.value.error_type == "query"
    assert len(connection.said) == 2
