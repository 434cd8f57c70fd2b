# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The probes against a real PostgreSQL and a real MariaDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest

from collector import drivers
from collector.settings import Database

from ..pooler import pooler

PASSWORD = "a-database-password"
KINDS = {"postgresql": "postgresql", "mysql": "mariadb"}


@pytest.fixture(scope="module")
def servers(run_module_service: Callable[..., Any]) -> Callable[[str], Any]:
    environments = {
        "postgresql": {
            "POSTGRES_USER": "probe",
            "POSTGRES_DB": "app",
            "POSTGRES_PASSWORD": PASSWORD,
        },
        "mysql": {
            "MARIADB_ROOT_PASSWORD": PASSWORD,
            "MARIADB_USER": "probe",
            "MARIADB_DATABASE": "app",
            "MARIADB_PASSWORD": PASSWORD,
        },
    }
    running: dict[str, Any] = {}

    def get(kind: str) -> Any:
        if kind not in running:
            image = KINDS[kind]
            running[kind] = run_module_service(image, environment=environments[kind])
        return running[kind]

    return get


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(
    kind: str, servers: Callable[[str], Any], database: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    return database(kind, servers(kind).port)


def failure(settings: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(drivers.ProbeError) as caught:
        drivers.connect(Database(**settings | changes))
    assert PASSWORD not in str(caught.value)
    return caught.value.error_type


def test_through_a_pooler_of_transactions(
    servers: Callable[[str], Any],
    database: Callable[..., dict[str, Any]],
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    tmp_path: Path,
) -> None:
    server, base = servers("postgresql"), service_image("base")
    users = {"probe": PASSWORD}
    with pooler(docker_client, base, tmp_path / "pooler", server.port, users) as port:
        probe = drivers.connect(Database(**database("postgresql", port)))
        # The same connection, of the pooler; each query may get another one of the server.
        for _turn in range(3):
            probe.query()
        probe.close()


def test_a_probe_and_its_metrics(
    settings: dict[str, Any],
    kind: str,
    start: Callable[..., Any],
    eventually: Callable[..., Any],
) -> None:
    running = start(databases=[{**settings, "interval_seconds": 5, "timeout_seconds": 5}])
    eventually(lambda: running.health()["databases"]["orders"]["up"])
    labels = {"database": "orders", "db_type": kind}
    assert running.sample("database_available", **labels) == 1
    latency = "database_query_latency_seconds"
    for operation in ("connect", "query"):
        labels |= {"operation": operation, "status": "success"}
        count = running.sample(f"{latency}_count", **labels)
        total = running.sample(f"{latency}_sum", **labels)
        assert count >= 1
        assert total > 0
    eventually(lambda: running.sample(f"{latency}_count", **labels) >= 2, 60, "the next turn")


def test_a_database_goes_and_comes_back(
    settings: dict[str, Any],
    kind: str,
    servers: Callable[[str], Any],
    start: Callable[..., Any],
    eventually: Callable[..., Any],
) -> None:
    running = start(databases=[{**settings, "interval_seconds": 5, "timeout_seconds": 5}])

    def orders() -> dict[str, Any]:
        return dict(running.health()["databases"]["orders"])

    eventually(lambda: orders()["up"])
    server = servers(kind)
    server.container.stop(timeout=10)
    eventually(lambda: orders()["last_error"]["type"] == "connection_refused")
    report = running.health()
    assert report["status"] == "degraded"
    assert report["databases"]["orders"]["up"] is False
    labels = {"database": "orders", "db_type": kind}
    assert running.sample("database_available", **labels) == 0
    refused = {**labels, "error_type": "connection_refused"}
    assert running.sample("database_connection_errors_total", **refused) >= 1
    server.container.start()
    eventually(lambda: orders()["up"], 60)
    assert running.health()["status"] == "ok"
    assert PASSWORD not in running.output()


def test_refusals_are_told_apart(settings: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "other").write_text("not the password")
    assert failure(settings, password_file=str(tmp_path / "other")) == "authentication"
    assert failure(settings, user="nobody") == "authentication"
    assert failure(settings, host="nowhere.invalid") == "dns"


def test_a_database_that_does_not_exist(settings: dict[str, Any], kind: str) -> None:
    # MariaDB answers a user without rights the same, whether the database exists or not.
    expected = "permission" if kind == "mysql" else "database_missing"
    assert failure(settings, database="nothing") == expected


def test_tls_that_the_server_does_not_speak(settings: dict[str, Any]) -> None:
    assert failure(settings, tls="require") == "tls"
    assert failure(settings, tls="verify-full") == "tls"
    for mode in ("disable", "prefer"):
        connection = drivers.connect(Database(**settings | {"tls": mode}))
        drivers.query(connection)
        connection.close()


def test_a_server_that_hangs(
    settings: dict[str, Any], kind: str, servers: Callable[[str], Any]
) -> None:
    connection = drivers.connect(Database(**settings))
    container = servers(kind).container
    container.pause()
    try:
        with pytest.raises(drivers.ProbeError) as caught:
            drivers.query(connection)
        assert caught.value.error_type == "timeout"
        connection.close()
        assert failure(settings, timeout_seconds=2) == "timeout"
    finally:
        container.unpause()


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_port_that_never_says_a_word(
    kind: str, database: Callable[..., dict[str, Any]], silent_port: int
) -> None:
    assert failure(database(kind, silent_port, timeout_seconds=2)) == "timeout"
