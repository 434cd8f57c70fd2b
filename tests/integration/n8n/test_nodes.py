# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exporter of nodes against a real PostgreSQL with n8n's recorded schema and run data."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from collector.n8n import queries

from ..checks.conftest import wait_until
from ..pooler import pooler
from .database import PASSWORD, ROWS, N8nDatabase
from .exporter import NODES_JOB, Exporter

OK_FLOW = {"workflow_id": "zBeb9HHRKvBYwHlO", "workflow_name": "ok-flow"}
CODE = {
    **OK_FLOW,
    "node_name": "Code",
    "node_type": "n8n-nodes-base.code",
    "mode": "webhook",
}
NAMES = {
    "execution_entity": "public.execution_entity",
    "execution_data": "public.execution_data",
    "id_type": "integer",
}
FAILS = {**CODE, "workflow_id": "Z4vZdynNnRidJ4IM", "workflow_name": "code-fail"}


@pytest.fixture
def exporter(
    server: Any, database: N8nDatabase, gateway: str, tmp_path: Path
) -> Iterator[Exporter]:
    """An exporter that has run once, and has a minute to read."""
    (tmp_path / "password").write_text(PASSWORD)
    source = {
        "host": "127.0.0.1",
        "port": server.port,
        "database": database.name,
        "user": "reader",
        "password_file": str(tmp_path / "password"),
    }
    host = f"h{uuid.uuid4().hex[:8]}"
    one = Exporter(tmp_path / host, host, source, gateway, {}, "", NODES_JOB, "database")
    assert one.run() == 0, one.output
    state = json.loads((one.state / "nodes.json").read_text())
    state["stopped_at"] = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    (one.state / "nodes.json").write_text(json.dumps(state))
    yield one
    requests.delete(f"{gateway}/metrics/job/{NODES_JOB}/instance/{host}", timeout=5)


def test_nodes_are_counted(exporter: Exporter, database: N8nDatabase) -> None:
    assert exporter.of_run("run_success") == 1
    assert exporter.said("node_executions_total", status="success", **CODE) is None
    for row in ROWS[:2]:
        database.execution(row)
    database.execution(ROWS[0], ago=0)  # too young: its place is not settled
    assert exporter.run() == 0, exporter.output
    assert exporter.said("node_executions_total", status="success", **CODE) == 0
    assert exporter.said("node_slowest_seconds", **CODE) == pytest.approx(0.043)
    assert exporter.run() == 0
    assert exporter.said("node_slowest_seconds", **CODE) is None
    assert exporter.said("node_executions_total", status="success", **CODE) == 1
    assert exporter.said("node_executions_total", status="error", **CODE) == 0
    assert exporter.said("node_duration_seconds_sum", **CODE) == pytest.approx(0.043)
    assert exporter.said("node_executions_total", status="error", **FAILS) == 1
    kind = {"node_type": "n8n-nodes-base.code", "mode": "webhook"}
    assert exporter.said("node_type_duration_seconds_bucket", le="0.01", **kind) == 0
    assert exporter.said("node_type_duration_seconds_bucket", le="0.1", **kind) == 2
    unknown = {**CODE, "node_name": "HTTP", "node_type": "unknown"}
    assert exporter.said("node_executions_total", status="success", **unknown) == 1


@pytest.fixture
def pooled(
    server: Any,
    exporter: Exporter,
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    tmp_path: Path,
) -> Iterator[Exporter]:
    """The same exporter, through a pooler."""
    users = {"reader": PASSWORD}
    base = service_image("base")
    with pooler(docker_client, base, tmp_path / "pooler", server.port, users) as port:
        exporter.source["port"] = port
        yield exporter


def test_through_a_pooler_of_transactions(pooled: Exporter, database: N8nDatabase) -> None:
    """It refuses settings at the start of a session, and keeps no prepared statements."""
    for _run in range(3):
        database.execution(ROWS[0])
        assert pooled.run() == 0, pooled.output
    assert pooled.of_run("run_success") == 1
    assert pooled.said("node_executions_total", status="success", **CODE) == 3


