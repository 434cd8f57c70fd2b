# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate.yml as a whole: a release that nobody wants, and a collector without VictoriaMetrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docker
import pytest

from ..conftest import RunService
from .collectors import Collectors, collectors


def validated(fleet: Collectors, **more: Any) -> dict[str, list[str]]:
    """Codes by subject of what the report has."""
    reports = fleet.directory / "reports"
    done = fleet.play(
        "right",
        playbook="validate",
        validate_releases_checked=True,
        validate_report_directory=str(reports),
        validate_report_formats=["json"],
        **more,
    )
    report = json.loads((reports / "validation.json").read_text())
    found: dict[str, list[str]] = {}
    for check in report["checks"]:
        found.setdefault(check["subject"], []).append(check["code"])
    assert found, done.stdout
    return found


@pytest.mark.long
def test_what_is_unwanted_and_what_is_switched_off(
    run_service: RunService, docker_client: docker.DockerClient, tmp_path: Path
) -> None:
    storage = run_service("victoriametrics")
    with collectors(run_service, docker_client, tmp_path, ["one", "two", "three"]) as fleet:
        network = docker_client.networks.get(fleet.name)
        network.connect(storage.container)
        try:
            storage.container.reload()
            networks = storage.container.attrs["NetworkSettings"]["Networks"]
            url = f"http://{networks[fleet.name]['IPAddress']}:8428"
            fleet.variables["collector_victoriametrics_url"] = url
            fleet.hosts["two"]["collector_victoriametrics_url"] = ""
            done = fleet.deploy("right", deploy_serial=3, deploy_gate=False)
            assert done.returncode == 0, done.stdout
            gone = fleet.hosts.pop("three")["collector_container_name"]
            found = validated(fleet, validate_victoriametrics_url=storage.url())
            told = {code for codes in found.values() for code in codes}
            assert {"wanted.nobody", "sampled.ok", "sampled.off"} <= told, found
            assert found[f"one {gone}"] == ["wanted.nobody"]
            assert "sampled.ok" in found["one"]
            assert "sampled.off" in found["two"]
        finally:
            network.disconnect(storage.container, force=True)
