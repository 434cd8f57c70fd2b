# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus, Alertmanager and Pushgateway as the roles make them, with short intervals."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import requests
import yaml

from ansible_collections.vya.observability.plugins.module_utils._drill.delivery import Webhook
from ansible_collections.vya.observability.plugins.plugin_utils._alerts.files import alerts

from ...processes import PLAYBOOK, environment, run_module, start_module
from ..conftest import PROJECT, RunService, Service, free_port, wait_until

# What the roles write, as they write it; only the intervals are shorter.
PLAY = """
- hosts: wfdb01
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: "vya.observability.{{ item }}"
        tasks_from: preflight
        public: true
      loop: [prometheus, alertmanager]
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/files.json"
        content: >-
          {{ {'prometheus': prometheus_files, 'alertmanager': alertmanager_files} | to_json }}
        mode: "0644"
"""
SHORT: dict[str, Any] = {
    "prometheus_scrape_interval": "1s",
    "prometheus_evaluation_interval": "1s",
    "prometheus_alertmanager_targets": ["alertmanager:9093"],
    "prometheus_pushgateway_target": "pushgateway:9091",
    "prometheus_traefik_target": "traefik:8081",
    "prometheus_expected_collectors": [
        {"job": "collector_api_drill_collectorabsent", "instance": "drill-collectorabsent"}
    ],
    "prometheus_expected_ping_sources": ["drill"],
    "prometheus_expected_n8n_exporters": [{"instance": "wf001", "exporter": "nodes"}],
    "prometheus_expected_validations": ["production"],
    "prometheus_alerts": {
        **{
            alert: {"for": "2s", **{name: 1 for name in of.get("values", {}) if name == "minutes"}}
            for alert, of in alerts().items()
        },
        "PushGroupStale": {"for": "2s", "hours": 0.002},
        "ValidationStale": {"for": "2s", "hours": 24},
        "PushFailing": {"for": "2s", "seconds": 5},
    },
    # It is about what is not there, so nothing can mark it.
    "alertmanager_routes": [
        {"matchers": ['alertname="CollectorAbsent"'], "receiver": "drill", "continue": True}
    ],
    "alertmanager_group_wait": "1s",
    "alertmanager_group_interval": "1s",
    "alertmanager_severities": {"critical": {"group_wait": "1s"}},
}
# What the action plugin passes on.
SCENARIOS = {name: alert["drill"] for name, alert in alerts().items()}
COLLECTOR = "adminvyadigital/n8n-collector-api:0.1.0"
REAL = "collector_api_wf001_usa"  # its job
INTERVAL = 2  # seconds between two pushes of the collectors, as the rules believe


@dataclass
class Stack:
    """The three services, and where the drill takes messages."""

    arguments: dict[str, Any]
    operators_listen: str
    operators: Webhook
    network: Any

    def url(self, service: str) -> str:
        url: str = self.arguments[service]["url"]
        return url

    def drill(self, check: bool = False, **arguments: Any) -> Any:
        arguments = {**self.arguments, **arguments}
        return run_module("alert_drill", arguments, check=check, seconds=300)[0]

    def start(self, under: Sequence[str] = (), **arguments: Any) -> subprocess.Popen[str]:
        return start_module("alert_drill", {**self.arguments, **arguments}, under=under)

    def alerts(self) -> set[str]:
        answer = requests.get(f"{self.url('prometheus')}/api/v1/rules?type=alert", timeout=5)
        groups = answer.json()["data"]["groups"]
        return {rule["name"] for group in groups for rule in group["rules"]}

    def jobs(self) -> set[str]:
        data = requests.get(f"{self.url('pushgateway')}/api/v1/metrics", timeout=5).json()["data"]
        return {group["labels"]["job"] for group in data}


