# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a client notices of a deploy: one request after the other while releases are swapped.

    python tests/benchmarks/release_downtime.py --base IMAGE [--swaps 10]

Run it from an environment that can import `ansible_collections.vya.observability` and Docker's
SDK. IMAGE is any local image with python3. Prints one line per swap and the median.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import docker

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
from container_release.conftest import Release, image_factory, remove_images
from container_release.tools import Client


def main() -> None:
    """Swap, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=os.environ.get("VYA_TEST_BASE_IMAGE"), required=False)
    parser.add_argument("--swaps", type=int, default=10)
    options = parser.parse_args()
    client = docker.from_env(version="auto")
    images = image_factory(client, options.base)
    with tempfile.TemporaryDirectory() as state:
        release = Release(client, Path(state), images)
        try:
            release.apply()
            measured = [swap(release, images("ok", str(n % 2 + 2))) for n in range(options.swaps)]
            measured.append(swap(release, None))
        finally:
            release.clean()
            remove_images(client)
    gaps = [gap for gap, _module in measured]
    print(f"median gap {statistics.median(gaps):.2f} s, longest {max(gaps):.2f} s")


def swap(release: Release, image: str | None) -> tuple[float, float]:
    """One swap (None: a rollback) under requests; the client's gap and the module's, in seconds."""
    changes = {"image": image} if image else {"state": "rolled_back"}
    with Client(release.port) as client:
        result = release.apply(**changes)
        # The module may be done before the client's next request.
        time.sleep(0.5)
    if result["failed"]:
        sys.exit(result["msg"])
    print(
        f"{'replace ' if image else 'rollback'}  failed requests {client.failed:3} of "
        f"{len(client.answers):4}  gap {client.gap:5.2f} s  module says "
        f"{result['downtime_seconds']:5.2f} s  rehearsal {result['rehearsal_seconds'] or 0:5.2f} s"
        f"  all {result['seconds']:5.2f} s",
        flush=True,
    )
    return client.gap, result["downtime_seconds"]


if __name__ == "__main__":
    main()