def test_a_crash_that_ended_before_it_was_known(exporter: Exporter, database: N8nDatabase) -> None:
    open_ones = [database.execution(ROWS[1], status="running") for _number in range(5)]
    database.execution(ROWS[0])
    assert exporter.run() == 0, exporter.output
    second = int(time.time()) - 40
    # n8n was killed, and dates their ends back to the last that it knows of them.
    flat = [
        {"resultData": "1"},
        {"runData": "2"},
        {"Webhook": ["4"], "Code": ["5"]},
        [],
        {"startTime": second, "executionTime": -1, "executionStatus": "6"},
        {"startTime": second, "executionTime": -1, "executionStatus": "7"},
        "success",
        "crashed",
    ]
    began = f"to_timestamp({second}.9)"
    database.run(
        f"UPDATE public.execution_data SET data = '{json.dumps(flat)}' "  # noqa: S608
        f'WHERE "executionId" IN {(*open_ones,)}',
        f"UPDATE public.execution_entity SET status = 'crashed', \"startedAt\" = {began}, "  # noqa: S608
        f'"stoppedAt" = {began} WHERE id IN {(*open_ones,)}',
    )
    for value in (0, 5, 5):
        assert exporter.run() == 0, exporter.output
        assert exporter.said("node_executions_total", status="error", **FAILS) == value
    webhook = {**FAILS, "node_name": "Webhook", "node_type": "n8n-nodes-base.webhook"}
    assert exporter.said("node_executions_total", status="success", **webhook) == 5
    assert exporter.said("node_executions_total", status="success", **CODE) == 1
    # In queue mode they are called errors after a while.
    database.run(
        "UPDATE public.execution_entity SET status = 'error', "  # noqa: S608
        f"\"stoppedAt\" = now() - interval '15.5 seconds' WHERE id IN {(*open_ones,)}"
    )
    assert exporter.run(settle_seconds=0) == 0
    assert exporter.said("node_executions_total", status="error", **FAILS) == 5


def test_a_retry_counts_what_it_ran_itself(exporter: Exporter, database: N8nDatabase) -> None:
    number = database.execution(ROWS[1])
    # The run of Webhook is a copy of an earlier execution's.
    database.run(
        "UPDATE public.execution_data SET data = regexp_replace(data, "  # noqa: S608
        f'\'"startTime":\\d+\', \'"startTime":1700000000000\') WHERE "executionId" = {number}'
    )
    for _number in range(2):
        assert exporter.run() == 0, exporter.output
    assert exporter.said("node_executions_total", status="error", **FAILS) == 1
    assert not any(each.labels.get("node_name") == "Webhook" for each in exporter.series())


def test_large_rows_come_in_smaller_pages(exporter: Exporter, database: N8nDatabase) -> None:
    flat = '[{"resultData":"1"},{"runData":"2"},{"Code":"3"},["4"],{"executionTime":5},"xxx"]'
    for _number in range(20):
        database.execution(ROWS[0], data=flat)
    database.run(
        "UPDATE public.execution_data SET data = replace(data, 'xxx', repeat('x', 1000000)) "
        'WHERE "executionId" > 1'
    )
    for value in (0, 20):
        assert exporter.run(page_size=250) == 0, exporter.output
        assert exporter.said("node_executions_total", status="success", **CODE) == value
        # 8 MiB at once: 8, 8 and 4 of them.
        assert exporter.of_run("run_requests") == (6 if value == 0 else 3)
    assert exporter.of_run("run_capped", cap="data_bytes") == 0


