# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Image size, time from container start to ready, and time from SIGTERM to the end."""

from __future__ import annotations

import statistics
import time

import docker
from collector_common import arguments, collector, wait_ready


def main() -> None:
    """Print the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    client = docker.from_env()
    image = client.images.get(options.image)
    print(f"image                                 {image.attrs['Size'] / 1e6:7.0f} MB")
    starts, checks, ends = [], [], []
    for _n in range(options.rounds):
        with collector(options.image) as (container, port):
            container.stop(timeout=10)
            begun = time.monotonic()
            container.start()
            wait_ready(container, port)
            starts.append(time.monotonic() - begun)
            begun = time.monotonic()
            code, output = container.exec_run(
                ["collector", "healthcheck", "--config", "/bench/collector.json"]
            )
            checks.append(time.monotonic() - begun)
            assert code == 0, output
            begun = time.monotonic()
            container.stop(timeout=10)
            ends.append(time.monotonic() - begun)
    for name, values in (
        ("docker start to ready", starts),
        ("docker exec of the health check", checks),
        ("docker stop", ends),
    ):
        print(f"{name:38}{statistics.median(values):7.2f} s")


if __name__ == "__main__":
    main()
