# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""overview: what runs where, where each value is from, and how it is shown."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.action.fleet_info import lines
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.overview import overview

from .test_topology import FOUR, HUB, STORE, fleet

REACHED = (
    "collector_victoriametrics_url",
    "prometheus_pushgateway_target",
    "prometheus_remote_write_url",
    "prometheus_alertmanager_targets",
    "prometheus_traefik_target",
    "grafana_prometheus_url",
    "grafana_victoriametrics_url",
    "grafana_alertmanager_url",
    "grafana_loki_url",
)
GATEWAY = "https://prometheus.example.com/pushgateway"


EVERY = {host: {} for hosts in FOUR.values() for host in hosts}


def planned(groups: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The plan of a fleet in which nothing is reached but the gateway."""
    usual = {**dict.fromkeys(REACHED, ""), "collector_pushgateway_url": GATEWAY}
    every = {**usual, "observability_services": [], **settings}
    return overview(fleet({**groups, "all": EVERY}, **every))


def test_what_is_there_is_shown_as_it_is_set() -> None:
    settings: dict[str, Any] = {
        "grafana_mode": "existing",
        "grafana_url": "https://grafana.other.example",
        "grafana_prometheus_url": "https://prometheus.example.com",
        "prometheus_mode": "existing",
        "prometheus_existing_url": "http://192.0.2.9:9090",
        "prometheus_existing_rules_directory": "/etc/prometheus/rules.d/vya",
    }
    hub = next(each for each in planned(FOUR, **settings) if each["host"] == "hub")
    of = {each["role"]: each for each in hub["services"]}

    def shown(role: str, key: str) -> list[str]:
        return [f"{each['variable']} {each['value']}" for each in of[role][key]]

    name = of["grafana"]["name"]
    assert (name["variable"], name["value"]) == ("grafana_url", settings["grafana_url"])
    assert shown("grafana", "reaches") == ["grafana_prometheus_url https://prometheus.example.com"]
    assert shown("prometheus", "asked_at") == ["prometheus_existing_url http://192.0.2.9:9090"]
    assert shown("prometheus", "files_in") == [
        "prometheus_existing_rules_directory /etc/prometheus/rules.d/vya"
    ]
    assert (shown("prometheus", "reaches"), shown("grafana", "asked_at")) == ([], [])
    assert "prometheus_existing_rules_directory" in "\n".join(lines([hub]))


def test_hosts_that_are_one_machine() -> None:
    groups: dict[str, Any] = {
        "collector": {"wf001": {"ansible_host": "192.0.2.1"}, "wf008": {"ansible_host": HUB}},
        "traefik": {"hub": {"ansible_host": HUB}},
    }
    found = planned(groups)
    assert {host["host"]: host["same_machine"] for host in found} == {
        "wf001": [],
        "wf008": ["hub"],
        "hub": ["wf008"],
    }
    (head,) = (line for line in lines(found) if line.startswith("hub"))
    assert "wf008" in head


def test_what_runs_where() -> None:
    found = {host["host"]: host for host in planned(FOUR, victoriametrics_mode="existing")}
    assert [*found] == ["wf001", "wf008", "store", "hub"]
    assert [host["same_machine"] for host in found.values()] == [[], [], [], []]
    assert (found["hub"]["ca"], found["hub"]["checks"], found["wf001"]["ca"]) == (True, True, False)
    collector = found["wf001"]["services"][0]
    assert collector["role"] == "collector"
    assert collector["reached_by"] == ["traefik (hub)"]
    assert collector["name"]["derived"]
    assert [each["variable"] for each in collector["reaches"]] == ["collector_pushgateway_url"]
    assert not collector["reaches"][0]["derived"]
    traefik = next(each for each in found["hub"]["services"] if each["role"] == "traefik")
    assert traefik["listens"] == [
        {"value": "127.0.0.1:8081", "variable": "traefik_api_bind_address", "derived": True}
    ]
    assert not found["store"]["services"][0]["managed"]
    text = "\n".join(lines([*found.values()]))
    assert all(word in text for word in (HUB, STORE, "collector_url", "traefik (hub)"))
