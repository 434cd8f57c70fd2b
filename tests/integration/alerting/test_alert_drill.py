# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every alert's drill on a real Prometheus, Alertmanager and Pushgateway, with short intervals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
import requests
import yaml

from ansible_collections.vya.observability.plugins.module_utils._drill_scenarios import SCENARIOS
from ansible_collections.vya.observability.plugins.module_utils._drill_sink import Webhook

from ..conftest import PROJECT, RunService, Service, free_port, wait_until
from .tools import run_module, start_module

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
    "prometheus_alerts": {
        **{alert: {"for": "2s"} for alert in SCENARIOS},
        "PushGroupStale": {"for": "2s", "hours": 0.002},
        "PushFailing": {"for": "2s", "seconds": 5},
        **{
            alert: {"for": "2s", "minutes": 1}
            for alert in (
                "CollectorPushErrors",
                "CollectorSpoolDropping",
                "PingsRefused",
                "N8nErrorRateHigh",
                "RuleEvaluationFailing",
                "AlertNotificationsFailing",
            )
        },
    },
    "alertmanager_group_wait": "1s",
    "alertmanager_group_interval": "1s",
    "alertmanager_severities": {"critical": {"group_wait": "1s"}},
}
INTERVAL = 2  # seconds between two pushes of the collectors, as the rules believe


@dataclass
class Stack:
    """The three services, and where the drill takes messages."""

    arguments: dict[str, Any]
    operators: Webhook

    def url(self, service: str) -> str:
        url: str = self.arguments[service]["url"]
        return url

    def drill(self, **arguments: Any) -> Any:
        return run_module("alert_drill", seconds=300, **{**self.arguments, **arguments})

    def jobs(self) -> set[str]:
        data = requests.get(f"{self.url('pushgateway')}/api/v1/metrics", timeout=5).json()["data"]
        return {group["labels"]["job"] for group in data}


def rendered(directory: Path, variables: dict[str, Any]) -> dict[str, dict[str, str]]:
    roles = PROJECT / "roles"
    (directory / "play.yml").write_text(PLAY)
    # Templates and files are looked for beside a play as well.
    (directory / "files").symlink_to(roles / "alertmanager/files")
    (directory / "templates").mkdir()
    for role in ("prometheus", "alertmanager"):
        for path in (roles / role / "templates").iterdir():
            (directory / "templates" / path.name).symlink_to(path)
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
    program = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [program, "-i", inventory, directory / "play.yml"],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(PROJECT / ".build"),
            "ANSIBLE_HOME": str(directory / "home"),
        },
    )
    assert done.returncode == 0, done.stdout + done.stderr
    files: dict[str, dict[str, str]] = json.loads((directory / "files.json").read_text())
    return files


def written(directory: Path, files: dict[str, str]) -> dict[str, dict[str, str]]:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {str(directory): {"bind": f"/etc/{directory.name}", "mode": "ro"}}


@pytest.fixture(scope="module")
def network(docker_client: docker.DockerClient) -> Iterator[Any]:
    made = docker_client.networks.create(f"vyatest-{uuid.uuid4().hex[:8]}")
    yield made
    made.remove()


