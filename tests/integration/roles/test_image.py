# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of the collector's source: check mode foresees the build, and the container it replaces.

From a copy of the collection that has nothing but what a target needs.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from ..conftest import PROJECT
from ..deployment import Deployment

NEEDED = ("plugins", "roles", "playbooks", "meta", "galaxy.yml")
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.image
      vars:
        image_key: collector
    - vya.observability.container_release:
        name: "{{ deployment_name }}"
        image: "{{ image_references.collector }}"
        image_pending: "{{ 'collector' in image_pending }}"
        entrypoint: [sleep]
        command: ["600"]
        healthcheck: {test: [CMD, "true"]}
        state_directory: "{{ observability_state_directory }}"
"""


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    copy = tmp_path / "ansible_collections" / "vya" / "observability"
    copy.mkdir(parents=True)
    for name in NEEDED:
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    return tmp_path


@pytest.fixture
def deployed(
    deployment: Callable[..., Deployment], collections: Path, docker_client: docker.DockerClient
) -> Iterator[Deployment]:
    made = deployment(PLAYBOOK)
    made.variables["observability_image_name"] = f"vya-test/{made.name}"
    made.collections = collections
    yield made
    made.remove()
    for image in docker_client.images.list(f"vya-test/{made.name}"):
        docker_client.images.remove(image.id, force=True)


def changes(output: str) -> list[str]:
    """The tasks that changed something, or would."""
    tasks = re.split(r"\nTASK \[", output)[1:]
    return [task.split("]")[0] for task in tasks if "\nchanged: [localhost]" in task]


@pytest.mark.long
def test_check_mode_foresees_what_a_change_of_the_source_brings(
    deployed: Deployment, collections: Path
) -> None:
    deployed.ok()
    assert changes(deployed.ok("--check")) == []
    source = collections / "ansible_collections/vya/observability/roles/image/files/collector"
    with (source / "collector" / "__init__.py").open("a") as module:
        module.write("\nCHANGED = True\n")
    foreseen = changes(deployed.ok("--check"))
    assert len(foreseen) == 2
    assert changes(deployed.ok()) == foreseen
    assert changes(deployed.ok()) == []