def test_ids_that_are_texts_and_tables_with_a_prefix(
    exporter: Exporter, database: N8nDatabase
) -> None:

    def identity(number: object) -> str:
        return f"('0195a0de-5a52-7c1e-9d7b-' || lpad({number}::text, 12, '0'))::uuid"

    to_text = "ALTER TABLE public.{0} ALTER COLUMN {1} TYPE uuid USING {2}"
    of_data = '"executionId"'
    database.run(
        "ALTER TABLE public.execution_data DROP CONSTRAINT execution_data_fk",
        "ALTER TABLE public.execution_entity ALTER COLUMN id DROP DEFAULT",
        to_text.format("execution_entity", "id", identity("id")),
        to_text.format("execution_data", of_data, identity(of_data)),
    )
    (exporter.state / "nodes.json").unlink()
    names = ("execution_entity", "execution_data", "workflow_entity")
    prefix = "n8n-prod_"  # as n8n, which quotes it, takes any

    def quoted(name: str) -> str:
        return f'"{prefix}{name}"'

    data = quoted("execution_data")
    database.run(*(f"ALTER TABLE public.{name} RENAME TO {quoted(name)}" for name in names))
    assert exporter.run(tables_prefix=prefix) == 0, exporter.output
    for number in range(2, 5):
        at = f"now() - interval '{0 if number < 4 else 3} seconds'"
        database.run(
            f"INSERT INTO public.{quoted('execution_entity')} "  # noqa: S608
            '(id, finished, mode, status, "workflowId", '
            f"\"stoppedAt\") VALUES ({identity(number)}, true, 'webhook', 'success', "
            f"'{OK_FLOW['workflow_id']}', {at})",
            f"INSERT INTO public.{data} SELECT "  # noqa: S608
            f"{identity(number)}, '{{}}', data FROM public.{data} LIMIT 1",
        )
    for value in (0, 3, 3):
        assert exporter.run(tables_prefix=prefix, settle_seconds=0) == 0, exporter.output
        assert exporter.said("node_executions_total", status="success", **CODE) == value


def test_what_is_old_is_not_read(exporter: Exporter, database: N8nDatabase) -> None:
    (exporter.state / "nodes.json").unlink()
    database.execution(ROWS[0])
    assert exporter.run() == 0
    assert exporter.of_run("run_requests") == 2
    assert not any("node_executions" in each.name for each in exporter.series())


def test_at_a_cap_the_next_run_goes_on(exporter: Exporter, database: N8nDatabase) -> None:
    for _number in range(9):
        database.execution(ROWS[0])
    exporter.more = {"limits": {"executions": 4}}
    for total in (0, 8, 9):  # the first 4 are told with the second run
        assert exporter.run(page_size=2) == 0, exporter.output
        assert exporter.of_run("run_capped", cap="executions") == int(total < 9)
        assert exporter.said("node_executions_total", status="success", **CODE) == total


def test_nodes_without_end_and_data_that_are_too_large(
    exporter: Exporter, database: N8nDatabase
) -> None:
    names = {f"Node {number}": "3" for number in range(300)}
    one = {"executionTime": 1, "executionStatus": "5"}
    flat = [{"resultData": "1"}, {"runData": "2"}, names, ["4"], one, "success"]
    database.execution(ROWS[0], data=json.dumps(flat))
    database.execution(ROWS[0], data=json.dumps([*flat, "x" * 20_000]))
    exporter.more = {"limits": {"nodes": 50, "data_bytes": 10_000}}
    assert exporter.run() == 0, exporter.output
    assert exporter.of_run("run_capped", cap="nodes") == 1
    assert exporter.of_run("run_capped", cap="data_bytes") == 1
    listed = [each for each in exporter.series() if "node_executions_total" in each.name]
    assert len(listed) == 2 * 50
    kind = {"node_type": "unknown", "mode": "webhook"}
    assert exporter.said("node_type_duration_seconds_count", **kind) == 0
    assert exporter.run() == 0
    assert exporter.said("node_type_duration_seconds_count", **kind) == 300


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", "x" * 20_000])
def test_a_workflow_with_any_text(exporter: Exporter, database: N8nDatabase, text: str) -> None:
    # "Z4vZdynNnRidJ4IM" is as it was: one workflow does not spoil the others.
    database.run(
        "UPDATE public.workflow_entity SET nodes = replace(nodes::text, "  # noqa: S608
        f'\'"name": "Webhook"\', \'"name": "Webhook", "parameters": "{text}"\')::json '
        f"WHERE id = '{OK_FLOW['workflow_id']}'"
    )
    for row in ROWS[:2]:
        database.execution(row)
    exporter.more = {"limits": {"data_bytes": 10_000}}
    for _number in range(2):
        assert exporter.run() == 0, exporter.output
    large = len(text) > 10
    expected = {**CODE, "node_type": "unknown"} if large else CODE
    assert exporter.said("node_executions_total", status="success", **expected) == 1
    assert exporter.said("node_executions_total", status="error", **FAILS) == 1


