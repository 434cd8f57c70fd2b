# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings per second on one core: the collector beside a bare FastAPI endpoint.

The collector delivers to a real Pushgateway and a real VictoriaMetrics, and has written each ping
to its spool before it answers. Both run in the collector's image, on the same core, with the same
HTTP parser and the same body model; the client runs on another core. Runs alternate; medians are
shown.
"""

from __future__ import annotations

import os
import statistics
from contextlib import ExitStack

import docker
from collector_common import (
    LABEL,
    TARGETS,
    arguments,
    collector,
    free_port,
    percentile,
    pings,
    services,
    wait_ready,
)
from docker.models.containers import Container

CONNECTIONS = (16, 128)
BARE = """
import time, uvicorn
from datetime import UTC, datetime
from fastapi import FastAPI
from collector.api.models import Ping
app = FastAPI()
@app.get("/ready")
async def ready():
    return {}
@app.post("/api/ping")
async def ping(ping: Ping):
    now = datetime.now(UTC)
    return {"status": "ok", "ping_id": ping.ping_id, "timestamp_received": now,
            "timestamp_processed": now, "processing_time_ms": 0.1, "message": "pong"}
config = uvicorn.Config(app, host="0.0.0.0", port=5001, http="httptools", access_log=False,
                        log_level="warning", server_header=False)
uvicorn.Server(config).run()
"""


def main() -> None:
    """Print a table."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    server_core, client_cores = str(cores[0]), set(cores[1:]) or set(cores)
    os.sched_setaffinity(0, client_cores)
    with ExitStack() as stack:
        bare_port = free_port()
        bare = docker.from_env().containers.run(
            options.image,
            ["-c", BARE],
            entrypoint="python3",
            detach=True,
            ports={"5001/tcp": ("127.0.0.1", bare_port)},
            labels=LABEL,
            cpuset_cpus=server_core,
        )
        stack.callback(bare.remove, force=True, v=True)
        wait_ready(bare, bare_port)
        network = services(stack, {"pushgateway": {}, "victoriametrics": {}})
        ours, port = stack.enter_context(
            collector(options.image, TARGETS, cpuset_cpus=server_core, network=network)
        )
        servers = {"bare FastAPI": (bare, bare_port), "collector": (ours, port)}
        for connections in CONNECTIONS:
            measure(servers, connections, options.rounds, options.seconds)


def measure(
    servers: dict[str, tuple[Container, int]], connections: int, rounds: int, seconds: float
) -> None:
    """Measure with so many connections, and print a table."""
    results: dict[str, list[tuple[float, ...]]] = {name: [] for name in servers}
    for _n in range(rounds):
        for name, (container, where) in servers.items():
            before = cpu_seconds(container)
            wall, times = pings(where, connections=connections, seconds=seconds)
            used = cpu_seconds(container) - before
            results[name].append(
                (
                    len(times) / wall,
                    percentile(times, 50) * 1e3,
                    percentile(times, 99) * 1e3,
                    used / len(times) * 1e6,
                )
            )
    medians = {
        name: [statistics.median(column) for column in zip(*rows, strict=True)]
        for name, rows in results.items()
    }
    print(f"{rounds} rounds of {seconds:g} s, {connections} connections, medians")
    print(f"{'':14}{'pings/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU us':>9}")
    for name, (rate, median, high, cpu) in medians.items():
        print(f"{name:14}{rate:9.0f}{median:9.2f}{high:9.2f}{cpu:9.0f}")
    ours_, bare_ = medians["collector"], medians["bare FastAPI"]
    print(f"ratio of pings/s {ours_[0] / bare_[0]:.2f}, of p99 {ours_[2] / bare_[2]:.2f}, ", end="")
    print(f"of pings per CPU second {bare_[3] / ours_[3]:.2f}")


def cpu_seconds(container: Container) -> float:
    """CPU time that a container has used: what other work on the machine does not change."""
    return float(container.stats(stream=False)["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9)


if __name__ == "__main__":
    main()
