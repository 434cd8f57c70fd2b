# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deploy plans for a host."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import plan

from .fleets import COLLECTOR, fleet

EXPORTER: dict[str, Any] = {"release": {"name": "node-exporter"}}
FLEET = fleet(
    traefik={"edge": {}},
    prometheus={"edge": {"prometheus_mode": "existing"}},
    pushgateway={"edge": {"observability_services": [EXPORTER]}},
    collector={"edge": COLLECTOR, "far": {**COLLECTOR, "collector_pushgateway_url": "http://b"}},
    ping={"edge": {"ping_container_name": "prod-ping-service"}},
)


@pytest.mark.parametrize(
    ("run", "skip", "expected"),
    [
        (["all"], [], ["pushgateway", "traefik", "services", "collector", "ping"]),
        (["stack"], [], ["pushgateway", "traefik"]),
        (["all"], ["stack", "ping"], ["services", "collector"]),
        (["traefik", "services"], [], ["traefik", "services"]),
        (["proof"], [], []),
    ],
)
def test_tags_select_what_is_planned(run: list[str], skip: list[str], expected: list[str]) -> None:
    assert plan.selected(FLEET, "edge", run, skip) == expected


def test_an_existing_service_is_checked_if_its_tag_is_selected() -> None:
    assert plan.existing(FLEET, "edge", ["all"], []) == ["prometheus"]
    assert plan.existing(FLEET, "edge", ["collector"], []) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["prod-collector-api"], ["collector"]),
        (["traefik", "prod-ping-service"], ["stack", "ping"]),
        (["node-exporter"], ["stack"]),
    ],
)
def test_what_changes_on_a_host(names: list[str], expected: list[str]) -> None:
    assert plan.pending(FLEET, "edge", names, []) == expected


def test_each_gateway_is_asked_once() -> None:
    gateway = {"collector_pushgateway_url": "http://a"}
    hosts = {"one": gateway, "two": gateway, "three": {"collector_pushgateway_url": "http://b"}}
    found = plan.gateways(fleet(collector=hosts), ["one", "two", "three"])
    assert [each["url"] for each in found] == ["http://a", "http://b"]
    assert plan.gateways(fleet(collector=hosts), ["three"]) == found[1:]
