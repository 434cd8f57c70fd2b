# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with an inventory as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet.inventory import Fleet
from ansible_collections.vya.observability.plugins.plugin_utils._preflight import inventory

NAMED = (
    "collector",
    "pushgateway",
    "prometheus",
    "alertmanager",
    "victoriametrics",
    "traefik",
    "grafana",
)
GROUPS: dict[str, list[str]] = {**{name: [] for name in NAMED}, "all": ["one"], "ungrouped": []}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"collector": ["one"]}, []),
        ({"unmanaged": ["one"]}, []),
        ({}, ["host.no_role one"]),
        ({"other": ["one"]}, ["host.no_role one"]),
    ],
    ids=["collector", "unmanaged", "in no group", "in another group"],
)
def test_a_host(groups: dict[str, list[str]], expected: list[str]) -> None:
    fleet = Fleet({**GROUPS, **groups}, {}.__getitem__)
    found = inventory.group_faults(fleet, "one")
    assert [f"{fault.code} {fault.variable}" for fault in found] == expected


def test_a_group_that_is_missing() -> None:
    groups = {name: hosts for name, hosts in GROUPS.items() if name != "traefik"}
    fleet = Fleet({**groups, "treafik": ["one"], "grafana": ["one"]}, {}.__getitem__)
    (fault,) = inventory.group_faults(fleet, "one")
    assert (fault.code, fault.variable) == ("group.missing", "traefik")
    assert "treafik" in fault.seen


def test_placeholders_are_named_and_not_shown() -> None:
    raw: dict[str, Any] = {
        "b_url": "https://FILL-IN/",
        "a_list": [{"password": "FILL-IN pass-word"}],
        "ansible_host": "FILL-IN",
        "ansible_user": "FILL-IN",
        "ansible_cmdline": "FILL-IN",
        "hostvars": {"other": "FILL-IN"},
        "fine": "{{ not_defined }}",
    }
    found = list(inventory.placeholder_faults(raw))
    assert [fault.variable for fault in found] == [
        "a_list",
        "ansible_host",
        "ansible_user",
        "b_url",
    ]
    assert "pass-word" not in str(found)


def test_two_services_on_one_port_of_a_machine() -> None:
    hosts: dict[str, dict[str, Any]] = {
        "one": {"prometheus_bind_address": "0.0.0.0", "prometheus_port": 80},
        "two": {"pushgateway_bind_address": "127.0.0.1", "pushgateway_port": 80},
        "far": {
            "grafana_bind_address": "127.0.0.1",
            "grafana_port": 80,
            "ansible_host": "192.0.2.1",
        },
    }
    known = {
        name: {
            "ansible_connection": "ssh" if name == "far" else "local",
            "inventory_hostname": name,
            "observability_services": [],
            **of,
        }
        for name, of in hosts.items()
    }
    groups = {"prometheus": ["one"], "pushgateway": ["two"], "grafana": ["far"]}
    fleet = Fleet(groups, known.__getitem__)
    (fault,) = inventory.port_faults(fleet, "one", list(hosts))
    assert (fault.code, fault.variable) == ("port.conflict", "pushgateway_port")
    assert list(inventory.port_faults(fleet, "far", list(hosts))) == []
    assert list(inventory.port_faults(fleet, "one", ["one"])) == []