@pytest.fixture(scope="module")
def stack(
    network: Any,
    run_module_service: RunService,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    directory = tmp_path_factory.mktemp("drill")
    directory.chmod(0o755)
    directory.parent.chmod(0o755)
    network.reload()
    host = network.attrs["IPAM"]["Config"][0]["Gateway"]
    listen, operators = f"{host}:{free_port()}", f"{host}:{free_port()}"
    receiver = {"name": "operators", "webhooks": [{"url": f"http://{operators}/"}]}
    receivers = {
        "alertmanager_receivers": [receiver],
        "alertmanager_drill_webhook_url": f"http://{listen}/drill",
    }
    files = rendered(directory, {**SHORT, **receivers})

    def run(name: str, port: int, **options: Any) -> Service:
        service = run_module_service(
            name,
            port,
            ready=lambda one: requests.get(f"{one.url(port)}/-/ready", timeout=2).ok,
            **options,
        )
        network.connect(service.container, aliases=[name])
        return service

    started = {
        "pushgateway": run("pushgateway", 9091),
        "alertmanager": run(
            "alertmanager",
            9093,
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
            9090,
            user="0:0",
            command=[
                "--config.file=/etc/prometheus/prometheus.yml",
                "--storage.tsdb.path=/tmp/data",
            ],
            volumes=written(directory / "prometheus", files["prometheus"]),
        ),
    }
    ports = {"pushgateway": 9091, "alertmanager": 9093, "prometheus": 9090}
    services = {name: {"url": one.url(ports[name])} for name, one in started.items()}
    arguments = {**services, "webhook_listen": listen, "push_interval": 1, "timeout_hops": 120}
    sink = Webhook(operators)
    made = Stack(arguments, sink)
    active = f"{made.url('prometheus')}/api/v1/alertmanagers"
    wait_until(
        lambda: requests.get(active, timeout=5).json()["data"]["activeAlertmanagers"],
        30,
        "an Alertmanager at Prometheus",
    )
    yield made
    sink.close()


def test_every_alert_has_a_drill(stack: Stack) -> None:
    answer = requests.get(f"{stack.url('prometheus')}/api/v1/rules?type=alert", timeout=5).json()
    loaded = {rule["name"] for group in answer["data"]["groups"] for rule in group["rules"]}
    assert loaded == set(SCENARIOS)


def test_all_alerts_fire_arrive_and_clear(stack: Stack, record_property: Any) -> None:
    result = stack.drill(alerts=["all"])
    hops = [f"{one['alert']}: {one['seconds']}" for one in result["drills"]]
    print("\n".join(hops))
    record_property("hops", hops)
    assert not result.get("failed"), result["msg"]
    assert [one["missed"] for one in result["drills"]] == [""] * len(SCENARIOS)
    for one in result["drills"]:
        rise = [one["seconds"][hop] for hop in ("pending", "firing", "in Alertmanager", "told")]
        assert rise == sorted(rise)
        assert rise[1] > 0
    assert result["counts"]["pass"] == 7 * len(SCENARIOS)
    assert stack.jobs() == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_drill_that_is_stopped_leaves_nothing(stack: Stack, number: int) -> None:
    process = start_module("alert_drill", **{**stack.arguments, "alerts": ["DatabaseDown"]})
    wait_until(lambda: "drill_databasedown" in stack.jobs(), 30, "its group")
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert output, errors
    result = json.loads(output)
    assert result["failed"]
    assert "the drill was stopped" in result["msg"]
    assert stack.jobs() == set()


def test_what_a_killed_drill_leaves_the_next_one_removes(stack: Stack) -> None:
    process = start_module("alert_drill", **{**stack.arguments, "alerts": ["ClockOffsetHigh"]})
    wait_until(lambda: "drill_clockoffsethigh" in stack.jobs(), 30, "its group")
    process.kill()
    process.communicate(timeout=30)
    assert stack.jobs() == {"drill_clockoffsethigh"}
    result = stack.drill(alerts=["DatabaseDown"])
    assert not result.get("failed"), result["msg"]
    assert "drill_clockoffsethigh" in str(result["warnings"])
    assert stack.jobs() == set()


def test_a_receiver_that_hears_nothing_fails_the_drill(stack: Stack) -> None:
    host = stack.arguments["webhook_listen"].rpartition(":")[0]
    result = stack.drill(
        alerts=["DatabaseDown"], webhook_listen=f"{host}:{free_port()}", timeout_hops=12
    )
    assert result["failed"]
    assert "DatabaseDown told" in result["msg"]
    assert "no receiver for its route" in result["msg"]
    assert set(result["drills"][0]["seconds"]) >= {"pending", "firing", "in Alertmanager"}
    assert stack.jobs() == set()


def test_a_real_fault_is_watched_on_its_way_to_the_real_receiver(stack: Stack) -> None:
    group = f"{stack.url('pushgateway')}/metrics/job/real/instance/wf009"
    watched = {"alerts": ["PushGroupStale"], "labels": {"instance": "wf009"}}
    requests.put(group, data="one 1\n", timeout=5).raise_for_status()
    firing = stack.drill(**watched, watch="firing")
    assert not firing.get("failed"), firing["msg"]
    assert list(firing["drills"][0]["seconds"]) == ["pending", "firing", "in Alertmanager", "told"]
    assert stack.operators.arrived("firing", {"instance": "wf009"})
    requests.delete(group, timeout=5).raise_for_status()
    cleared = stack.drill(**watched, watch="cleared")
    assert not cleared.get("failed"), cleared["msg"]
    assert stack.operators.arrived("resolved", {"instance": "wf009"})


def test_check_mode_says_what_would_be_drilled(stack: Stack) -> None:
    result = stack.drill(check=True, alerts=["DatabaseDown", "ClockOffsetHigh"])
    assert result["msg"] == "would drill: DatabaseDown, ClockOffsetHigh"
    assert stack.jobs() == set()


def test_what_cannot_be_drilled_is_skipped_with_the_reason(stack: Stack) -> None:
    result = stack.drill(alerts=["NoSuchAlert"], timeout_hops=5)
    assert result["checks"][0]["status"] == "skip"
    assert result["checks"][0]["seen"] == "no drill is known for it"
    late = stack.drill(alerts=["CollectorStale"], timeout_hops=5)
    assert "it takes 8 s at least to fire" in late["checks"][0]["seen"]
