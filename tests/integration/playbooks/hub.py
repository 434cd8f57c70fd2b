# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with a Prometheus of the collection, and services of the user's own."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
import requests

from ..conftest import free_port
from .tools import ROOT, play

PLAYBOOK = f"- import_playbook: {ROOT}/playbooks/deploy.yml"
VALIDATE = f"- import_playbook: {ROOT}/playbooks/validate.yml"
DRILL = f"- import_playbook: {ROOT}/playbooks/drill.yml"
REMOVE = f"- import_playbook: {ROOT}/playbooks/remove.yml"
ROLLBACK = f"- import_playbook: {ROOT}/playbooks/rollback.yml"
OTHERS = ("collector", "pushgateway", "alertmanager", "victoriametrics", "traefik", "grafana")


class Hub:
    """A host with a Prometheus and services of the user's own; both on this machine."""

    def __init__(self, client: docker.DockerClient, directory: Path) -> None:
        self.docker, self.directory = client, directory
        self.name = f"vyatest-{uuid.uuid4().hex[:8]}"
        self.port = free_port()
        self._variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "observability_state_directory": str(directory / "state"),
            "observability_config_directory": str(directory / "config"),
            "observability_network": self.name,
            "observability_image_source": "packages",
            "observability_ca_path": "",
            "prometheus_container_name": f"{self.name}-prometheus",
            "prometheus_volume": f"{self.name}-prometheus",
            "prometheus_port": self.port,
            "prometheus_scrape_interval": "1s",
            "prometheus_alerting_rules": False,
        }

    def play(
        self,
        services: list[dict[str, Any]],
        *arguments: str,
        playbook: str = PLAYBOOK,
        others: dict[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        **groups: Any,
    ) -> subprocess.CompletedProcess[str]:
        variables = {**self._variables, "observability_services": services}
        inventory = {
            "prometheus": {"hosts": {"hub": variables}},
            "services": {"hosts": {"hub": {}, **(others or {})}},
            **{group: {"hosts": {}} for group in OTHERS},
            **groups,
        }
        arguments = ("--skip-tags", "proof", *arguments)
        return play(self.directory, playbook, inventory, *arguments, environment=environment)

    def deploy(self, services: list[dict[str, Any]]) -> str:
        done = self.play(services)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        return done.stdout

    def exporter(self, image: str, **release: Any) -> dict[str, Any]:
        """A server with metrics of its own."""
        ready = "http://127.0.0.1:9091/-/ready"
        return {
            "release": {
                "name": f"{self.name}-exporter",
                "image": image,
                "user": "65534:65534",
                "healthcheck": {"test": ["CMD", "wget", "-q", "-O", "/dev/null", ready]},
                "settle": 0,
                **release,
            },
            "scrape": {"job": "node", "port": 9091, "labels": {"site": "test"}},
        }

    def targets(self) -> list[tuple[str, str, str]]:
        answer = requests.get(f"http://127.0.0.1:{self.port}/api/v1/targets", timeout=5).json()
        return [
            (one["labels"]["job"], one["labels"].get("site", ""), one["health"])
            for one in answer["data"]["activeTargets"]
            if one["labels"]["job"] == "node"
        ]

    def exists(self) -> bool:
        return bool(
            self.docker.containers.list(
                filters={"name": f"^{self.name}-exporter$"}, ignore_removed=True
            )
        )
