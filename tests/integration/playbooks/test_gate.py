# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate of deploy.yml: what is not proven on one host does not come to the next."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ..conftest import RunService, free_port
from ..deployment import has_fault
from .tools import ROOT, play

PLAYBOOK = f"- import_playbook: {ROOT}/playbooks/deploy.yml"
# Those that it demands, empty.
OTHERS = ("pushgateway", "prometheus", "alertmanager", "victoriametrics", "traefik", "grafana")
SCRAPING = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: pushgateway
    honor_labels: true
    static_configs: [{{targets: ["{target}"]}}]
"""


@pytest.fixture
def fleet(
    run_service: RunService, docker_client: docker.DockerClient, tmp_path: Path
) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Deploy two collectors, one after the other: ``deploy(prometheus=..., ...)``."""
    name = f"vyatest-{uuid.uuid4().hex[:8]}"
    hosts = {
        host: {
            "collector_container_name": f"{name}-{host}",
            "collector_region": "test",
            "collector_api_port": (port := free_port()),
            "collector_url": f"http://127.0.0.1:{port}",
            "collector_metrics_port": free_port(),
        }
        for host in ("first", "second")
    }
    gateway = run_service("pushgateway")
    # The collectors reach it by the network that they are deployed to, Prometheus by Docker's own.
    docker_client.networks.create(name).connect(gateway.container)
    gateway.container.reload()
    networks = gateway.container.attrs["NetworkSettings"]["Networks"]
    inside, address = networks[name]["IPAddress"], networks["bridge"]["IPAddress"]
    shared = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "observability_state_directory": str(tmp_path / "state"),
        "observability_config_directory": str(tmp_path / "config"),
        "observability_network": name,
        "observability_image_source": "packages",
        "observability_ca_path": "",
        "image_references": {"collector": "adminvyadigital/n8n-collector-api:0.1.0"},
        "observability_other_prefixes": ["image_references"],
        "collector_api_keys": ["a-key-of-the-gate-test-1"],
        "collector_pushgateway_url": f"http://{inside}:9091",
        "validate_pushgateway_url": gateway.url(),
        "validate_alertmanager_url": "",
        "validate_wait_seconds": 4,
    }

    def prometheus(target: str) -> str:
        config = tmp_path / f"{uuid.uuid4().hex}.yml"
        config.write_text(SCRAPING.format(target=target))
        config.chmod(0o644)
        service = run_service(
            "prometheus",
            command=["--config.file=/etc/prometheus/test.yml", "--storage.tsdb.path=/tmp/data"],
            volumes=[f"{config}:/etc/prometheus/test.yml:ro"],
        )
        return service.url()

    urls = {"right": prometheus(f"{address}:9091"), "wrong": prometheus("127.0.0.1:9")}

    def deploy(
        which: str, *arguments: str, gate: str = "", **variables: Any
    ) -> subprocess.CompletedProcess[str]:
        of_all = {**shared, "validate_prometheus_url": urls[which], **variables}
        inventory = {
            "collector": {"hosts": hosts, "vars": of_all},
            "gate": {"hosts": {gate: {}} if gate else {}},
            **{group: {"hosts": {}} for group in OTHERS},
        }
        return play(tmp_path, PLAYBOOK, inventory, "--tags", "collector", *arguments)

    deploy.name = name  # type: ignore[attr-defined]
    yield deploy
    for container in docker_client.containers.list(all=True, filters={"name": f"^{name}"}):
        container.remove(force=True, v=True)
    for volume in docker_client.volumes.list(filters={"name": name}):
        volume.remove(force=True)
    for network in docker_client.networks.list(names=[name]):
        network.disconnect(gateway.container, force=True)
        network.remove()


def test_no_further_host_is_touched(
    fleet: Callable[..., subprocess.CompletedProcess[str]], docker_client: docker.DockerClient
) -> None:
    name = fleet.name  # type: ignore[attr-defined]

    def running(host: str) -> list[Any]:
        found = docker_client.containers.list(filters={"name": f"^{name}-{host}$"})
        return [one.attrs["HostConfig"]["Memory"] for one in found]

    # What is pushed never comes to this Prometheus.
    done = fleet("wrong")
    assert done.returncode != 0
    assert (
        "first: the validation of its release failed, so no further host was touched" in done.stdout
    )
    assert "not reach the gateway" in done.stdout
    assert "ansible-playbook vya.observability.rollback --limit first" in done.stdout
    assert running("first")
    assert not running("second")
    # Nothing has changed since, and still it is not proven.
    again = fleet("wrong")
    assert again.returncode != 0
    assert not running("second")

    done = fleet("right")
    assert done.returncode == 0, done.stdout
    assert running("second")
    before = running("first")

    # A new release that is not proven: the one before comes back.
    done = fleet("wrong", collector_memory="200m", deploy_rollback=True)
    assert done.returncode != 0
    assert "The previous release is back." in done.stdout
    assert running("first") == before


def test_the_test_host_comes_first_and_is_asked_each_time(
    fleet: Callable[..., subprocess.CompletedProcess[str]], docker_client: docker.DockerClient
) -> None:
    name = fleet.name  # type: ignore[attr-defined]

    def running() -> set[str]:
        found = docker_client.containers.list(filters={"name": f"^{name}-"})
        return {one.name.rsplit("-", 1)[-1] for one in found}

    passed_by = fleet("right", "--limit", "first", gate="second")
    assert passed_by.returncode != 0
    assert has_fault(passed_by.stdout, "gate.left_out", "deploy_gate")
    assert running() == set()

    done = fleet("right", "--limit", "second", gate="second")
    assert done.returncode == 0, done.stdout
    assert running() == {"second"}
    # Its release is the one that was proven; but it is not well any more.
    done = fleet("wrong", gate="second")
    assert done.returncode != 0
    assert "second: the validation of its release failed" in done.stdout
    assert running() == {"second"}
