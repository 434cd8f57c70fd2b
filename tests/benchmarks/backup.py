# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups: seconds, bytes and pauses; and what is there after a volume was destroyed and restored.

    python tests/benchmarks/backup.py [--series 2000] [--samples 600] [--rows 500000] [--seconds 60]

Run it as root from an environment that can import `ansible_collections.vya.observability`, Docker's
SDK and pytest, with the images of `make images`. The counts before are those of the running server,
the counts after those of the server that runs on the restored volume.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import docker
import requests

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.integration.backup import test_services as services
from tests.integration.backup.conftest import Subject
from tests.integration.conftest import Service, execute, wait_until

TABLE = "create table t as select n, md5(n::text) as x from generate_series(1, {}) n"


def fill_prometheus(subject: Subject, options: argparse.Namespace, *more: str) -> Service:
    """Let it scrape itself."""
    service = services.start_prometheus(subject, *more)
    time.sleep(options.seconds)
    return service


def fill_victoriametrics(subject: Subject, options: argparse.Namespace) -> Service:
    """Import samples of the last hour."""
    service = subject.start("victoriametrics", services.VICTORIA, "/victoria-metrics-data")
    now = time.time()
    for first in range(0, options.series, 100):
        lines = "".join(
            f'm{{n="{n}"}} {n + i} {int((now - 100 - i * 5) * 1000)}\n'
            for n in range(first, first + 100)
            for i in range(options.samples)
        )
        url = f"{service.url()}/api/v1/import/prometheus"
        assert requests.post(url, data=lines, timeout=60).ok
    total = options.series * options.samples
    query = "sum(count_over_time(m[2h]))"
    there = partial(services.scalar, service, query, now - 90)
    wait_until(lambda: there() == total, 60, "all samples are there")
    return service


def fill_postgresql(subject: Subject, options: argparse.Namespace) -> Service:
    """Create a table."""
    environment = {"POSTGRES_PASSWORD": "of the benchmark"}
    target = "/var/lib/postgresql/data"
    service = subject.start("postgresql", ["postgres"], target, environment=environment)
    execute(service.container, "psql", "-U", "postgres", "-c", TABLE.format(options.rows))
    return service


def measure(
    subject: Subject, kind: str, title: str, start: Callable[[], Any], again: Callable[[], Any]
) -> None:
    """Back up, destroy, start with an empty volume, restore, count; print one line."""
    start()
    done = subject.back_up(kind)
    manifest = done["backup"]
    sizes = sum(each["bytes"] for each in manifest["files"].values())
    subject.destroy()
    again()
    restored = subject.restore(done["path"], replace=True)
    record = subject.container()
    wait_until(lambda: record.reload() or record.status == "running", 30, "it runs")
    found = restored["proven"]["figures"]
    before = {name: value for name, value in manifest["figures"].items() if name != "at"}
    after = {name: found[name] for name in before}
    took, proof = manifest["seconds"], manifest["proven"]["seconds"]
    print(
        f"{title}: {manifest['method']}, {sizes:,} bytes in {took - proof:.1f} s and {proof:.1f} s"
        f" for the proof, paused {manifest['paused_seconds']} s; restored in"
        f" {restored['seconds']:.1f} s, down for {restored['down_seconds']:.1f} s;"
        f" before {before}, after {after}: {'equal' if before == after else 'DIFFERENT'}",
        flush=True,
    )


def main() -> None:
    """Measure each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=2000)
    parser.add_argument("--samples", type=int, default=600)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--only")
    options = parser.parse_args()
    client = docker.from_env(timeout=60)

    def image(name: str) -> str:
        return f"vya-observability/{name}:packages"

    admin = "--web.enable-admin-api"
    empty = argparse.Namespace(series=0, samples=0, rows=0, seconds=0)
    rounds: list[tuple[str, str, Callable[..., Any], tuple[str, ...]]] = [
        ("prometheus", "Prometheus, paused", fill_prometheus, ()),
        ("prometheus", "Prometheus, snapshot", fill_prometheus, (admin,)),
        ("victoriametrics", "VictoriaMetrics", fill_victoriametrics, ()),
        ("postgresql", "PostgreSQL", fill_postgresql, ()),
    ]
    for kind, title, fill, more in rounds:
        if options.only not in (None, kind):
            continue
        with tempfile.TemporaryDirectory() as directory:
            subject = Subject(client, image, Path(directory))
            try:
                measure(
                    subject,
                    kind,
                    title,
                    lambda: fill(subject, options, *more),  # noqa: B023
                    lambda: fill(subject, empty, *more),  # noqa: B023
                )
            finally:
                subject.remove()


if __name__ == "__main__":
    main()
