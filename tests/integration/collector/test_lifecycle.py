# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""How it starts, rehearses and ends."""

from __future__ import annotations

import json
import signal
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.listener.server import REQUESTS_END_SECONDS
from collector.service import FINISH_SECONDS

from ...http_stand_in import between

KEY = "the-first-key-0123456789"


@pytest.fixture
def gateway(run_service: Callable[..., Any]) -> Any:
    return run_service("pushgateway", ready=groups)


def groups(service: Any) -> dict[str, Any]:
    url = service.url() + "/api/v1/metrics"
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
        return dict(json.load(answer))


def pushed(gateway: Any, name: str) -> float | None:
    for group in groups(gateway)["data"]:
        return float(group[name]["metrics"][0]["value"]) if name in group else None
    return None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_last_push_holds_the_last_ping(
    gateway: Any, start: Callable[..., Any], eventually: Callable[..., Any], number: int
) -> None:
    running = start(pushgateway={"url": gateway.url()})
    eventually(lambda: groups(gateway)["data"])
    assert pushed(gateway, "pings_received_total") is None
    for ping in range(1, 4):
        running.ping(ping)
    assert (running.stop(number), pushed(gateway, "pings_received_total")) == (0, 3)
    assert KEY not in running.output()
    for line in running.output().splitlines():
        assert json.loads(line)["level"] == "info"


def test_the_group_is_deleted_where_wanted(
    gateway: Any, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    running = start(pushgateway={"url": gateway.url(), "delete_on_shutdown": True})
    eventually(lambda: groups(gateway)["data"])
    assert running.stop() == 0
    assert groups(gateway)["data"] == []


def test_it_ends_although_everything_hangs(
    start: Callable[..., Any],
    silent_port: int,
    tmp_path: Path,
    database: Callable[..., dict[str, Any]],
) -> None:
    url = f"http://127.0.0.1:{silent_port}"
    slow = {"interval_seconds": 60, "timeout_seconds": 60}
    running = start(
        pushgateway={"url": url, **slow},
        victoriametrics={"url": url, "spool_directory": str(tmp_path / "spool"), **slow},
        databases=[
            database("postgresql", silent_port, name="one", **slow),
            database("mysql", silent_port, name="two", **slow),
        ],
    )
    running.ping(1)
    # A request that never ends, too.
    with socket.create_connection(("127.0.0.1", running.api)) as connection:
        connection.sendall(
            b"POST /api/ping HTTP/1.1\r\nHost: x\r\nX-API-Key: " + KEY.encode() + b"\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        assert running.stop() == 0
    last = json.loads(running.output().splitlines()[-1])
    assert last["message"] == "stopped"
    # It was not waited for, and all that is waited for together ends before Docker's patience.
    assert "pushgateway" in last["unfinished"]
    assert REQUESTS_END_SECONDS + FINISH_SECONDS < 9


def test_it_stops_accepting_before_its_last_push(start: Callable[..., Any]) -> None:
    """Whoever receives a push asks the collector meanwhile."""
    running: list[Any] = []
    accepted: list[bool] = []

    def gateway(*_asked: Any) -> tuple[int, bytes]:
        for one in running:
            try:
                accepted.append(one.ask("/ready")[0] == 200)
            except OSError:
                accepted.append(False)
        return 200, b""

    with between(gateway) as url:
        running.append(start(pushgateway={"url": url, "interval_seconds": 60}))
        running[0].push()
        assert accepted[-1]
        accepted.clear()
        assert running[0].stop() == 0
    assert accepted == [False]


def test_a_rehearsal_pushes_nothing_and_writes_nothing(
    gateway: Any, start: Callable[..., Any], tmp_path: Path
) -> None:
    running = start(
        "--rehearse",
        pushgateway={"url": gateway.url(), "interval_seconds": 1, "timeout_seconds": 1},
        victoriametrics={
            "url": "http://127.0.0.1:1",
            "spool_directory": str(tmp_path / "spool"),
            "interval_seconds": 1,
            "timeout_seconds": 1,
        },
    )
    running.ping(1)
    assert running.health()["rehearsal"] is True
    assert running.push()["status"] == "skipped"
    assert (running.stop(), groups(gateway)["data"]) == (0, [])
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("section", ["api", "metrics"])
def test_a_port_that_is_taken(start: Callable[..., Any], section: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        keys = {"listen": "127.0.0.1", "port": port}
        running = start(**{section: keys})
        assert running.wait() == 1
    expected = f"{section}.port: expected a free port, seen 127.0.0.1:{port}"
    assert expected in running.output()


def test_what_is_missing_keeps_it_from_starting(start: Callable[..., Any], tmp_path: Path) -> None:
    running = start(
        api={"keys_file": str(tmp_path / "nothing")}, pushgateway={"url": "nonsense"}, colour="red"
    )
    assert running.wait() == 2
    output = running.output()
    for said in ("api.keys_file: ", "pushgateway.url: ", "colour: unknown setting"):
        assert said in output


def test_both_listeners_keep_to_their_own(start: Callable[..., Any]) -> None:
    running = start()
    assert running.ask("/metrics")[0] == 404
    assert running.ask("/health", port=running.metrics)[0] == 404
    assert running.ask("/ready") == (200, {"ready": True, "missing": []})
    assert running.health()["status"] == "ok"
