# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collector as its command runs, against real servers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ...processes import COLLECTOR
from ..conftest import free_port
from ..exposition import values

KEY = "the-first-key-0123456789"
PASSWORD = "a-database-password"


class Running:
    """One collector process."""

    def __init__(self, directory: Path, config: dict[str, Any], *arguments: str) -> None:
        self.api, self.metrics = (free_port() for _n in range(2))
        given = config.pop("api", {})
        if "keys_file" not in given:
            (directory / "keys").write_text(KEY)
        (directory / "spool").mkdir(exist_ok=True)
        api = {"keys_file": str(directory / "keys"), "listen": "127.0.0.1", "port": self.api}
        full = {
            "host": "wf001",
            "region": "usa",
            "location": "Virginia",
            "api": api | given,
            "metrics": {"listen": "127.0.0.1", "port": self.metrics},
            **config,
        }
        path = directory / "collector.json"
        path.write_text(json.dumps(full))
        self._log = (directory / "log").open("a+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "collector", "api", "--config", str(path), *arguments],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=COLLECTOR,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if self.ask("/ready")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)

    def ask(
        self, path: str, body: Any = None, *, method: str | None = None, port: int = 0
    ) -> tuple[int, Any]:
        """A request to the API; status and decoded answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{port or self.api}{path}",
            None if body is None else json.dumps(body).encode(),
            {"X-API-Key": KEY, "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        return status, json.loads(text) if text.startswith(("{", "[")) else text

    def health(self) -> dict[str, Any]:
        """The answer of /health."""
        return dict(self.ask("/health")[1])

    def push(self) -> dict[str, Any]:
        """Push now; the outcome."""
        return dict(self.ask("/api/push", method="POST")[1])

    def ping(self, number: int, **changes: Any) -> dict[str, Any]:
        """Send a ping that reports on the one before it."""
        identity = "5f1f1a52-5d0c-4f8e-9d7e-%012x"
        status, answer = self.ask(
            "/api/ping",
            {
                "ping_id": identity % number,
                "timestamp_start": "2026-01-02T03:04:05.678Z",
                "source": {"location": "São Paulo", "datacenter": "dc1", "country": "BR"},
                "previous": {"ping_id": identity % (number - 1), "rtt_ms": 100 + number},
                **changes,
            },
        )
        assert status == 200, answer
        return dict(answer)

    def sample(self, name: str, **labels: str) -> float:
        """The value of the one series of /metrics with this name and these labels."""
        (found,) = values(self.ask("/metrics", port=self.metrics)[1], name, **labels)
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = 60) -> int:
        """Wait for the end; the exit code."""
        return self._process.wait(seconds)

    def output(self) -> str:
        """All that it wrote."""
        self._log.flush()
        self._log.seek(0)
        return self._log.read()

    def close(self) -> None:
        """Make sure that it is gone."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a collector with the given settings added to the required ones."""
    running: list[Running] = []

    def run(*arguments: str, **config: Any) -> Running:
        running.append(Running(tmp_path, config, *arguments))
        return running[-1]

    yield run
    for one in running:
        one.close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def database(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """The settings of a database probe that takes a turn every ten seconds."""
    (tmp_path / "password").write_text(PASSWORD)

    def settings(kind: str, port: int, **changes: Any) -> dict[str, Any]:
        return {
            "name": "orders",
            "type": kind,
            "host": "127.0.0.1",
            "port": port,
            "database": "app",
            "user": "probe",
            "password_file": str(tmp_path / "password"),
            "interval_seconds": 10,
            "timeout_seconds": 10,
            **changes,
        }

    return settings
