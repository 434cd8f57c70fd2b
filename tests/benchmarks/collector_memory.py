# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resident memory: what each part costs when it is imported, and the collector under pings.

The second part runs it with probes of a real PostgreSQL and MariaDB and pushers to a real
Pushgateway and VictoriaMetrics (images built from packages).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import docker
from collector_common import KEY, LABEL, TARGETS, arguments, collector, pings, services
from docker.models.containers import Container

BARE = "import fastapi, prometheus_client, uvicorn, httptools"
PARTS = {
    "python": "",
    "bare: FastAPI, pydantic, prometheus-client, uvicorn": BARE,
    "+ the collector's own modules, ssl": f"{BARE}, collector.service, collector.check",
    "+ PyMySQL": f"{BARE}, collector.service, collector.check, pymysql",
    "+ asyncpg": f"{BARE}, collector.service, collector.check, pymysql, asyncpg",
}
SHOW = "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('VmRSS')][0])"
PINGS = 40
HEALTH = (
    "import urllib.request\n"
    "print(urllib.request.urlopen('http://127.0.0.1:9101/health').read().decode())"
)
PASSWORD = "a-benchmark-password"
SERVICES: dict[str, dict[str, str]] = {
    "postgresql": {"POSTGRES_USER": "probe", "POSTGRES_DB": "app", "POSTGRES_PASSWORD": PASSWORD},
    "mariadb": {
        "MARIADB_ROOT_PASSWORD": PASSWORD,
        "MARIADB_USER": "probe",
        "MARIADB_DATABASE": "app",
        "MARIADB_PASSWORD": PASSWORD,
    },
    "pushgateway": {},
    "victoriametrics": {},
}


def resident(container: Container) -> dict[str, float]:
    """Resident memory of the container's first process (MB), now and at its highest."""
    status = container.exec_run(["cat", "/proc/1/status"]).output.decode()
    values = dict(line.split(":", 1) for line in status.splitlines())
    return {name: int(values[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


def settings() -> dict[str, Any]:
    """A collector with everything switched on."""
    database = {"user": "probe", "database": "app", "password_file": "/bench/password"}
    return {
        "databases": [
            {"name": "one", "type": "postgresql", "host": "postgresql", **database},
            {"name": "two", "type": "mysql", "host": "mariadb", **database},
        ],
        **TARGETS,
    }


@contextmanager
def ping_service(image: str, to: Container, network: str) -> Iterator[Container]:
    """A running ping service that has sent its pings to a collector."""
    client = docker.from_env()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "key").write_text(KEY)
        to.reload()
        address = to.attrs["NetworkSettings"]["Networks"][network]["IPAddress"]
        target = {"name": "bench", "location": "here", "url": f"http://{address}:5001"}
        config = {
            "host": "bench",
            "source": {"location": "there", "datacenter": "dc", "country": "ZZ"},
            "targets": [{**target, "api_key_file": "/bench/key", "timeout_seconds": 0.5}],
            "interval_seconds": 0.5,
            "buffer": {"directory": "/bench"},
        }
        (directory / "ping.json").write_text(json.dumps(config))
        for path in (directory, *directory.iterdir()):
            path.chmod(0o777)
        container = client.containers.run(
            image,
            ["ping", "--config", "/bench/ping.json"],
            detach=True,
            read_only=True,
            tmpfs={"/tmp": ""},
            volumes={name: {"bind": "/bench", "mode": "rw"}},
            network=network,
            labels=LABEL,
        )
        try:
            time.sleep(PINGS / 2 + 2)
            health = container.exec_run(["python3", "-c", HEALTH]).output.decode()
            if '"ok": true' not in health:
                sys.exit(f"The pings do not arrive: {health}{container.logs().decode()}")
            yield container
        finally:
            container.remove(force=True, v=True)


def main() -> None:
    """Print both tables."""
    parser = arguments(__doc__)
    parser.add_argument("--pings", type=int, default=10_000)
    options = parser.parse_args()
    client = docker.from_env()
    print("imported                                               MB   more")
    last = 0.0
    for name, statement in PARTS.items():
        output = client.containers.run(
            options.image,
            ["-c", f"{statement}\n{SHOW}"],
            entrypoint="python3",
            remove=True,
            labels=LABEL,
        )
        megabytes = int(output) / 1024
        print(f"{name:52}{megabytes:6.1f}{megabytes - last:7.1f}")
        last = megabytes

    with ExitStack() as stack:
        network = services(stack, SERVICES)
        time.sleep(10)  # the databases initialise; the first probes come after
        ours, port = stack.enter_context(collector(options.image, settings(), network=network))
        time.sleep(3)
        before = resident(ours)
        pings(port, options.pings)
        after = resident(ours)
        pinger = stack.enter_context(ping_service(options.image, ours, network))
        log = ours.logs().decode()
        parts = log.count("database is up"), log.count("push succeeded")
        if min(parts) < 2:
            sys.exit(f"{log[-4000:]}\nExpected two databases up and two targets reached: {parts}.")
        print(f"\nrunning, databases up and targets reached: {parts[0]} of 2, {parts[1]} of 2")
        print(f"at the start{before['VmRSS']:41.1f}")
        print(f"after {options.pings} pings{after['VmRSS']:37.1f}")
        print(f"at its highest{after['VmHWM']:39.1f}")
        print(f"\nping service, after {PINGS} pings{resident(pinger)['VmRSS']:23.1f}")


if __name__ == "__main__":
    main()