@pytest.mark.parametrize("nodes", ["7", '[7, {"name": 1, "type": "a"}]', "[" * 9 + "]" * 9])
def test_nodes_that_are_none(exporter: Exporter, database: N8nDatabase, nodes: str) -> None:
    identity = OK_FLOW["workflow_id"]
    database.run(f"UPDATE public.workflow_entity SET nodes = '{nodes}' WHERE id = '{identity}'")  # noqa: S608
    database.execution(ROWS[0])
    for _number in range(2):
        assert exporter.run() == 0, exporter.output
    unknown = {**CODE, "node_type": "unknown"}
    assert exporter.said("node_executions_total", status="success", **unknown) == 1


def test_a_node_with_a_name_of_no_text(exporter: Exporter, database: N8nDatabase) -> None:
    nodes = r'[{"name": "Code\ud800", "type": "n8n-nodes-base.code"}]'
    identity = OK_FLOW["workflow_id"]
    database.run(f"UPDATE public.workflow_entity SET nodes = '{nodes}' WHERE id = '{identity}'")  # noqa: S608
    data = ROWS[0]["data_text"].replace('"Code"', r'"Code\ud800"')
    database.execution(ROWS[0], data=data)
    for _number in range(2):
        assert exporter.run() == 0, exporter.output
    named = {**CODE, "node_name": "Code?"}
    assert exporter.said("node_executions_total", status="success", **named) == 1


def test_a_new_name_begins_at_zero(exporter: Exporter, database: N8nDatabase) -> None:
    database.execution(ROWS[0])
    for _number in range(2):
        assert exporter.run() == 0
    assert exporter.said("node_executions_total", status="success", **CODE) == 1
    identity = OK_FLOW["workflow_id"]
    database.run(f"UPDATE public.workflow_entity SET name = 'new' WHERE id = '{identity}'")  # noqa: S608
    database.execution(ROWS[0], ago=17)
    renamed = {**CODE, "workflow_name": "new"}
    for value in (0, 1):
        assert exporter.run() == 0
        assert exporter.said("node_executions_total", status="success", **renamed) == value


def test_a_clock_that_steps_back(exporter: Exporter, database: N8nDatabase) -> None:
    file = exporter.state / "nodes.json"
    state = json.loads(file.read_text())
    ahead = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    file.write_text(json.dumps({**state, "stopped_at": ahead}))
    database.execution(ROWS[0])
    assert exporter.run() == 0
    assert datetime.fromisoformat(json.loads(file.read_text())["stopped_at"]) == (
        datetime.fromisoformat(ahead)
    )
    assert "clock" in exporter.output


def test_how_long_it_may_take_to_settle(exporter: Exporter, database: N8nDatabase) -> None:
    database.execution(ROWS[0], ago=0)
    for _number in range(2):
        assert exporter.run(settle_seconds=0) == 0
    assert exporter.said("node_executions_total", status="success", **CODE) == 1


def test_run_data_that_are_none(exporter: Exporter, database: N8nDatabase) -> None:
    database.execution(ROWS[0], data='["nonsense"]')
    assert exporter.run() == 1
    assert exporter.of_run("run_errors", error_type="unreadable") == 1
    assert exporter.of_run("run_errors", error_type="empty") == 1
    database.execution(ROWS[0])
    assert exporter.run() == 0
    assert exporter.of_run("run_success") == 1


def test_an_empty_database(exporter: Exporter, database: N8nDatabase) -> None:
    database.run("DELETE FROM public.execution_entity")
    assert exporter.run() == 0, exporter.output
    database.run("DELETE FROM public.workflow_entity")
    assert exporter.run() == 1
    assert exporter.of_run("run_errors", error_type="empty") == 1


