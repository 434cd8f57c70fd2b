# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ping services: their targets, and how Prometheus reaches them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import pings
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.inventory import Fleet
from ansible_collections.vya.observability.plugins.plugin_utils._variables import (
    UnreadableVariableError,
)

from .fleets import COLLECTOR, fleet

PING: dict[str, Any] = {
    "ping_host": "pinger",
    "ping_container_name": "prod-ping-service",
    "ping_bind_address": "192.0.2.18",
    "ping_port": 9111,
    "ping_scrape_target": "",
    "observability_ports": {"ping": 9101},
    "ansible_host": "192.0.2.8",
}


def collector(host: str, region: str, keys: list[str]) -> dict[str, Any]:
    return {
        **COLLECTOR,
        "collector_host": f"{host}.example.com",
        "collector_region": region,
        "collector_location": region.upper(),
        "collector_api_keys": keys,
    }


COLLECTORS = {
    "wf001": collector("wf001", "usa", ["an old key", "a new key"]),
    "wf002": collector("wf002", "brazil", ["another key"]),
    "wf008": collector("wf008", "brazil", ["its own key"]),
}


@pytest.mark.parametrize(
    ("host", "names"),
    [
        # Not itself, and not its neighbour of the same region.
        ("wf008", ["wf001"]),
        ("wf001", ["wf002", "wf008"]),
        # One that is no collector has no region.
        ("wf009", ["wf001", "wf002", "wf008"]),
    ],
)
def test_the_collectors_of_other_regions(host: str, names: list[str]) -> None:
    targets = pings.ping_targets(fleet(collector=COLLECTORS, ping={host: PING}), host)
    assert [target["name"] for target in targets] == [f"{name}.example.com" for name in names]


@pytest.mark.parametrize(
    ("ping", "locations"),
    [
        # The first of a region keeps its location when another one is added.
        ({"wf001": PING}, {"wf001": "usa", "wf002": "brazil", "wf008": "brazil-wf008"}),
        # Nobody of ours pings: they keep what they had.
        ({"wf001": {**PING, "ping_mode": "existing"}}, dict.fromkeys(["wf002", "wf008"], "brazil")),
        ({}, dict.fromkeys(["wf002", "wf008"], "brazil")),
    ],
)
def test_a_location_for_each_target(ping: dict[str, Any], locations: dict[str, str]) -> None:
    found = fleet(collector=COLLECTORS, ping=ping)
    assert {host: pings.collector_location(found, host) for host in locations} == locations


def test_a_target_has_the_last_of_two_keys() -> None:
    (target,) = pings.ping_targets(fleet(collector=COLLECTORS, ping={"wf008": PING}), "wf008")
    assert target == {
        "name": "wf001.example.com",
        "location": "USA",
        "url": "https://api.example.com",
        "api_key": "a new key",
    }


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({}, "192.0.2.18:9111"),
        ({"ping_bind_address": "0.0.0.0"}, "192.0.2.8:9111"),
        ({"ping_bind_address": "2001:db8::1"}, "[2001:db8::1]:9111"),
        ({"ping_bind_address": "127.0.0.1"}, None),
        ({"ping_scrape_target": "ping.example.com:80"}, "ping.example.com:80"),
        # On the machine of Prometheus, its container is known by its name.
        ({"ansible_host": "192.0.2.21"}, "prod-ping-service:9101"),
        ({"ping_mode": "existing"}, None),
    ],
)
def test_how_prometheus_reaches_it(changes: dict[str, Any], target: str | None) -> None:
    of = fleet(
        prometheus={"wfdb01": {"ansible_host": "192.0.2.21"}}, ping={"wf008": {**PING, **changes}}
    )
    wanted = [{"targets": [target], "labels": {"host": "pinger"}}] if target else []
    assert pings.ping_scrapes(of, "wfdb01") == wanted


def test_a_ping_service_is_its_location_or_its_host() -> None:
    of = fleet(collector=COLLECTORS, ping={"wf008": {"ping_location": "sao.paulo"}, "wf001": {}})
    assert pings.ping_sources(of) == ["sao.paulo", "wf001"]
    assert pings.ping_locations_of(of, "wf008.example.com") == ["sao.paulo"]


TARGETS = {
    "wf008": {"ping_targets": [{"location": "USA"}, {"location": "EUROPE"}]},
    "wf001": {"ping_targets": [{"location": "BRAZIL"}]},
}


@pytest.mark.parametrize(
    ("among", "sources", "locations"),
    [
        (None, ["wf008", "wf001"], []),
        (["wf001", "wf002", "wf008", "wfdb01"], ["wf008", "wf001"], []),
        (["wf001", "wfdb01"], ["wf008"], ["USA"]),
        (["wf002"], ["wf001"], ["BRAZIL"]),
        (["wf001", "wf002"], ["wf008", "wf001"], ["USA", "BRAZIL"]),
        (["wfdb01"], [], []),
    ],
)
def test_under_a_limit_only_senders_to_its_collectors(
    among: list[str] | None, sources: list[str], locations: list[str]
) -> None:
    of = fleet(collector=COLLECTORS, ping=TARGETS)
    assert pings.ping_sources(of, among) == sources
    assert pings.ping_locations(of, among) == locations


def test_a_key_that_cannot_be_read_is_not_needed_for_that() -> None:
    class Sealed(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            if name == "ping_targets":
                raise UnreadableVariableError(name, "wf008", "no vault password")
            return super().__getitem__(name)

    of = fleet(collector=COLLECTORS, ping={"wf008": {}})
    of = Fleet(of.groups, lambda host, read=of._read: Sealed(read(host)))  # type: ignore[misc]
    assert pings.ping_sources(of, ["wf001"]) == ["wf008"]
    assert pings.ping_sources(of, ["wf002"]) == []


@pytest.mark.parametrize(
    ("hosts", "seconds"),
    [
        ({}, 30.0),
        ({"wf008": {"ping_interval_seconds": 60}}, 60.0),
        ({"wf008": {"ping_interval_seconds": "15"}, "wf001": {"ping_interval_seconds": 60}}, 15.0),
        (
            {
                "wf008": {
                    "ping_interval_seconds": 60,
                    "ping_settings": {"interval_seconds": 20},
                }
            },
            20.0,
        ),
    ],
)
def test_the_shortest_interval(hosts: dict[str, Any], seconds: float) -> None:
    assert pings.ping_interval(fleet(ping=hosts)) == seconds
