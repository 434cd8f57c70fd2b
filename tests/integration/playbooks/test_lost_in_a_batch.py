# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that stops answering when it is alone in its batch or play: the others follow."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import docker
import pytest

from ..conftest import RunService, wait_until
from .collectors import Collectors, collectors
from .ssh_host import SshHost, controls, ssh_hosts

pytestmark = pytest.mark.long

NAMES = ["one", "two", "three"]
SOCKET = Path("/var/run/docker.sock")


class Fleet(Collectors):
    """Three collectors in one Docker; that of `two` is reached by ssh."""

    ssh: SshHost

    def run(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.play("right", *arguments, of={"two": self.ssh.variables()}, **more)


@pytest.fixture
def fleet(
    run_service: RunService,
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    tmp_path: Path,
) -> Iterator[Fleet]:
    with (
        ssh_hosts(docker_client, service_image("base"), tmp_path, [SOCKET, tmp_path]) as start,
        collectors(run_service, docker_client, tmp_path, NAMES, kind=Fleet) as made,
    ):
        made.ssh = start()
        yield made


def failed(run: subprocess.CompletedProcess[str]) -> list[str]:
    """The hosts that a run counts as failed, or gave up."""
    return re.findall(r"^(\w+) .*(?:unreachable=[1-9]|failed=[1-9])", run.stdout, re.MULTILINE)


def frozen_when(fleet: Fleet, ready: Callable[[], Any], go: Callable[[], Any]) -> Any:
    """Freeze the second host as soon as something is so."""
    running = threading.Event()

    def freeze() -> None:
        wait_until(lambda: running.is_set() or ready(), 200, "the time to freeze")
        fleet.ssh.freeze()

    watch = threading.Thread(target=freeze)
    watch.start()
    try:
        return go()
    finally:
        running.set()
        watch.join()


def has(fleet: Fleet, **memory: int) -> Callable[[], bool]:
    """Whether collectors have this memory."""
    return lambda: memory.items() <= fleet.running().items()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return controls(tmp_path)


def test_a_host_that_is_lost_alone_in_its_batch(fleet: Fleet, environment: dict[str, str]) -> None:
    serial: Sequence[Any] = [1]

    def deploy(memory: str) -> subprocess.CompletedProcess[str]:
        return fleet.run(
            *("--tags", "collector", "-e", "deploy_reach_seconds=6"),
            environment=environment,
            collector_memory=memory,
            deploy_serial=serial,
        )

    done = deploy("128m")
    assert done.returncode == 0, done.stdout
    done = frozen_when(fleet, has(fleet, one=160), lambda: deploy("160m"))
    assert fleet.running() == {"one": 160, "two": 128, "three": 160}, done.stdout
    assert done.returncode != 0
    assert failed(done) == ["two"], done.stdout
    assert '"code": "reach.silent"' in done.stdout
    assert "--limit two" in done.stdout
    fleet.ssh.container.unpause()

    # A rollback goes on as well.
    def rollback() -> subprocess.CompletedProcess[str]:
        return fleet.run(playbook="rollback", environment=environment)

    done = frozen_when(fleet, has(fleet, one=128), rollback)
    assert fleet.running() == {"one": 128, "two": 128, "three": 128}, done.stdout
    assert failed(done) == ["two"], done.stdout


def test_a_host_that_is_lost_alone_in_its_play(
    fleet: Fleet, environment: dict[str, str], service_image: Callable[[str], str]
) -> None:
    first, second = (f"{fleet.name}-{name}.own" for name in ("first", "second"))
    release = {
        "image": service_image("pushgateway"),
        # The second one takes its time: it is frozen in its rehearsal.
        "healthcheck": {"test": ["CMD-SHELL", "sleep 2; exit 1"], "start_period": "60s"},
        "settle": 0,
    }
    quick = {**release, "name": first, "healthcheck": {"test": ["CMD", "true"], "interval": 1}}
    of_two = {
        **fleet.ssh.variables(),
        "observability_services": [{"release": quick}, {"release": {**release, "name": second}}],
    }

    def deploy() -> subprocess.CompletedProcess[str]:
        return fleet.play(
            "right",
            *("--tags", "services,collector", "-e", "deploy_reach_seconds=6"),
            of={"two": of_two},
            environment=environment,
            deploy_gate=False,
        )

    done = frozen_when(
        fleet,
        lambda: fleet.docker.containers.list(filters={"name": second}, ignore_removed=True),
        deploy,
    )
    assert sorted(fleet.running()) == ["one", "three"], done.stdout
    # The validation, which fails on the first host, tells it as well.
    assert failed(done) == ["one", "two"], done.stdout
    assert '"code": "reach.lost"' in done.stdout
    assert "--limit two" in done.stdout