@pytest.mark.parametrize(
    ("changes", "error_type"),
    [
        ({"user": "nobody"}, "query"),
        ({"database": "nowhere"}, "query"),
        ({"schema": "elsewhere"}, "query"),
        ({"tables_prefix": "n8n_"}, "query"),
        ({"port": 9}, "connection_error"),
        ({"tls": "require"}, "connection_error"),
    ],
)
def test_what_is_wrong_is_told(exporter: Exporter, changes: Any, error_type: str) -> None:
    last = exporter.of_run("last_success_timestamp_seconds")
    assert exporter.run(**changes) == 1
    assert exporter.of_run("run_success") == 0
    assert exporter.of_run("run_errors", error_type=error_type) == 1, exporter.output
    assert exporter.of_run("last_success_timestamp_seconds") == last
    assert PASSWORD not in exporter.output


def slow(database: N8nDatabase, table: str) -> None:
    """A row of it takes longer than anybody waits."""
    database.run(
        "CREATE FUNCTION slow() RETURNS boolean LANGUAGE sql AS 'SELECT pg_sleep(9) IS NULL'",
        f"ALTER TABLE public.{table} RENAME TO w",
        f"CREATE VIEW public.{table} AS SELECT * FROM w WHERE slow()",  # noqa: S608
        f"GRANT SELECT ON public.{table} TO reader",
    )


def test_a_query_that_the_end_of_the_run_cuts_off(
    exporter: Exporter, database: N8nDatabase
) -> None:
    database.execution(ROWS[0])
    slow(database, "execution_data")
    exporter.more = {"limits": {"seconds": 5}}
    assert exporter.run(timeout_seconds=5) == 0, exporter.output
    assert exporter.of_run("run_capped", cap="seconds") == 1
    assert exporter.of_run("run_errors", error_type="timeout") is None


def test_a_connection_that_is_lost(exporter: Exporter, database: N8nDatabase) -> None:
    slow(database, "workflow_entity")
    run = exporter.start()
    asking = (
        f"FROM pg_stat_activity WHERE datname = '{database.name}' AND query LIKE '%EXISTS%' "
        "AND pid <> pg_backend_pid()"
    )
    count = f"SELECT count(*) {asking}"
    wait_until(lambda: database.tell(count).strip() == "1", "its query", 20)
    database.run(f"SELECT pg_terminate_backend(pid) {asking}")
    assert exporter.end(run) == 1
    assert exporter.of_run("run_errors", error_type="connection_error") == 1, exporter.output


def test_a_database_that_is_locked(exporter: Exporter, database: N8nDatabase) -> None:
    slow(database, "workflow_entity")
    assert exporter.run(timeout_seconds=2) == 1
    assert exporter.of_run("run_errors", error_type="timeout") == 1


def test_the_index_is_used(exporter: Exporter, database: N8nDatabase) -> None:
    database.run(
        'INSERT INTO public.execution_entity (id, finished, mode, status, "workflowId", '
        "\"stoppedAt\") SELECT n, true, 'webhook', 'success', 'zBeb9HHRKvBYwHlO', "
        "now() - n * interval '1 second' FROM generate_series(100, 20000) n",
        "ANALYZE public.execution_entity",
    )
    plan = database.tell(
        "PREPARE ended(timestamptz, text, timestamptz, int, int, int) AS "
        f"{queries.ENDED.format(**NAMES)}; "
        "EXPLAIN EXECUTE ended(now() - interval '10 minutes', '5', now(), 20, 1000, 9000)"
    )
    assert "idx_execution_entity_stopped_at_status_deleted_at" in plan
    assert "Seq Scan on execution_entity" not in plan


def test_it_only_reads(exporter: Exporter, database: N8nDatabase) -> None:
    database.run(
        "CREATE TABLE notes (note boolean)",
        "GRANT SELECT, INSERT ON notes TO reader",
        "CREATE FUNCTION writes() RETURNS boolean LANGUAGE sql AS "
        "'INSERT INTO notes VALUES (true) RETURNING true'",
        "ALTER TABLE public.workflow_entity RENAME TO w",
        "CREATE VIEW public.workflow_entity AS SELECT * FROM w WHERE writes()",
        "GRANT SELECT ON public.workflow_entity TO reader",
    )
    assert exporter.run() == 1
    assert "read-only transaction" in exporter.output