def ansible(directory: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start ansible-playbook as a shell does: a process group of its own, which Ctrl-C goes to."""
    return subprocess.Popen(
        [PLAYBOOK, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=environment(ANSIBLE_HOME=str(directory / "home"), ANSIBLE_VERBOSITY="1"),
    )


def rendered(directory: Path, variables: dict[str, Any]) -> dict[str, dict[str, str]]:
    roles = PROJECT / "roles"
    (directory / "play.yml").write_text(PLAY)
    # Templates and files are looked for beside a play as well.
    (directory / "files").symlink_to(roles / "alertmanager/files")
    (directory / "templates").symlink_to(roles / "prometheus/templates")
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    interval = {"collector_region": "usa", "collector_pushgateway_interval_seconds": INTERVAL}
    children: dict[str, Any] = {
        "prometheus": {"hosts": {"wfdb01": {}}},
        "alertmanager": {"hosts": {"wfdb01": {}}},
        "collector": {"hosts": {"wf001": interval}},
    }
    inventory = directory / "hosts.yml"
    inventory.write_text(
        yaml.safe_dump({"all": {"vars": {**local, **variables}, "children": children}})
    )
    playing = ansible(directory, "-i", str(inventory), str(directory / "play.yml"))
    output, errors = playing.communicate(timeout=120)
    assert playing.returncode == 0, output + errors
    files: dict[str, dict[str, str]] = json.loads((directory / "files.json").read_text())
    return files


def written(directory: Path, files: dict[str, str]) -> dict[str, dict[str, str]]:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {str(directory): {"bind": f"/etc/{directory.name}", "mode": "ro"}}


@contextmanager
def running(
    client: docker.DockerClient, run_service: RunService, directory: Path
) -> Iterator[Stack]:
    """All three, each reachable by its name in a network of their own."""
    directory.chmod(0o755)
    directory.parent.chmod(0o755)
    network = client.networks.create(f"vyatest-{uuid.uuid4().hex[:8]}")
    try:
        stack = _started(network, run_service, directory)
        yield stack
        stack.operators.close()
    finally:
        network.reload()
        for container in network.containers:
            network.disconnect(container, force=True)
        network.remove()


def _started(network: Any, run_service: RunService, directory: Path) -> Stack:
    network.reload()
    host = network.attrs["IPAM"]["Config"][0]["Gateway"]
    listen, operators = f"{host}:{free_port()}", f"{host}:{free_port()}"
    receiver = {"name": "operators", "webhooks": [{"url": f"http://{operators}/"}]}
    receivers = {
        "alertmanager_receivers": [receiver],
        "alertmanager_drill_webhook_url": f"http://{listen}/drill",
    }
    files = rendered(directory, {**SHORT, **receivers})

    def run(name: str, **options: Any) -> Service:
        service = run_service(name, **options)
        network.connect(service.container, aliases=[name])
        return service

    started = {
        "pushgateway": run("pushgateway"),
        "alertmanager": run(
            "alertmanager",
            user="0:0",
            command=[
                "--config.file=/etc/alertmanager/alertmanager.yml",
                "--storage.path=/tmp",
                "--cluster.listen-address=",
            ],
            volumes=written(directory / "alertmanager", files["alertmanager"]),
        ),
        "prometheus": run(
            "prometheus",
            user="0:0",
            command=[
                "--config.file=/etc/prometheus/prometheus.yml",
                "--storage.tsdb.path=/tmp/data",
            ],
            volumes=written(directory / "prometheus", files["prometheus"]),
        ),
    }
    services = {name: {"url": one.url()} for name, one in started.items()}
    arguments = {
        **services,
        "scenarios": SCENARIOS,
        "webhook_listen": listen,
        "push_interval": 1,
        "timeout_hops": 120,
    }
    made = Stack(arguments, operators, Webhook(operators), network)
    active = f"{made.url('prometheus')}/api/v1/alertmanagers"
    wait_until(
        lambda: requests.get(active, timeout=5).json()["data"]["activeAlertmanagers"],
        30,
        "an Alertmanager at Prometheus",
    )
    return made


@contextmanager
def collector(client: docker.DockerClient, stack: Stack, directory: Path) -> Iterator[Any]:
    """A real collector of the host wf001, which pushes to the stack; its container."""
    (directory / "keys").write_text("a-key-of-the-tests-0123456789")
    config = {
        "host": "wf001",
        "region": "usa",
        "location": "usa",
        "api": {"keys_file": "/drill/keys"},
        "pushgateway": {
            "url": "http://pushgateway:9091",
            "interval_seconds": 1,
            "timeout_seconds": 1,
        },
    }
    (directory / "collector.json").write_text(json.dumps(config))
    for path in (directory.parent, directory, *directory.iterdir()):
        path.chmod(0o755)
    container = client.containers.run(
        COLLECTOR,
        ["api", "--config", "/drill/collector.json"],
        detach=True,
        read_only=True,
        tmpfs={"/tmp": ""},
        network=stack.network.name,
        volumes={str(directory): {"bind": "/drill", "mode": "ro"}},
        labels={"vya.observability.test": "1"},
    )
    try:
        wait_until(lambda: REAL in stack.jobs(), 30, "a push of the collector")
        yield container
    finally:
        container.remove(force=True, v=True)
        requests.delete(f"{stack.url('pushgateway')}/metrics/job/{REAL}/instance/wf001", timeout=5)
