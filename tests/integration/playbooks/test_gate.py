# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate of deploy.yml: what is not proven on one host does not come to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from ..conftest import RunService
from ..deployment import has_fault
from .collectors import Collectors, collectors, told

SECOND = {"gate": {"hosts": {"second": {}}}}


@pytest.fixture
def fleet(
    run_service: RunService, docker_client: docker.DockerClient, tmp_path: Path
) -> Iterator[Collectors]:
    with collectors(run_service, docker_client, tmp_path, ["first", "second"]) as made:
        yield made


@pytest.mark.long
def test_no_further_host_is_touched(fleet: Collectors) -> None:
    # What is pushed never comes to this Prometheus.
    done = fleet.deploy("wrong")
    assert done.returncode != 0
    assert told(done) == ["proof.first first"]
    assert "vya.observability.rollback" not in done.stdout
    assert fleet.running().keys() == {"first"}
    # Nothing has changed since, and still it is not proven.
    again = fleet.deploy("wrong")
    assert told(again) == ["proof.first first"]
    assert fleet.running().keys() == {"first"}


@pytest.mark.long
def test_a_release_that_is_not_proven_is_put_back(fleet: Collectors) -> None:
    done = fleet.deploy("right")
    assert done.returncode == 0, done.stdout
    before = fleet.running()
    assert before.keys() == {"first", "second"}

    # A new release that is not proven: the one before comes back, or it is said how.
    done = fleet.deploy("wrong", collector_memory="200m", deploy_rollback=True)
    assert told(done) == ["proof.put_back first"]
    assert fleet.running() == before
    done = fleet.deploy("wrong", collector_memory="200m")
    assert told(done) == ["proof.kept first"]
    source = fleet.directory / "hosts.yml"
    assert f"ansible-playbook -i {source} vya.observability.rollback --limit first" in done.stdout
    assert fleet.running()["first"] == 200


@pytest.mark.long
def test_the_last_proof_rolls_back_all_that_got_the_release(fleet: Collectors) -> None:
    done = fleet.deploy("right", deploy_gate=False)
    assert done.returncode == 0, done.stdout
    before = fleet.running()
    assert before.keys() == {"first", "second"}
    options = {"collector_memory": "220m", "deploy_gate": False}
    done = fleet.play("wrong", "--tags", "collector,proof", deploy_rollback=True, **options)
    assert sorted(told(done)) == ["proof.final_put_back first", "proof.final_put_back second"]
    assert fleet.running() == before
    done = fleet.play("wrong", "--tags", "collector,proof", **options)
    assert sorted(told(done)) == ["proof.final_kept first", "proof.final_kept second"]
    assert set(fleet.running().values()) == {220}


@pytest.mark.long
def test_the_test_host_comes_first_and_is_asked_each_time(fleet: Collectors) -> None:
    passed_by = fleet.deploy("right", "--limit", "first", groups=SECOND)
    assert passed_by.returncode != 0
    assert has_fault(passed_by.stdout, "gate.left_out", "deploy_gate")
    assert fleet.running() == {}

    done = fleet.deploy("right", "--limit", "second", groups=SECOND)
    assert done.returncode == 0, done.stdout
    assert fleet.running().keys() == {"second"}
    # Its release is the one that was proven; but it is not well any more.
    done = fleet.deploy("wrong", groups=SECOND)
    assert told(done) == ["proof.first second"]
    assert fleet.running().keys() == {"second"}
