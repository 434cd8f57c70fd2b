# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collector's benchmarks share: the image, a configuration, a client."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import socket
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

import collector as package

KEY = "a-benchmark-key-0123456789"
LABEL = {"vya.observability.benchmark": "1"}
TARGETS = {
    "pushgateway": {"url": "http://pushgateway:9091"},
    "victoriametrics": {"url": "http://victoriametrics:8428", "spool_directory": "/bench/spool"},
}
# No ping is sent twice: one that is known already costs less.
_numbers = itertools.count(1)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser that knows --image."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--image",
        default=os.environ.get("COLLECTOR_IMAGE", "adminvyadigital/n8n-collector-api:0.1.0"),
        help="default: $COLLECTOR_IMAGE, or %(default)s",
    )
    return parser


def image_environment() -> dict[str, str]:
    """What the image sets for its programs' memory: a process here takes as much as one there."""
    dockerfile = Path(package.__file__).parents[1] / "Dockerfile"
    found = re.findall(r"\b(MALLOC_\w+|PYTHONOPTIMIZE)=(\S+)", dockerfile.read_text("utf-8"))
    return dict(found)


def services(stack: ExitStack, wanted: dict[str, dict[str, str]]) -> str:
    """Start services, each reached by its name, with their environments; the network's name."""
    client = docker.from_env()
    network = client.networks.create("vya-observability-benchmark", labels=LABEL)
    stack.callback(network.remove)
    for name, environment in wanted.items():
        image = os.environ.get(f"TEST_IMAGE_{name.upper()}", f"vya-observability/{name}:packages")
        service = client.containers.run(
            image,
            detach=True,
            hostname=name,
            name=f"vya-observability-benchmark-{name}",
            network=network.name,
            environment=environment,
            labels=LABEL,
        )
        network.disconnect(service)
        network.connect(service, aliases=[name])
        stack.callback(service.remove, force=True, v=True)
    return str(network.name)


def free_port() -> int:
    """A port of the loopback interface that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def collector(
    image: str, settings: dict[str, Any] | None = None, **options: Any
) -> Iterator[tuple[Container, int]]:
    """A running collector and the port of its API; without limits on the rate."""
    client = docker.from_env()
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "keys").write_text(KEY)
        (directory / "password").write_text("a-benchmark-password")
        (directory / "spool").mkdir()
        config = {
            "host": "bench",
            "region": "local",
            "location": "here",
            "api": {
                "keys_file": "/bench/keys",
                "requests_per_second": 100_000,
                "burst": 100_000,
            },
            **(settings or {}),
        }
        (directory / "collector.json").write_text(json.dumps(config))
        for path in (directory, *directory.iterdir()):
            path.chmod(0o777)
        container = client.containers.run(
            image,
            ["api", "--config", "/bench/collector.json"],
            detach=True,
            read_only=True,
            tmpfs={"/tmp": ""},
            ports={"5001/tcp": ("127.0.0.1", port)},
            volumes={name: {"bind": "/bench", "mode": "rw"}},
            labels=LABEL,
            **options,
        )
        try:
            wait_ready(container, port)
            yield container, port
        finally:
            container.remove(force=True, v=True)


def wait_ready(container: Container, port: int, seconds: float = 30) -> float:
    """Wait until /ready answers 200; the seconds it took."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1):
                return time.monotonic() - started
        except OSError:
            time.sleep(0.002)
    raise TimeoutError(container.logs(tail=20).decode())


class _Client(asyncio.Protocol):
    """Sends the next ping as soon as the last one is answered."""

    def __init__(self, numbers: Iterator[int], seconds: list[float], until: float) -> None:
        self._numbers, self._seconds, self._until = numbers, seconds, until
        self._answer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        number = next(self._numbers, None)
        if number is None or time.perf_counter() > self._until:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request(number))

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self._answer.decode()))
            self._transport.close()
            return
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        if len(body) >= length:
            self._seconds.append(time.perf_counter() - self._sent)
            self._answer = b""
            self._send()


def request(number: int) -> bytes:
    """The bytes of one ping."""
    identity = "5f1f1a52-5d0c-4f8e-9d7e-%012x"
    body = json.dumps(
        {
            "ping_id": identity % (number + 1),
            "timestamp_start": "2026-01-02T03:04:05.678Z",
            "source": {"location": "São Paulo", "datacenter": "dc1", "country": "BR"},
            "sequence_number": number,
            "protocol_version": "1",
            "previous": {
                "ping_id": identity % number,
                "rtt_ms": 100 + number % 50,
                "clock_offset_ms": -3.25,
            },
        }
    ).encode()
    head = (
        "POST /api/ping HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-API-Key: {KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _pings(
    port: int, count: int, connections: int, seconds: float
) -> tuple[float, list[float]]:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    numbers = itertools.islice(_numbers, count)
    started = time.perf_counter()
    clients = [
        (
            await loop.create_connection(
                lambda: _Client(numbers, times, started + seconds), "127.0.0.1", port
            )
        )[1]
        for _n in range(connections)
    ]
    await asyncio.gather(*(client.done for client in clients))
    return time.perf_counter() - started, times


def pings(
    port: int, count: int = 10**9, connections: int = 8, seconds: float = 3600
) -> tuple[float, list[float]]:
    """Send pings; the wall time and each one's time (s)."""
    return asyncio.run(_pings(port, count, connections, seconds))


def percentile(values: list[float], percent: int) -> float:
    """A percentile of many values."""
    return statistics.quantiles(values, n=100)[percent - 1]
