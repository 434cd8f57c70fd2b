# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private addresses of IPv6 in what the roles would deploy, and names that no DNS knows."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._docker.ports import read_ports

from .tools import play

ROLES = ("prometheus", "alertmanager", "grafana", "collector")
PLAYBOOK = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/services.json"
        content: "{{ query('vya.observability.services', *roles) | to_json }}"
        mode: "0600"
"""
NAME = "prometheus.example.com"
HUB = {"ansible_connection": "local", "observability_address": "fd00::20"}
EDGE = {"ansible_host": "fd00::30"}
ALL: dict[str, Any] = {
    "ansible_python_interpreter": sys.executable,
    "roles": list(ROLES),
    "observability_domain": "example.com",
    "observability_dns": False,
    "observability_ca_path": "",
    "image_references": {role: f"{role}:1" for role in ROLES},
    "collector_region": "usa",
    "collector_api_keys": ["key-of-the-test-0123456789"],
    "grafana_mode": "managed",
    "grafana_password": "pass-word-of-grafana",
    "grafana_loki_url": f"https://{NAME}/loki",
    "pushgateway_mode": "existing",
    "pushgateway_url": f"https://{NAME}/pushgateway",
    "prometheus_bind_address": "fd00::20",
    "alertmanager_bind_address": "::1",
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the roles would run on the hub, by role; the rest is on another host."""
    directory = tmp_path_factory.mktemp("addresses")
    inventory = {
        "all": {"vars": ALL, "hosts": {"hub": HUB, "edge": EDGE}},
        **{role: {"hosts": {"hub": {}}} for role in ROLES},
        **{role: {"hosts": {"edge": {}}} for role in ("traefik", "victoriametrics", "pushgateway")},
    }
    done = play(directory, PLAYBOOK, inventory)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = json.loads((directory / "services.json").read_text())
    return dict(zip(ROLES, listed, strict=True))


def test_where_services_are_published(services: dict[str, Any]) -> None:
    published = {
        role: [port.address for text in of["release"]["ports"] for port in read_ports(text)]
        for role, of in services.items()
    }
    assert published["prometheus"] == ["fd00::20"]
    assert published["alertmanager"] == ["::1"]
    # Traefik leads there from another host.
    assert published["grafana"] == ["fd00::20"]
    assert published["collector"] == ["fd00::20", "127.0.0.1"]
    urls = {role: urlsplit(services[role]["config"]["url"]) for role in ROLES[:2]}
    assert (urls["prometheus"].hostname, urls["prometheus"].port) == ("fd00::20", 9090)
    assert (urls["alertmanager"].hostname, urls["alertmanager"].port) == ("::1", 9093)


def test_what_they_connect_to(services: dict[str, Any]) -> None:
    config = yaml.safe_load(services["prometheus"]["config"]["files"]["prometheus.yml"])
    assert [each["url"] for each in config["remote_write"]] == [
        "http://[fd00::30]:8428/api/v1/write"
    ]
    (gateway,) = [each for each in config["scrape_configs"] if each["job_name"] == "pushgateway"]
    assert (gateway["scheme"], gateway["metrics_path"]) == ("https", "/pushgateway/metrics")
    assert gateway["static_configs"] == [{"targets": [f"{NAME}:443"]}]


@pytest.mark.parametrize("role", ["prometheus", "grafana", "collector"])
def test_names_that_no_dns_knows(services: dict[str, Any], role: str) -> None:
    assert services[role]["release"]["etc_hosts"] == {NAME: "fd00::30"}
