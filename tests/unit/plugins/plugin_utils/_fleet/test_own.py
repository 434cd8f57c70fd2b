# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of the user's own."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import machines, own

from .fleets import fleet

RELEASE: dict[str, Any] = {"name": "node-exporter", "image": "prom/node-exporter:v1.9.1"}
SCRAPE: dict[str, Any] = {"job": "node", "port": 9100}


def host(address: str, **release: Any) -> dict[str, Any]:
    entry = {"release": {**RELEASE, **release}, "scrape": SCRAPE}
    return {
        "ansible_host": address,
        "observability_network": "vya",
        "observability_services": [entry],
    }


def test_a_service_joins_the_network_unless_it_says_otherwise() -> None:
    (service,) = own.own_services(host("192.0.2.7"))
    assert service["release"]["networks"] == [{"name": "vya"}]
    assert "scrape" not in service
    for option in ({"network_mode": "host"}, {"networks": []}):
        (service,) = own.own_services(host("192.0.2.7", **option))
        assert service["release"] == {**RELEASE, **option}


@pytest.mark.parametrize(
    ("address", "release", "expected"),
    [
        ("192.0.2.1", {}, "node-exporter:9100"),
        ("192.0.2.1", {"network_mode": "host"}, "192.0.2.1:9100"),
        ("192.0.2.7", {"network_mode": "host"}, "192.0.2.7:9100"),
        ("192.0.2.7", {"ports": ["0.0.0.0:19100:9100"]}, "192.0.2.7:19100"),
        ("192.0.2.7", {"ports": ["10.0.0.7:19100:9100"]}, "10.0.0.7:19100"),
        ("192.0.2.7", {"ports": ["[2001:db8::7]:19100:9100"]}, "[2001:db8::7]:19100"),
        ("192.0.2.7", {"ports": ["9100:9100"]}, ""),
        ("192.0.2.7", {"ports": ["0.0.0.0:80:8080"]}, ""),
    ],
)
def test_where_prometheus_reaches_it(address: str, release: dict[str, Any], expected: str) -> None:
    known = fleet(
        prometheus={"hub": {"ansible_host": "192.0.2.1"}}, all={"far": host(address, **release)}
    )
    known.groups = {"all": ["far"], "prometheus": ["hub"]}
    targets = [expected] if expected else []
    groups = [{"targets": targets, "labels": {"host": "far"}}] if targets else []
    assert own.own_scrapes(known, "hub") == ({"node": groups} if groups else {})


def test_a_target_of_ones_own_and_a_service_that_is_removed() -> None:
    variables = host("192.0.2.7")
    variables["observability_services"][0]["scrape"] = {**SCRAPE, "target": "192.0.2.9:1"}
    known = fleet(all={"far": variables})
    assert own.own_scrapes(known, "far")["node"][0]["targets"] == ["192.0.2.9:1"]
    variables["observability_services"][0]["state"] = "absent"
    assert own.own_scrapes(known, "far") == {}
    assert own.own_names(variables) == []


def test_its_ports_meet_those_of_others() -> None:
    known = fleet(all={"far": host("192.0.2.7", ports=["0.0.0.0:9100:9100"])})
    assert machines.listeners(known, "far") == [
        {
            "host": "far",
            "variable": "observability_services[node-exporter]",
            "address": "0.0.0.0",
            "port": 9100,
        }
    ]
