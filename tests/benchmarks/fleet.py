# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of collectors on this machine: first deploy, unchanged deploy and validation.

    .venv/bin/python tests/benchmarks/fleet.py --collectors 2 10 30 100

Needs the containers of `make demo`, whose stack the collectors use. Each number of collectors is a
copy of the local inventory with as many collectors, its own two among them, all on this machine,
which so does the work of the controller and of all targets. The others are removed at the end, and
the local inventory is deployed again. CPU is that of Ansible and its modules, not that of the
Docker daemon; memory is the largest process of the controller.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import deploy_unchanged
import docker
import yaml
from deploy_unchanged import ROOT, Run, play, unchanged

PREFIX = "fleet-"
FIRST_PORT = 21_000
CONVERGE = ("vya.observability.deploy", "--skip-tags", "proof")


def collector(number: int, away: bool, state: str) -> dict[str, Any]:
    """Variables of one collector, with its state apart; one that is away does not answer."""
    port = FIRST_PORT + 2 * number
    variables = {
        "collector_region": "fleet",
        "collector_container_name": f"{PREFIX}{number}",
        "collector_api_port": port,
        "collector_metrics_port": port + 1,
        "collector_bind_address": "127.0.0.1",
        "collector_url": f"http://127.0.0.1:{port}",
        "observability_state_directory": state,
        "observability_ca_path": "/var/lib/vya-observability/certificates/ca.crt",
        # The databases of the demo are not there to be asked by a hundred at once.
        "collector_databases": [],
    }
    unreachable = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    return {**variables, **(unreachable if away else {})}


def inventory(directory: Path, collectors: int, away: int) -> Path:
    """Write the local inventory with more collectors, of which some do not answer."""
    shutil.copytree(ROOT / "inventories" / "local", directory / "local")
    local = directory / "local"
    groups = yaml.safe_load((local / "hosts.yml").read_text())
    state = str(directory / "state")
    hosts = {
        f"fleet{n:03d}": collector(n, n >= collectors - away, state) for n in range(2, collectors)
    }
    groups["all"]["hosts"].update(hosts)
    groups["all"]["children"]["collector"]["hosts"].update({host: {} for host in hosts})
    # Those that do not answer are on a machine of their own, and reach nothing here.
    for role in ("traefik", "victoriametrics"):
        groups["all"]["vars"][f"{role}_bind_address"] = "127.0.0.1"
    # Mitogen would ask for sudo, also as root.
    groups["all"]["vars"]["ansible_become"] = os.geteuid() != 0
    (local / "hosts.yml").write_text(yaml.safe_dump(groups))
    secrets = local / "group_vars" / "all" / "secrets.yml"
    secrets.write_text(secrets.read_text().replace("{{ inventory_dir }}/../..", str(ROOT)))
    return local


def remove(client: docker.DockerClient) -> None:
    """Remove the fleet's containers and volumes."""
    for container in client.containers.list(
        all=True, filters={"name": f"^{PREFIX}"}, ignore_removed=True
    ):
        container.remove(force=True, v=True)
    for volume in client.volumes.list(filters={"name": PREFIX}):
        volume.remove(force=True)


def row(collectors: int, what: str, run: Run) -> None:
    """Print one line of the table."""
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{collectors:10} {what:22}{run.wall:9.1f}{run.cpu:9.1f}{run.tasks:8}{memory:9.0f}",
        flush=True,
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--collectors", type=int, nargs="+", default=[2, 10, 30])
    parser.add_argument("--away", type=int, default=0, help="how many of them do not answer")
    parser.add_argument("--strategy", help="a strategy of Ansible, such as mitogen_linear")
    parser.add_argument("--strategy-plugins", help="the directory of that strategy")
    options = parser.parse_args()
    if options.strategy:
        deploy_unchanged.ENVIRONMENT["ANSIBLE_STRATEGY"] = options.strategy
        deploy_unchanged.ENVIRONMENT["ANSIBLE_STRATEGY_PLUGINS"] = options.strategy_plugins or ""
    client, python = docker.from_env(timeout=120), Path(sys.executable)
    print(f"{'collectors':>10} {'':22}{'wall s':>9}{'CPU s':>9}{'tasks':>8}{'max MB':>9}")
    for count in options.collectors:
        with tempfile.TemporaryDirectory(prefix="vya-fleet-") as name:
            hosts = ["-i", str(inventory(Path(name), count, options.away))]
            deploy = [*hosts, *CONVERGE]
            may_fail = options.away > 0
            try:
                row(count, "first deploy", play(python, *deploy, may_fail=may_fail))
                row(count, "unchanged deploy", unchanged(python, *deploy, may_fail=may_fail))
                if not may_fail:
                    # Other containers of this machine may be wrong, which it says as well.
                    validate = [*hosts, "vya.observability.validate"]
                    row(count, "validation", play(python, *validate, may_fail=True))
            finally:
                remove(client)
                play(python, "-i", "inventories/local", *CONVERGE)


if __name__ == "__main__":
    main()
