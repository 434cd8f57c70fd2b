# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""fleet: facts about hosts whose variables refer to defaults of roles that are not loaded there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ....processes import play

# Where facts are asked for, no role is loaded.
PLAYBOOK = """
- hosts: asking
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact:
        facts:
          groups: "{{ query('vya.observability.fleet', 'collector_groups') }}"
          own: "{{ query('vya.observability.fleet', 'collector') }}"
          push: "{{ lookup('vya.observability.fleet', 'slowest_push') }}"
          exporters: "{{ query('vya.observability.fleet', 'n8n_exporters') }}"
          pings: "{{ query('vya.observability.fleet', 'ping_sources') }}"
          pinged: "{{ query('vya.observability.fleet', 'ping_sources', hosts=['asking']) }}"
          others: "{{ query('vya.observability.fleet', 'ping_sources', hosts=['other']) }}"
          where: "{{ query('vya.observability.fleet', 'ping_locations', hosts=['other']) }}"
          often: "{{ lookup('vya.observability.fleet', 'ping_interval') }}"
          rules: "{{ query('vya.observability.fleet', 'rule_groups', hosts=['asking']) }}"
          nothing: "{{ query('vya.observability.fleet', 'lost_host_checks', hosts=[]) }}"
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/facts.json"
        content: "{{ facts | to_json }}"
        mode: "0600"
"""
INVENTORY: dict[str, Any] = {
    "all": {
        "vars": {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "observability_domain": "example.org",
        },
        "children": {
            "collector": {
                "hosts": {
                    "asking": {
                        "collector_region": "usa",
                        "collector_api_keys": ["key of the test"],
                        "collector_databases": [{"name": "{{ base }}"}],
                        "base": "n8n",
                    },
                    "other": {
                        "collector_region": "{{ country | lower }}",
                        "collector_host": "{{ inventory_hostname }}.{{ observability_domain }}",
                        "collector_pushgateway_interval_seconds": "{{ 45 * 2 }}",
                        "country": "Brazil",
                    },
                }
            },
            "ping": {"hosts": {"other": {"ping_location": "{{ collector_host }}"}}},
            "n8n_exporter": {
                "hosts": {
                    "asking": {"n8n_exporter_exporters": ["nodes"]},
                    "stored": {
                        "n8n_exporter_victoriametrics_url": (
                            "http://{{ observability_bind_address }}:8428"
                        )
                    },
                }
            },
            "prometheus": {"hosts": {"asking": {}}},
        },
    }
}


def run(
    directory: Path, inventory: dict[str, Any], playbook: str = PLAYBOOK
) -> subprocess.CompletedProcess[str]:
    """Ask for facts; `facts.json` has the answers."""
    (directory / "play.yml").write_text(playbook)
    (directory / "hosts.yml").write_text(json.dumps(inventory))
    return play("-i", directory / "hosts.yml", directory / "play.yml", seconds=120)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The facts, by name."""
    directory = tmp_path_factory.mktemp("fleet")
    done = run(directory, INVENTORY)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads((directory / "facts.json").read_text())
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "groups",
            [
                {"job": "collector_api_asking_usa", "instance": "asking"},
                {
                    "job": "collector_api_other.example.org_brazil",
                    "instance": "other.example.org",
                },
            ],
        ),
        (
            "own",
            [
                {
                    "host": "asking",
                    "region": "usa",
                    "url": "https://api-monitoring.example.org",
                    "keys": ["key of the test"],
                    "interval": 60,
                    "databases": ["n8n"],
                    "database_hosts": {},
                    "victoriametrics": False,
                }
            ],
        ),
        ("push", 90),
        ("exporters", [{"instance": "asking", "exporter": "nodes"}]),
        ("pings", ["other.example.org"]),
        ("pinged", ["other.example.org"]),
        ("others", []),
        ("where", ["brazil"]),
        ("often", 30.0),
        (
            "rules",
            ["vya-collector", "vya-database", "vya-ping", "vya-n8n", "vya-pipeline"],
        ),
        ("nothing", []),
    ],
)
def test_a_fact(facts: dict[str, Any], name: str, expected: Any) -> None:
    assert facts[name] == expected


def test_a_variable_that_cannot_be_evaluated_is_named(tmp_path: Path) -> None:
    inventory = json.loads(json.dumps(INVENTORY))
    other = inventory["all"]["children"]["collector"]["hosts"]["other"]
    other["collector_region"] = "{{ no_such_variable }}"
    done = run(tmp_path, inventory)
    assert done.returncode != 0
    assert "collector_region of other cannot be evaluated" in done.stdout + done.stderr


WHERE_A_ROLE_IS_LOADED = """
- hosts: collector
  gather_facts: false
  vars_files: ROLES
  tasks:
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/facts.json"
        content: "{{ query('vya.observability.fleet', 'checks_from') | to_json }}"
        mode: "0600"
"""


@pytest.mark.parametrize(
    ("more", "checker"), [({}, "hub"), ({"validate_ca_path": "/c"}, "localhost")]
)
def test_the_default_of_a_role_that_is_loaded_is_not_set_by_the_user(
    tmp_path: Path, more: dict[str, str], checker: str
) -> None:
    roles = Path(__file__).parents[4] / "roles"
    loaded = [str(roles / role / "defaults/main.yml") for role in ("observability", "validate")]
    hub = {"hub": {"ansible_connection": "ssh", "ansible_host": "192.0.2.20"}}
    inventory = {
        "all": {
            "vars": INVENTORY["all"]["vars"],
            "children": {
                "collector": {"hosts": {"wf001": {"collector_region": "usa"}}},
                "traefik": {"hosts": hub},
            },
        }
    }
    extra = tmp_path / "extra.json"
    extra.write_text(json.dumps(more))
    playbook = WHERE_A_ROLE_IS_LOADED.replace("ROLES", json.dumps([*loaded, str(extra)]))
    done = run(tmp_path, inventory, playbook)
    assert done.returncode == 0, done.stdout
    assert json.loads((tmp_path / "facts.json").read_text()) == [checker]
