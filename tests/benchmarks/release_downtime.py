# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a client notices of a deploy: one request after the other while releases are swapped.

    python tests/benchmarks/release_downtime.py [--image COLLECTOR] [--base IMAGE] [--swaps 10]

Run it from an environment that can import `ansible_collections.vya.observability` and Docker's
SDK. First the collector, whose settings change each time, then a server that starts at once: what
Docker itself costs; then this server behind Traefik with `drain`, at 100 requests per second. IMAGE
is any local image with python3. Prints one line per swap, and medians.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import docker
from collector_common import KEY, arguments

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
from container_release.conftest import Release, image_factory, remove_images
from container_release.front import Load, traefik
from container_release.tools import Client, ask, wait_until

Changes = Mapping[str, Any]


def collector(image: str) -> tuple[Changes, Iterator[Changes]]:
    """Options that deploy the collector as its role does, and what changes from swap to swap."""

    def files(level: str) -> list[dict[str, str]]:
        settings = {
            "host": "bench",
            "region": "local",
            "location": "here",
            "log_level": level,
            "api": {"keys_file": "/run/secrets/api_keys"},
        }
        return [{"path": "/etc/collector/collector.json", "content": json.dumps(settings)}]

    options = {
        "image": image,
        "command": ["api"],
        "secrets": [{"path": "/run/secrets/api_keys", "content": KEY}],
        "files": files("info"),
        "tmpfs": ["/tmp"],
        "healthcheck": {"test": ["CMD", "collector", "healthcheck"], "interval": 15},
        "rehearsal": {"command": ["api", "--rehearse"], "until": "healthy"},
    }
    return options, ({"files": files(level)} for level in itertools.cycle(("debug", "info")))


def small(images: Callable[..., str]) -> tuple[Changes, Iterator[Changes]]:
    """The same for a server that starts at once."""
    return {}, ({"image": images("ok", version)} for version in itertools.cycle("23"))


def main() -> None:
    """Swap, count, print."""
    parser = arguments(__doc__)
    parser.add_argument("--base", default=os.environ.get("VYA_TEST_BASE_IMAGE"), required=False)
    parser.add_argument("--swaps", type=int, default=10)
    options = parser.parse_args()
    client = docker.from_env(version="auto")
    images = image_factory(client, options.base)
    try:
        for title, port, (served, changes) in (
            ("the collector", 5001, collector(options.image)),
            ("a small server", 8000, small(images)),
        ):
            print(title)
            gaps = swaps(client, images, port, served, itertools.islice(changes, options.swaps))
            print(f"median gap {statistics.median(gaps):.2f} s, longest {max(gaps):.2f} s\n")
        print("a small server behind Traefik, with drain")
        behind_traefik(client, images, options.swaps)
    finally:
        remove_images(client)


def swaps(
    client: Any, images: Callable[..., str], port: int, served: Changes, changes: Iterator[Changes]
) -> list[float]:
    """All swaps and a rollback; the client's gaps in seconds."""
    with tempfile.TemporaryDirectory() as state:
        release = Release(client, Path(state), images)
        release.options |= {"ports": [f"127.0.0.1:{release.port}:{port}"], **served}
        try:
            result = release.apply()
            if result["failed"]:
                sys.exit(result["msg"])
            gaps = []
            for change in changes:
                release.options |= change
                gaps.append(swap(release, release.options))
            gaps.append(swap(release, release.only(state="rolled_back")))
            return gaps
        finally:
            release.clean()


def behind_traefik(client: Any, images: Callable[..., str], count: int) -> None:
    """All swaps under a load; each other release keeps its connections open."""
    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryDirectory() as front:
        release = Release(client, Path(state), images)
        quick = {"rehearsal": {"until": "none"}, "drain": "2s"}
        release.options |= {"ports": [], "networks": [release.name], **quick}
        try:
            release.ok()
            url = f"http://{release.name}:8000"
            with traefik(client, Path(front), release.name, url) as port:
                wait_until(lambda: ask(port) == "1", what="an answer through Traefik")
                with Load(port, rate=100) as load:
                    for number in range(count):
                        keep = {"KEEPALIVE": "1"} if number % 2 else {}
                        environment = {"DELAY": "0.02", **keep}
                        image = images("ok", str(2 + number % 2))
                        began = time.monotonic()
                        result = release.apply(image=image, environment=environment)
                        if result["failed"]:
                            sys.exit(result["msg"])
                        print(f"replace      all {time.monotonic() - began:5.2f} s", flush=True)
        finally:
            release.clean()
        failed = load.failed({"1", "2", "3"})
        print(
            f"failed requests {len(failed)} of {len(load.requests)}, slowest {load.slowest:.2f} s",
            *(f"\n  {request.answer}" for request in failed),
        )


def swap(release: Release, options: Mapping[str, Any]) -> float:
    """One swap or rollback under requests; the client's gap in seconds."""
    with Client(release.port, timeout=0.25) as client:
        result = release.apply(**options)
        # The module may be done before the client's next request.
        time.sleep(0.5)
    if result["failed"]:
        sys.exit(result["msg"])
    print(
        f"{options.get('state', 'replace'):11}  failed requests {len(client.failed):3} of "
        f"{len(client.requests):4}  gap {client.gap:5.2f} s  module says "
        f"{result['downtime_seconds']:5.2f} s  rehearsal {result['rehearsal_seconds'] or 0:5.2f} s"
        f"  all {result['seconds']:5.2f} s",
        flush=True,
    )
    return client.gap


if __name__ == "__main__":
    main()
