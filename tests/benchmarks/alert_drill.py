# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many alerts have a drill that passes, and the seconds from fault to webhook.

All are drilled at once on a real Prometheus, Alertmanager and Pushgateway as the roles set them
up, at the short intervals of tests/integration/alerting/stack.py. TEST_IMAGE_PROMETHEUS and
TEST_IMAGE_ALERTMANAGER name other images, as in the tests. The exit code is 1 when one fails.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import docker
import yaml

from ansible_collections.vya.observability.tests.integration import conftest
from ansible_collections.vya.observability.tests.integration.alerting import stack

HOPS = {
    "fault to pending": "pending",
    "fault to firing": "firing",
    "fault to webhook": "told",
    "its end to cleared": "cleared",
    "its end to webhook": "told of its end",
}


def image(name: str) -> str:
    """The image of a service, as for the tests."""
    facts = yaml.safe_load((conftest.PROJECT / "roles/observability/defaults/main.yml").read_text())
    built: str = facts["observability_default_images"][name]["packages"]
    return os.environ.get(f"TEST_IMAGE_{name.upper()}", built)


def drilled() -> tuple[dict[str, Any], int]:
    """The answer of the module, and how many alerts Prometheus has."""
    client = docker.from_env(timeout=60)
    with tempfile.TemporaryDirectory() as folder, conftest.running(client, image) as run:
        directory = Path(folder) / "drill"
        directory.mkdir()
        with stack.running(client, run, directory) as made:
            return made.drill(alerts=["all"]), len(made.alerts())


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    result, alerts = drilled()
    drills = result["drills"]
    passing = sum(not drill["missed"] for drill in drills)
    print(f"drills passing / all alerts  {passing} / {alerts}")
    for name, hop in HOPS.items():
        values = [drill["seconds"][hop] for drill in drills if hop in drill["seconds"]]
        if values:
            print(
                f"{name:28} min {min(values):5.1f}  median {statistics.median(values):5.1f}  "
                f"max {max(values):5.1f} s"
            )
    for drill in drills:
        seconds = drill["seconds"].get("told")
        print(f"  {drill['alert']:26} {'-' if seconds is None else f'{seconds:5.1f} s'}")
    if passing < alerts:
        sys.exit(result.get("msg", "not every alert has a drill that passes"))


if __name__ == "__main__":
    main()
