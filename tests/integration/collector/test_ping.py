# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ping service as its command runs, against the collector as its command runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import collector
from collector.ping.message import Ping, boot_id
from collector.spool import Entry, Spool

from ..conftest import free_port
from ..exposition import values

WAITING = 200


class PingService:
    """One process of the ping service, and its next ones."""

    def __init__(self, directory: Path, ask: Callable[..., tuple[int, Any]]) -> None:
        self.port = free_port()
        self.config = directory / "ping.json"
        self._log = directory / "ping.log"
        self._ask = ask
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "collector", "ping", "--config", str(self.config)],
                stdout=log,
                stderr=log,
                cwd=Path(collector.__file__).parents[1],
            )

    def health(self) -> dict[str, Any]:
        """The part of its target; empty while it starts."""
        try:
            return dict(self._ask("/health", port=self.port)[1]["targets"]["wf001"])
        except OSError:
            return {}

    def sample(self, name: str, **labels: str) -> float:
        (found,) = values(self._ask("/metrics", port=self.port)[1], name, **labels)
        return found

    def end(self, number: int) -> int:
        assert self._process
        self._process.send_signal(number)
        return self._process.wait(60)

    def output(self) -> str:
        return self._log.read_text()

    def close(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def service(tmp_path: Path, start: Callable[..., Any]) -> Iterator[tuple[Any, PingService]]:
    """A collector, and a ping service that has a wrong key for it and many pings that wait."""
    running = start()
    pings = PingService(tmp_path, running.ask)
    (tmp_path / "ping-key").write_text("a-wrong-key-0123456789")
    (tmp_path / "buffer").mkdir()
    target = {
        "name": "wf001",
        "location": "Virginia",
        "url": f"http://127.0.0.1:{running.api}",
        "api_key_file": str(tmp_path / "ping-key"),
    }
    settings = {
        "host": "wf008",
        "source": {"location": "SP", "datacenter": "dc1", "country": "BR"},
        "targets": [{**target, "timeout_seconds": 30}],
        "interval_seconds": 30,
        "buffer": {"directory": str(tmp_path / "buffer"), "replay_per_second": 100},
        "metrics": {"listen": "127.0.0.1", "port": pings.port},
    }
    pings.config.write_text(json.dumps(settings))
    spool = Spool(tmp_path / "buffer" / "wf001.db", 10_000)
    waiting = (Ping.new(number, boot_id(), None) for number in range(WAITING))
    spool.add([Entry(ping.stored()) for ping in waiting])
    spool.close()
    yield running, pings
    pings.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_measurement_is_lost_at_a_restart(
    service: tuple[Any, PingService],
    eventually: Callable[..., Any],
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    running, pings = service
    (tmp_path / "ping-key").write_text("the-first-key-0123456789")
    (tmp_path / "buffer" / "wf001.db").unlink()
    for _restart in range(3):
        pings.start()
        eventually(lambda: pings.health().get("last_success"))
        assert pings.end(number) in (0, -number)
    # Of the last one the next process would have told.
    assert running.sample("pings_received_total", source_location="SP") == 3
    assert running.sample("network_latency_rtt_seconds_count", source_location="SP") == 2


def test_pings_arrive_once_through_a_wrong_key_and_kills(
    service: tuple[Any, PingService], eventually: Callable[..., Any], tmp_path: Path
) -> None:
    running, pings = service
    pings.start()
    refused = eventually(lambda: pings.health().get("last_error_type"))
    assert refused == "http_401"
    assert pings.sample("ping_buffer_pings") == WAITING + 1
    # The key is rotated: taken without a restart.
    (tmp_path / "ping-key").write_text("the-first-key-0123456789")
    received = "pings_received_total"
    eventually(lambda: "SP" in running.ask("/metrics", port=running.metrics)[1])
    assert pings.end(signal.SIGKILL) == -signal.SIGKILL
    pings.start()

    def all_sent() -> bool:
        health = pings.health()
        # Before its first ping it has not looked into the buffer.
        return bool(health.get("last_success")) and health["buffer_pings"] == 0

    eventually(all_sent)
    # One that was new in each process; a kill loses none, and sends none twice.
    assert running.sample(received, source_location="SP") == WAITING + 2
    assert pings.sample("ping_buffer_dropped_total") == 0
    assert pings.sample("ping_rtt_seconds_count") == 1
    assert pings.end(signal.SIGTERM) == 0
    assert "key-0123456789" not in pings.output()
