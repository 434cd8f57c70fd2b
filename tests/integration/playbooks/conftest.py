# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of playbooks share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from .hub import Hub


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python as on a clean host: without what modules need."""
    directory = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", directory], check=True)
    return str(directory / "bin" / "python")


@pytest.fixture
def hub(docker_client: docker.DockerClient, tmp_path: Path) -> Iterator[Hub]:
    found = Hub(docker_client, tmp_path)
    yield found
    for container in docker_client.containers.list(
        all=True, filters={"name": f"^{found.name}"}, ignore_removed=True
    ):
        container.remove(force=True, v=True)
    for volume in docker_client.volumes.list(filters={"name": found.name}):
        volume.remove(force=True)
    for network in docker_client.networks.list(names=[found.name]):
        network.remove()
