# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host that leaves: its traces by place before and after, killed at random points and run again.

    python tests/benchmarks/decommission.py [--image IMAGE] [--kills 10] [--seed N]

Run it as root from an environment that can import `ansible_collections.vya.observability` and
Docker's SDK. The playbook is killed at a random point of its usual time and run again, over and
over; if nothing is left, both hosts are deployed again. Prints one line per kill.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

import docker

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.integration.playbooks.leaving import DECOMMISSION, Leaving

IMAGE = "vya-observability/pushgateway:packages"


def shown(traces: dict[str, int]) -> str:
    """Return traces by place, and their sum."""
    places = ", ".join(f"{place} {n}" for place, n in traces.items())
    return f"{sum(traces.values())} ({places})"


def main() -> None:
    """Take the host out, whole and interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", default=IMAGE)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    failed = 0
    print(f"seed {options.seed}")
    client = docker.from_env()
    with tempfile.TemporaryDirectory() as directory:
        leaving = Leaving(client, Path(directory), options.image)
        try:
            leaving.deploy_both()
            print(f"before: {shown(leaving.traces())}")
            started = time.monotonic()
            leaving.ok(DECOMMISSION, *leaving.arguments())
            whole = time.monotonic() - started
            print(f"after: {shown(leaving.traces())}, in {whole:.1f} s")
            leaving.deploy_both()
            others = leaving.others()
            number = 0
            while number < options.kills:
                at = chance.uniform(0, whole)
                running = leaving.killed(at)
                between = leaving.traces()
                number += running
                what = f"{number}: killed after" if running else "it had ended before"
                print(f"{what} {at:.1f} s: {shown(between)}")
                whole = whole if running else at
                if not sum(between.values()):
                    failed += leaving.others() != others
                    leaving.deploy_both()
                    others = leaving.others()
            leaving.ok(DECOMMISSION, *leaving.arguments())
            left, same = leaving.traces(), leaving.others() == others
            failed += bool(sum(left.values()) or not same)
            print(f"run again: {shown(left)}; others {'as before' if same else 'CHANGED'}")
        finally:
            leaving.remove()
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
