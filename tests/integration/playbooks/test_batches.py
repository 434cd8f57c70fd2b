# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy.yml on several hosts: batches, and a second deploy at the same time."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from ..conftest import RunService, free_port
from .collectors import Collectors, collectors, told

pytestmark = pytest.mark.long

NAMES = ["one", "two", "three", "four"]


@pytest.fixture(scope="module")
def fleet(
    run_module_service: RunService,
    docker_client: docker.DockerClient,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Collectors]:
    """Four collectors that run."""
    directory = tmp_path_factory.mktemp("fleet")
    with collectors(run_module_service, docker_client, directory, NAMES) as made:
        done = made.deploy("right", collector_memory="128m", deploy_serial=4)
        assert done.returncode == 0, done.stdout + done.stderr
        yield made


def proven(fleet: Collectors, host: str) -> str:
    """The release that is recorded as proven."""
    name = fleet.hosts[host]["collector_container_name"]
    path = Path(fleet.variables["observability_state_directory"]) / f"{name}.proven"
    return path.read_text().strip()


def release(fleet: Collectors, host: str) -> str:
    container = fleet.docker.containers.get(fleet.hosts[host]["collector_container_name"])
    return str(container.labels["io.vya.observability.release"])


def test_a_failure_in_a_batch_keeps_the_release_of_those_after_it(fleet: Collectors) -> None:
    nobody = {"collector_url": f"http://127.0.0.1:{free_port()}"}
    done = fleet.deploy(
        "right", of={"three": nobody}, collector_memory="160m", deploy_serial=[1, 2]
    )
    assert told(done) == ["proof.kept three"]
    assert fleet.running() == {"one": 160, "two": 160, "three": 160, "four": 128}
    # Those that were deployed before it, or with it, are proven; it is not.
    assert proven(fleet, "one") == release(fleet, "one")
    assert proven(fleet, "three") != release(fleet, "three")

    # All of it, with the proof and the screen at the end.
    done = fleet.play("right", collector_memory="160m", deploy_serial=[1, "10%", "50%"])
    assert done.returncode == 0, done.stdout
    for host, of in fleet.hosts.items():
        assert re.findall(
            rf"^  collector {host} .*{of['collector_url']}$", done.stdout, re.MULTILINE
        )
    assert set(fleet.running().values()) == {160}
    assert [proven(fleet, host) for host in NAMES] == [release(fleet, host) for host in NAMES]


def test_a_second_deploy_says_who_is_at_work_since_when(fleet: Collectors) -> None:
    name = fleet.hosts["one"]["collector_container_name"]
    state = Path(fleet.variables["observability_state_directory"])
    with (state / "releases" / f"{name}.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate()
        held.write("4711 2026-01-02T03:04:05Z somebody")
        held.flush()
        before = fleet.running()
        done = fleet.deploy("right", collector_memory="192m")
    assert done.returncode != 0
    assert '"code": "release.locked"' in done.stdout
    for value in ('"process": "4711"', '"since": "2026-01-02T03:04:05Z"', '"user": "somebody"'):
        assert value in done.stdout
    assert fleet.running() == before
