# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""decommission.yml: nothing of a host is left anywhere, and nothing else has changed."""

from __future__ import annotations

import json
import random
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ... import processes
from ..conftest import wait_until
from ..deployment import has_fault
from .leaving import DECOMMISSION, DEPLOY, ENVIRONMENT, Leaving


@pytest.fixture
def leaving(
    docker_client: docker.DockerClient, tmp_path: Path, service_image: Callable[[str], str]
) -> Iterator[Leaving]:
    found = Leaving(docker_client, tmp_path, service_image("pushgateway"))
    yield found
    found.remove()


def gone(leaving: Leaving) -> dict[str, int]:
    return {place: n for place, n in leaving.traces().items() if n}


@pytest.mark.long
def test_nothing_is_left_and_nothing_else_changes(leaving: Leaving) -> None:
    leaving.deploy_both()
    wait_until(lambda: all(leaving.traces().values()), 20, "it is everywhere")
    there, before = leaving.traces(), leaving.others()
    assert "failed=0" in leaving.ok(DECOMMISSION, *leaving.arguments(), "--check")
    assert leaving.traces() == there
    assert not leaving.backups.exists()

    # A host of the group `leaving` is nobody's: a deploy touches nothing there.
    assert "failed=0" in leaving.ok(DEPLOY, "--skip-tags", "proof", group="leaving")
    assert leaving.traces() == {**there, "targets": 0}
    before |= leaving.others()  # Prometheus has lost a target

    (leaving.directory / "mine").write_text("not of the collection")
    other = {
        "decommission_other_containers": [f"{leaving.name}-gateway"],
        "decommission_other_paths": [str(leaving.directory / "mine")],
    }
    arguments = [*leaving.arguments(), "-e", json.dumps(other)]
    said = leaving.ok(DECOMMISSION, *arguments, group="leaving")
    assert gone(leaving) == {}
    assert leaving.others() == before
    assert (leaving.directory / "mine").exists()
    assert [*leaving.backups.glob(f"leaver/{leaving.name}-gateway/2*")]
    (files,) = leaving.backups.glob("leaver/host-files/2*/files.tar")
    with tarfile.open(files) as archive:
        assert any(name.endswith("/mine") for name in archive.getnames())
    assert "code: left_inventory.named" not in said
    (backup,) = leaving.backups.glob(f"leaver/{leaving.name}-own/2*")
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["proven"]["seconds"] > 0
    assert manifest["volumes"][0]["name"] == f"{leaving.name}-own"

    # A second time nothing is there; in a group of a service, the inventory still names it.
    said = leaving.ok(DECOMMISSION, *leaving.arguments())
    assert "code: left_inventory.named" in said
    assert leaving.others() == before


@pytest.mark.long
def test_one_service_leaves_and_then_the_host_although_it_is_killed(leaving: Leaving) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311
    leaving.deploy_both()
    before = leaving.others()
    # One of its services has left before.
    service = json.dumps({"decommission_service": f"{leaving.name}-own"})
    without: dict[str, Any] = {"leaver": {"observability_services": []}}
    leaving.ok(DECOMMISSION, *leaving.arguments(), "-e", service, **without)
    left = leaving.traces()
    # What else is the host's stays.
    assert (left["containers"], left["volumes"], left["targets"]) == (0, 0, 0)
    assert (left["gateway"], left["cron"]) == (1, 1)
    leaving.deploy_both()

    for _ in range(2):
        leaving.killed(chance.uniform(2, 20))
    leaving.ok(DECOMMISSION, *leaving.arguments())
    assert gone(leaving) == {}
    assert leaving.others() == before


@pytest.mark.long
def test_a_dead_host_leaves_its_traces_elsewhere(leaving: Leaving) -> None:
    leaving.deploy_both()
    dead = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}
    more: dict[str, Any] = {"leaver": dead}
    inventory = leaving.inventory(**more)
    done = processes.play("-i", inventory, DECOMMISSION, *leaving.arguments(), **ENVIRONMENT)
    assert done.returncode != 0
    assert leaving.traces()["gateway"] == 1

    leaving.ok(DECOMMISSION, *leaving.arguments(), "-e", "decommission_dead=true", **more)
    left = leaving.traces()
    assert (left["gateway"], left["targets"]) == (0, 0)
    assert left["containers"] == 1

    # One without an engine: what it has there cannot be judged if it had releases.
    more["leaver"] = {"ansible_python_interpreter": str(without_engine(leaving.directory))}
    inventory = leaving.inventory(**more)
    done = processes.play("-i", inventory, DECOMMISSION, *leaving.arguments(), **ENVIRONMENT)
    assert done.returncode != 0
    assert "docker.no_socket" in done.stdout
    more["leaver"]["observability_state_directory"] = str(leaving.directory / "fresh")
    (leaving.directory / "fresh").mkdir()
    (leaving.directory / "fresh" / "mark").write_text("")
    leaving.ok(DECOMMISSION, *leaving.arguments(), **more)
    assert not (leaving.directory / "fresh").exists()
    assert leaving.traces()["containers"] == 1


def without_engine(directory: Path) -> Path:
    """A Python that sees no Docker: neither its socket nor its programs."""
    path = directory / "python-without-docker"
    hidden = f'mount -t tmpfs none /run && PATH=/usr/bin:/bin exec {sys.executable} "$@"'
    path.write_text(f"#!/bin/sh\nexec unshare -m sh -c '{hidden}' sh \"$@\"\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("given", "code", "variable"),
    [
        ({}, "value.missing", "decommission_host"),
        ({"decommission_host": "leavr"}, "reference.unknown", "decommission_host"),
        ({"decommission_host": "hub"}, "host.needed", "decommission_host"),
        (
            {"decommission_host": "leaver", "decommission_service": "own"},
            "service.wanted",
            "decommission_service",
        ),
    ],
)
def test_what_must_not_go_is_refused(
    leaving: Leaving, given: dict[str, str], code: str, variable: str
) -> None:
    named = {
        key: f"{leaving.name}-own" if key == "decommission_service" else value
        for key, value in given.items()
    }
    inventory, arguments = leaving.inventory(), ["-e", json.dumps(named)]
    done = processes.play("-i", inventory, DECOMMISSION, *arguments, **ENVIRONMENT)
    assert done.returncode != 0
    assert has_fault(done.stdout, code, variable), done.stdout
