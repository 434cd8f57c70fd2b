# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts with a collector each, all of them on this machine, and playbooks that work on them."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker

from ..conftest import RunService, free_port
from .tools import ROOT, play

# Those that a deploy demands, empty.
OTHERS = ("pushgateway", "prometheus", "alertmanager", "victoriametrics", "traefik", "grafana")
SCRAPING = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: pushgateway
    honor_labels: true
    static_configs: [{{targets: ["{target}"]}}]
"""


class Collectors:
    """Hosts, a gateway, and two servers of Prometheus: `right` scrapes it, `wrong` does not."""

    def __init__(
        self,
        run_service: RunService,
        client: docker.DockerClient,
        directory: Path,
        names: Sequence[str],
    ) -> None:
        self.docker, self.directory, self._run_service = client, directory, run_service
        self.name = f"vyatest-{uuid.uuid4().hex[:8]}"
        self.hosts = {host: self.host(host) for host in names}
        self.gateway = run_service("pushgateway")
        # The collectors reach it by the network that they are deployed to, Prometheus by Docker's.
        client.networks.create(self.name).connect(self.gateway.container)
        self.gateway.container.reload()
        networks = self.gateway.container.attrs["NetworkSettings"]["Networks"]
        inside, address = networks[self.name]["IPAddress"], networks["bridge"]["IPAddress"]
        self.variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "observability_state_directory": str(directory / "state"),
            "observability_config_directory": str(directory / "config"),
            "observability_network": self.name,
            "observability_image_source": "packages",
            "observability_ca_path": "",
            "image_references": {"collector": "adminvyadigital/n8n-collector-api:0.1.0"},
            "observability_other_prefixes": ["image_references"],
            "collector_api_keys": ["a-key-of-the-gate-test-1"],
            "collector_pushgateway_url": f"http://{inside}:9091",
            "validate_pushgateway_url": self.gateway.url(),
            "validate_alertmanager_url": "",
            "validate_wait_seconds": 4,
            "deploy_settle_seconds": 2,
            # The daemon has containers of other tests.
            "validate_releases_checked": False,
        }
        self._urls = {
            "right": self._prometheus(f"{address}:9091"),
            "wrong": self._prometheus("127.0.0.1:9"),
        }

    def host(self, name: str, **more: Any) -> dict[str, Any]:
        """The variables of a host."""
        return {
            "collector_container_name": f"{self.name}-{name}",
            "collector_region": "test",
            "collector_api_port": (port := free_port()),
            "collector_url": f"http://127.0.0.1:{port}",
            "collector_metrics_port": free_port(),
            **more,
        }

    def _prometheus(self, target: str) -> str:
        config = self.directory / f"{uuid.uuid4().hex}.yml"
        config.write_text(SCRAPING.format(target=target))
        config.chmod(0o644)
        service = self._run_service(
            "prometheus",
            command=["--config.file=/etc/prometheus/test.yml", "--storage.tsdb.path=/tmp/data"],
            volumes=[f"{config}:/etc/prometheus/test.yml:ro"],
        )
        return service.url()

    def play(
        self,
        which: str,
        *arguments: str,
        playbook: str = "deploy",
        of: Mapping[str, Mapping[str, Any]] | None = None,
        groups: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        **variables: Any,
    ) -> subprocess.CompletedProcess[str]:
        """Run a playbook.

        Args:
            which: Which Prometheus is asked.
            of: Variables by host, in addition; a new name is a new host.
            groups: Further groups of the inventory.
        """
        hosts = {
            host: {**self.hosts.get(host, {}), **(of or {}).get(host, {})}
            for host in {**self.hosts, **(of or {})}
        }
        of_all = {**self.variables, "validate_prometheus_url": self._urls[which], **variables}
        inventory = {
            "collector": {"hosts": hosts, "vars": of_all},
            **{group: {"hosts": {}} for group in (*OTHERS, "gate")},
            **(groups or {}),
        }
        text = f"- import_playbook: {ROOT}/playbooks/{playbook}.yml"
        as_json = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", **(environment or {})}
        return play(self.directory, text, inventory, *arguments, environment=as_json)

    def deploy(self, which: str, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.play(which, "--tags", "collector", *arguments, **more)

    def running(self) -> dict[str, int]:
        """The memory of each collector that runs, by host."""
        found = self.docker.containers.list(filters={"name": f"^{self.name}-"}, ignore_removed=True)
        return {
            one.name.rpartition("-")[2]: one.attrs["HostConfig"]["Memory"] >> 20
            for one in found
            if one.name.rpartition("-")[2] in self.hosts
        }

    def remove(self) -> None:
        for container in self.docker.containers.list(
            all=True, filters={"name": f"^{self.name}"}, ignore_removed=True
        ):
            container.remove(force=True, v=True)
        for volume in self.docker.volumes.list(filters={"name": self.name}):
            volume.remove(force=True)
        for network in self.docker.networks.list(names=[self.name]):
            network.disconnect(self.gateway.container, force=True)
            network.remove()


def told(run: subprocess.CompletedProcess[str]) -> list[str]:
    """Code and host of each release that was not proven, of a run that failed."""
    assert run.returncode != 0, run.stdout
    found = re.findall(r'"code": "(proof\.\w+)".*?"subject": "([^"]+)"', run.stdout, re.DOTALL)
    return [f"{code} {host}" for code, host in found]


@contextmanager
def collectors(*arguments: Any, kind: type[Collectors] = Collectors) -> Iterator[Any]:
    """Collectors that are removed at the end."""
    made = kind(*arguments)
    try:
        yield made
    finally:
        made.remove()
