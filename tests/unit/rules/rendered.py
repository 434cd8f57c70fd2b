# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's rules as Ansible renders them, for fleets that differ."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ... import processes

ROOT = Path(__file__).parents[3]
ROLE = ROOT / "roles/prometheus"
# Templates are looked for beside a play as well: its folder has a link to the role's.
PLAY = """
- hosts: prometheus
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.prometheus
        tasks_from: preflight
        public: true
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/{{ inventory_hostname }}.json"
        content: "{{ prometheus_files | to_json }}"
        mode: "0644"
"""

# Variables of each server. `whole`: everything that can be alerted on is there.
SERVERS: dict[str, dict[str, Any]] = {
    "whole": {
        "prometheus_alertmanager_targets": ["alertmanager:9093"],
        "prometheus_expected_validations": ["production"],
    },
    "changed": {
        "prometheus_alertmanager_targets": ["alertmanager:9093"],
        "prometheus_runbook_url": "https://wiki.example.com/alerts",
        "prometheus_expected_collectors": [],
        "prometheus_expected_validations": ["production"],
        "prometheus_rules": {"own": [{"name": "own", "rules": [{"record": "a", "expr": "b"}]}]},
        "prometheus_alerts": {
            "CollectorMemoryHigh": {"megabytes": 300.5, "for": "1h", "severity": "critical"},
            "PingRttHigh": {"milliseconds": 80},
            "N8nErrorRateHigh": {"percent": 12.5, "minutes": 30},
            "CollectorStale": {"intervals": 5},
            "TargetDown": {"enabled": False},
        },
    },
    "alone": {
        "prometheus_traefik_target": "",
        "prometheus_expected_collectors": [],
        "prometheus_expected_ping_sources": [],
        "prometheus_expected_n8n_exporters": [],
    },
    "without": {"prometheus_alerting_rules": False},
}


def inventory(servers: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The fleet, with these servers."""
    return {
        "all": {
            "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
            "children": {
                "prometheus": {"hosts": servers},
                "traefik": {"hosts": {server: {} for server in servers}},
                "collector": {
                    "hosts": {
                        "wf001": {"collector_region": "usa"},
                        "wf008": {
                            "collector_region": "brazil",
                            "collector_host": "wf008.example.com",
                            "collector_pushgateway_interval_seconds": 90,
                        },
                    }
                },
                "ping": {"hosts": {"wf008": {"ping_location": "sao.paulo"}, "wf005": {}}},
                "n8n_exporter": {"hosts": {"wf001": {}}},
            },
        }
    }


@dataclass(frozen=True)
class Rendered:
    """The files of a server's configuration, and the rules of the collection in them."""

    files: dict[str, str]

    @property
    def rule_files(self) -> dict[str, str]:
        """The collection's own rule files."""
        return {name: text for name, text in self.files.items() if "/vya-" in name}

    @property
    def rules(self) -> list[dict[str, Any]]:
        """All their rules, in order."""
        parsed = [yaml.safe_load(text) for text in self.rule_files.values()]
        return [rule for each in parsed for group in each["groups"] for rule in group["rules"]]

    @property
    def alerts(self) -> dict[str, dict[str, Any]]:
        """The rules that alert, by name."""
        return {rule["alert"]: rule for rule in self.rules if "alert" in rule}


def play(directory: Path, text: str, role: Path, inventory: dict[str, Any]) -> None:
    """Run a play, which finds templates and files of the role."""
    (directory / "play.yml").write_text(text)
    for name in ("templates", "files"):
        (directory / name).symlink_to(role / name)
    hosts = directory / "hosts.yml"
    hosts.write_text(yaml.safe_dump(inventory))
    done = processes.play(
        *("-i", hosts, directory / "play.yml"), seconds=120, ANSIBLE_HOME=str(directory / "home")
    )
    assert done.returncode == 0, done.stdout + done.stderr


def render(
    directory: Path, servers: dict[str, dict[str, Any]] | None = None
) -> dict[str, Rendered]:
    """What each of the servers gets."""
    servers = SERVERS if servers is None else servers
    play(directory, PLAY, ROLE, inventory(servers))
    return {
        server: Rendered(json.loads((directory / f"{server}.json").read_text()))
        for server in servers
    }
