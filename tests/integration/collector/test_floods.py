# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attacks that once killed it, on the real container with the memory that its role gives it.

None needs a key. Each is bounded, and from this machine to its own container.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container
from docker.types import Mount, Ulimit

IMAGE = os.environ.get("COLLECTOR_IMAGE", "adminvyadigital/n8n-collector-api:0.1.0")
MEMORY = {"api": 128 << 20, "ping": 64 << 20}
PIPELINED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 14_563
UNFINISHED = b"GET / HTTP/1.1\r\nX: " + b"a" * 60_000
WRONG = b"POST /api/ping HTTP/1.1\r\nHost: x\r\nX-API-Key: x\r\nContent-Length: 2\r\n\r\n{}"
OPEN_AT_ONCE = 6_000
SPOOLED = 40_000
SPOOL = "/var/lib/collector/spool"
LOG_BYTES = 300_000  # of all attacks together


class Victim:
    """A container, and the port that is attacked."""

    def __init__(self, container: Container, port: int, ready: int) -> None:
        self.container = container
        container.reload()
        networks = container.attrs["NetworkSettings"]["Networks"]
        self.host = next(iter(networks.values()))["IPAddress"]
        self.port, self._ready = port, ready

    def connect(self, payload: bytes = b"") -> socket.socket | None:
        """A connection with what it says; None when the listener does not want it."""
        try:
            connection = socket.create_connection((self.host, self.port), 5)
        except OSError:
            return None
        with suppress(OSError):
            connection.sendall(payload)
        return connection

    def answers(self) -> bool:
        """Whether it is ready; a healthcheck has 5 s."""
        url = f"http://{self.host}:{self._ready}/ready"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def survived(self) -> None:
        """It was not killed, it answers, and its log is no flood."""
        until = time.monotonic() + 30
        while not self.answers():
            self.container.reload()
            assert self.container.status == "running", self.container.attrs["State"]
            assert time.monotonic() < until, "it runs, and does not answer"
            time.sleep(0.1)
        self.container.reload()
        state = self.container.attrs["State"]
        assert (state["Running"], state["OOMKilled"], self.container.attrs["RestartCount"]) == (
            True,
            False,
            0,
        )
        assert len(self.container.logs()) < LOG_BYTES


Start = Callable[..., Victim]


@pytest.fixture(scope="module", autouse=True)
def _descriptors() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def start(tmp_path: Path, docker_client: docker.DockerClient) -> Iterator[Start]:
    """Start a command of the image, with both targets on and away."""
    (tmp_path / "key").write_text("a-key-that-nobody-knows-0123")
    away = {"url": "http://127.0.0.1:9"}
    target = {"name": "x", "location": "x", "api_key_file": "/etc/collector/key", **away}
    settings: dict[str, Any] = {
        "api": {
            "host": "wf001",
            "region": "usa",
            "location": "here",
            "api": {"keys_file": "/etc/collector/key"},
            "pushgateway": away,
            "victoriametrics": away,
        },
        "ping": {
            "host": "wf008",
            "source": {"location": "there", "datacenter": "dc", "country": "BR"},
            "targets": [target],
        },
    }
    started: list[Container] = []

    def run(
        command: str, port: int, ready: int, left: Path | None = None, **options: Any
    ) -> Victim:
        path = tmp_path / f"{command}.json"
        path.write_text(json.dumps(settings[command]))
        container = docker_client.containers.run(
            IMAGE,
            [command, "--config", f"/etc/collector/{command}.json"],
            detach=True,
            read_only=True,
            tmpfs={"/tmp": ""},
            mounts=[
                Mount("/etc/collector", str(tmp_path), "bind", read_only=True),
                Mount(SPOOL, str(left) if left else None, "bind" if left else "volume"),
            ],
            mem_limit=MEMORY[command],
            memswap_limit=MEMORY[command],
            labels={"vya.observability.test": "1"},
            **options,
        )
        started.append(container)
        victim = Victim(container, port, ready)
        victim.survived()
        return victim

    tmp_path.chmod(0o755)
    yield run
    for container in started:
        container.remove(force=True, v=True)


LISTENERS = {
    "api": ("api", 5001, 5001),
    "metrics": ("api", 9102, 5001),
    "ping": ("ping", 9101, 9101),
}


@pytest.mark.parametrize("listener", LISTENERS)
def test_floods(start: Start, listener: str) -> None:
    victim = start(*LISTENERS[listener])
    for payload, count in ((PIPELINED, 4), (UNFINISHED, 2_500), (b"", OPEN_AT_ONCE), (b"G", 1_000)):
        held = [victim.connect(payload) for _number in range(count)]
        victim.survived()
        for connection in held:
            if connection:
                connection.close()
    victim.survived()


def test_bad_requests_do_not_turn_over_the_log(start: Start) -> None:
    victim = start(*LISTENERS["api"])
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if connection := victim.connect(WRONG):
            with connection, suppress(OSError):
                connection.recv(65536)
        if connection := victim.connect(b"nonsense\r\n\r\n"):
            connection.close()
    victim.survived()


@pytest.mark.parametrize("listener", LISTENERS)
def test_few_descriptors(start: Start, listener: str) -> None:
    few = Ulimit(name="nofile", soft=256, hard=256)
    victim = start(*LISTENERS[listener], ulimits=[few])
    held = [victim.connect() for _number in range(600)]
    time.sleep(3)
    victim.survived()
    for connection in held:
        if connection:
            connection.close()


@pytest.mark.long
def test_many_files_of_an_earlier_version(
    start: Start, tmp_path: Path, eventually: Callable[..., Any]
) -> None:
    left = tmp_path / "spool"
    left.mkdir()
    for number in range(SPOOLED):
        (left / f"{number:016d}-1.prom").write_text(f"m 1 {number}\n")
    left.chmod(0o777)
    victim = start(*LISTENERS["api"], left=left)
    eventually(lambda: not any(left.glob("*.prom")), 120, "taken over")
    victim.survived()
