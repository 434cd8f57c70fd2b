# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deploy from a registry: the image that one host builds and the others pull."""

from __future__ import annotations

from pathlib import Path

import docker
import pytest

from ..conftest import RunService
from ..playbooks.collectors import Collectors, collectors


def images(fleet: Collectors) -> dict[str, str]:
    """The image of each collector, by host."""
    return {
        host: fleet.docker.containers.get(of["collector_container_name"]).attrs["Config"]["Image"]
        for host, of in fleet.hosts.items()
    }


@pytest.mark.long
def test_an_unchanged_deploy_is_one_look_at_each_host(
    run_service: RunService,
    docker_client: docker.DockerClient,
    tmp_path: Path,
    registry: str,
    name: str,
) -> None:
    with collectors(run_service, docker_client, tmp_path, ["one", "two"]) as fleet:
        del fleet.variables["image_references"]
        fleet.variables |= {
            "observability_registry": registry,
            "observability_image_name": name,
            "deploy_serial": 2,
        }
        done = fleet.deploy("right")
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("TASK [Plan the services]") == 1
        before = images(fleet)
        assert set(before.values()) == {before["one"]}

        done = fleet.deploy("right")
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("changed=0") == 2
        assert "TASK [Plan the services]" not in done.stdout

        # A new image, which only the host that builds it can foresee.
        done = fleet.deploy("right", observability_image_version="0.1.1")
        assert done.returncode == 0, done.stdout
        after = images(fleet)
        assert set(after.values()) == {after["one"]} != set(before.values())
