# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role prometheus: an upgrade that fails leaves the old version with the old configuration."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ..checks.conftest import run_module
from ..conftest import RunService, free_port
from ..deployment import Deployment

RULES = {"one": [{"name": "one", "rules": [{"record": "one", "expr": "vector(1)"}]}]}
OTHER = {"two": [{"name": "two", "rules": [{"record": "two", "expr": "vector(2)"}]}]}


@pytest.fixture(scope="module")
def image(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Iterator[Callable[[str, str], str]]:
    """Another version of Prometheus: its image with a line more."""
    made = []

    def build(name: str, line: str) -> str:
        tag = f"vya-test/prometheus:{name}"
        text = f"FROM {service_image('prometheus')}\n{line}\n"
        docker_client.images.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True)
        made.append(tag)
        return tag

    yield build
    for tag in made:
        docker_client.images.remove(tag, force=True)


@pytest.fixture(scope="module")
def prometheus(deployment: Callable[..., Deployment]) -> tuple[Deployment, str]:
    port = free_port()
    deployed = deployment(
        "prometheus",
        prometheus_container_name="{{ deployment_name }}",
        prometheus_volume="{{ deployment_name }}",
        prometheus_port=port,
        prometheus_url=f"http://127.0.0.1:{port}",
        prometheus_rules=RULES,
        prometheus_alerting_rules=False,
    )
    deployed.ok()
    return deployed, f"http://127.0.0.1:{port}"


def groups(url: str) -> list[str]:
    answer: dict[str, Any] = requests.get(f"{url}/api/v1/rules", timeout=10).json()
    return [group["name"] for group in answer["data"]["groups"]]


def test_what_is_loaded_is_what_was_deployed(prometheus: tuple[Deployment, str]) -> None:
    """Somebody has it load another rule, and puts the file back with its old time."""
    deployed, url = prometheus
    file = deployed.directory / "config" / "prometheus" / "rules" / "one.yml"
    kept, status = file.read_text(), file.stat()

    def found() -> dict[str, str]:
        answer = run_module(
            "release_check",
            host="h",
            releases=[{"name": deployed.name}],
            state_directory=str(deployed.directory / "state"),
        )
        return {
            name: answer.outcomes[f"{name} h {deployed.name}"]
            for name in ("written", "loaded")
            if f"{name} h {deployed.name}" in answer.outcomes
        }

    well = {"written": "pass written.ok", "loaded": "pass loaded.ok"}
    assert found() == well
    try:
        file.write_text(kept.replace("vector(1)", "vector(7)"))
        requests.post(f"{url}/-/reload", timeout=60).raise_for_status()
        # One accusation for one fault.
        assert found() == {"written": "fail written.by_hand"}
    finally:
        file.write_text(kept)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert found() == {**well, "loaded": "fail loaded.other"}
    assert "changed=1" in deployed.ok()
    assert found() == well


@pytest.mark.long
def test_targets_are_files_that_go_when_they_are_no_longer_wanted(
    prometheus: tuple[Deployment, str],
) -> None:
    deployed, url = prometheus
    own = {
        "job_name": "slow",
        "scrape_interval": "5m",
        "file_sd_configs": [{"files": ["/etc/prometheus/targets/slow.json"]}],
    }
    wanted = {
        "web": [{"targets": ["127.0.0.1:9"], "labels": {"site": "usa"}}],
        "slow": [{"targets": ["127.0.0.1:7"]}],
    }
    deployed.ok(prometheus_targets=wanted, prometheus_extra_scrape_configs=[own])
    targets = deployed.directory / "config" / "prometheus" / "targets"
    assert json.loads((targets / "web.json").read_text()) == wanted["web"]
    assert _targets(url) == {("web", "127.0.0.1:9", "usa"), ("slow", "127.0.0.1:7", None)}
    assert "changed=1" in deployed.ok()
    assert not targets.exists() or list(targets.iterdir()) == []
    assert _targets(url) == set()


def _targets(url: str) -> set[tuple[str, str, str | None]]:
    answer: dict[str, Any] = requests.get(f"{url}/api/v1/targets", timeout=10).json()
    labels = [target["labels"] for target in answer["data"]["activeTargets"]]
    return {
        (label["job"], label["instance"], label.get("site"))
        for label in labels
        if label["job"] not in ("prometheus", "pushgateway")
    }


@pytest.mark.long
def test_an_upgrade_that_fails_and_one_that_succeeds(
    prometheus: tuple[Deployment, str],
    image: Callable[[str, str], str],
    docker_client: docker.DockerClient,
) -> None:
    deployed, url = prometheus
    serves = docker_client.containers.get(deployed.name)
    broken = image("broken", 'ENTRYPOINT ["/bin/false"]')
    failed = deployed.run(prometheus_rules=OTHER, image_references={"prometheus": broken})
    assert failed.returncode != 0
    assert "it exited with code 1" in failed.stdout
    assert docker_client.containers.get(deployed.name).id == serves.id
    # What the old version finds, should it start anew, is what it had been proven with.
    serves.restart()
    assert "changed=0" in deployed.ok()
    assert groups(url) == ["one"]

    newer = image("newer", "LABEL version=newer")
    said = deployed.ok(prometheus_rules=OTHER, image_references={"prometheus": newer})
    assert "changed=1" in said
    assert groups(url) == ["two"]
    assert docker_client.containers.get(deployed.name).image.tags == [newer]


def test_an_existing_one_gets_the_rules_and_keeps_its_own(
    deployment: Callable[..., Deployment],
    run_service: RunService,
    service_image: Callable[[str], str],
    tmp_path: Path,
) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "prometheus.yml").write_text("rule_files: [own.yml, rules/vya/*.yml]\n")
    own = "groups: [{name: own, rules: [{record: own, expr: vector(1)}]}]\n"
    (etc / "own.yml").write_text(own)
    existing = run_service(
        "prometheus",
        command=[
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/tmp/data",
            "--web.enable-lifecycle",
        ],
        volumes={str(etc): {"bind": "/etc/prometheus", "mode": "ro"}},
        user="65534:65534",
    )
    url = existing.url()
    deployed = deployment(
        "prometheus",
        prometheus_mode="existing",
        prometheus_url=url,
        prometheus_existing_rules_directory=str(etc / "rules" / "vya"),
        prometheus_existing_rules_mount_path="/etc/prometheus/rules/vya",
        prometheus_existing_container=existing.container.name,
        prometheus_existing_image=service_image("prometheus"),
        prometheus_rules=RULES,
    )
    assert "changed=1" in deployed.ok("--check")
    assert groups(url) == ["own"]
    assert "changed=1" in deployed.ok()
    ours = ["vya-collector", "vya-database", "vya-ping", "vya-pipeline"]
    assert sorted(groups(url)) == sorted(["own", "one", *ours])
    assert "changed=0" in deployed.ok()
    assert "changed=1" in deployed.ok(prometheus_alerting_rules=False)
    assert groups(url) == ["own", "one"]
    assert (etc / "own.yml").read_text() == own
