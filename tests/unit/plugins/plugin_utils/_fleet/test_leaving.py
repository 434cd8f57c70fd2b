# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that leaves: nobody expects it, and what of it goes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import leaving
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.inventory import Fleet

COMMON: dict[str, Any] = {
    "observability_services": [],
    "observability_other_releases": [],
    "observability_config_directory": "/etc/vya-observability",
    "observability_state_directory": "/var/lib/vya-observability",
    "n8n_exporter_cron_directory": "/etc/cron.d",
    "collector_container_name": "api",
    "ping_container_name": "ping",
    "ping_location": "brazil",
}


def made(gone: dict[str, list[str]], **groups: list[str]) -> Fleet:
    known = {
        host: {
            **COMMON,
            "inventory_hostname": host,
            "ansible_host": f"{host}.example",
            "collector_host": host,
            "n8n_exporter_host": host,
        }
        for hosts in groups.values()
        for host in hosts
    }
    everyone = {"all": sorted(known), **groups}
    return Fleet(everyone, known.__getitem__, leaving=gone)


@pytest.mark.parametrize(
    ("gone", "groups", "roles"),
    [
        ({"a": []}, {"collector": ["a", "b"], "ping": ["a"], "leaving": []}, []),
        ({"a": ["ping"]}, {"collector": ["a", "b"], "ping": ["a"]}, ["collector"]),
        ({}, {"collector": ["a"], "leaving": ["a"]}, []),
        ({}, {"collector": ["a"], "mine": ["a"]}, ["collector"]),
    ],
    ids=["by its name", "one service", "by its group", "stays"],
)
def test_nobody_expects_it(
    gone: dict[str, list[str]], groups: dict[str, list[str]], roles: list[str]
) -> None:
    fleet = made(gone, **groups)
    assert fleet.roles("a") == roles
    assert "collector" in leaving.given_roles(fleet, "a")
    assert fleet.groups.get("mine", ["a"]) == ["a"]


@pytest.mark.parametrize(
    ("service", "found", "expected"),
    [
        ("", [], ["api", "ping"]),
        ("", ["api", "old"], ["api", "ping", "old"]),
        ("ping", ["api", "ping"], ["ping"]),
        ("old", ["api", "old"], ["old"]),
    ],
)
def test_its_containers(service: str, found: list[str], expected: list[str]) -> None:
    gone = [service] if service == "ping" else []
    fleet = made({"a": gone} if service in ("", "ping") else {}, collector=["a"], ping=["a"])
    assert leaving.containers(fleet, "a", found, service) == expected


def test_what_others_of_its_machine_want_stays() -> None:
    fleet = made({"a": []}, collector=["a"], ping=["b"])
    fleet["b"]["ansible_host"] = fleet["a"]["ansible_host"]  # type: ignore[index]
    assert leaving.containers(fleet, "a", ["ping", "api"]) == ["api"]
    paths = leaving.own_paths(fleet, "a")
    assert (paths["directories"], paths["alone"]) == ([], False)


def test_its_names_and_locations() -> None:
    fleet = made({"a": []}, collector=["a"], ping=["a"])
    assert leaving.named(fleet, "a") == ["a"]
    assert leaving.named(fleet, "a", "collector") == ["a"]
    assert leaving.named(fleet, "a", "ping") == []
    assert leaving.locations(fleet, "a") == ["brazil"]
    assert leaving.locations(made({"a": []}, ping=["a", "b"]), "a") == []
    assert leaving.own_paths(fleet, "a") == {
        "directories": ["/etc/vya-observability", "/var/lib/vya-observability"],
        "files": ["/etc/cron.d/vya-n8n-exporter"],
        "alone": True,
    }


@pytest.mark.parametrize(
    ("after", "converged", "code"),
    [
        ({"api": {"id": "1"}, "others": {"id": "9"}}, {}, "unchanged.ok"),
        ({"api": {"id": "2"}}, {}, "unchanged.differs"),
        ({}, {}, "unchanged.differs"),
        ({"api": {"id": "2"}}, {"api": {"changed": True}}, "unchanged.ok"),
        ({"api": {"id": "2"}}, {"api": {"changed": False}}, "unchanged.differs"),
    ],
)
def test_others_are_as_before(after: dict[str, Any], converged: dict[str, Any], code: str) -> None:
    fleet = made({"a": []}, collector=["a", "b"])
    of: Any = fleet["b"]
    of["decommission_before"] = {"containers": {"api": {"id": "1"}}}
    of["decommission_after"] = {"containers": after}
    of["decommission_converged"] = {"services": converged}
    assert [each.code for each in leaving.unchanged_checks(fleet)] == [code]


def test_what_still_names_it() -> None:
    fleet = made({"a": []}, collector=["a"], services=["a"])
    (check,) = leaving.named_checks(fleet, "a")
    assert (check.code, check.values["groups"]) == (
        "left_inventory.named",
        ["collector", "services"],
    )
    (check,) = leaving.named_checks(made({}, leaving=["a"]), "a")
    assert check.code == "left_inventory.ok"
