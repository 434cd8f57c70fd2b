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
        ({"leaving": ["one"]}, []),
        ({"leaving": ["one"], "collector": ["one"]}, ["host.leaving one"]),
        ({}, ["host.no_role one"]),
        ({"other": ["one"]}, ["host.no_role one"]),
    ],
    ids=["collector", "unmanaged", "leaving", "in two", "in no group", "in another group"],
)
def test_a_host(groups: dict[str, list[str]], expected: list[str]) -> None:
    fleet = Fleet({**GROUPS, **groups}, {}.__getitem__)
    found = inventory.group_faults(fleet, "one")
    assert [f"{fault.code} {fault.variable}" for fault in found] == expected


@pytest.mark.parametrize(
    ("named", "told"), [("proxy", {"proxy", "own"}), ("my_traefik", {"my_traefik"})]
)
def test_a_group_that_is_missing(named: str, told: set[str]) -> None:
    groups = {name: hosts for name, hosts in GROUPS.items() if name != "traefik"}
    more = {named: ["one"], "own": ["one"], "grafana": ["one"]}
    fleet = Fleet({**groups, **more}, {}.__getitem__)
    (fault,) = inventory.group_faults(fleet, "one")
    assert (fault.code, fault.variable) == ("group.missing", "traefik")
    assert {name for name in more if name in fault.seen} == told


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"treafik": ["one"]}, ["group.unknown treafik traefik"]),
        ({"colector": ["one"], "collector": ["two"]}, ["group.unknown colector collector"]),
        ({"pings": ["one"]}, ["group.unknown pings ping"]),
        ({"unmanagd": ["one"]}, ["group.unknown unmanagd unmanaged"]),
        # Nothing is left out by these.
        ({"collectors": ["one"], "collector": ["one"]}, []),
        ({"collectors": [], "unmanaged": ["one"]}, []),
        ({"collector": ["one"], "brazil": ["one"]}, []),
    ],
)
def test_a_group_that_is_misspelt(groups: dict[str, list[str]], expected: list[str]) -> None:
    named = {
        name: hosts
        for name, hosts in GROUPS.items()
        if name != "traefik" or "treafik" not in groups
    }
    fleet = Fleet({**named, **groups}, {}.__getitem__)
    found = inventory.group_faults(fleet, "one")
    assert [f"{fault.code} {fault.variable} {fault.expected}" for fault in found] == expected
    others = list(inventory.group_faults(fleet, "one", ["treafik", "col", "pings", "unm"]))
    assert "group.unknown" not in [fault.code for fault in others]


FLEET: dict[str, dict[str, Any]] = {
    "one": {"collector_url": "https://one.example.com"},
    "two": {"collector_url": "https://two.example.com"},
    "hub": {"traefik_mode": "managed", "traefik_certificate_source": "local"},
}


@pytest.mark.parametrize(
    ("hosts", "asked", "expected"),
    [
        ({}, {}, []),
        (
            {"two": {"collector_url": "https://ONE.example.com/"}},
            {},
            ["url.twice collector_url"],
        ),
        ({}, {"validate_from": "two"}, []),
        ({}, {"validate_from": "tow"}, ["reference.unknown validate_from"]),
        # The CA is made by this run.
        ({}, {"validate_ca_path": "/none/ca.crt"}, []),
        (
            {"hub": {"traefik_mode": "existing"}},
            {"validate_ca_path": "/none/ca.crt"},
            ["file.missing validate_ca_path"],
        ),
        ({"hub": {"traefik_mode": "existing"}}, {"validate_ca_path": __file__}, []),
        (
            {"hub": {"traefik_mode": "existing"}},
            {"validate_ca_path": "/none/ca.crt", "validate_from": "one"},
            [],
        ),
    ],
)
def test_the_fleet(
    hosts: dict[str, dict[str, Any]], asked: dict[str, Any], expected: list[str]
) -> None:
    known = {
        name: {"inventory_hostname": name, **of, **hosts.get(name, {})}
        for name, of in FLEET.items()
    }
    groups = {"all": [*FLEET], "collector": ["one", "two"], "traefik": ["hub"]}
    known["one"].update(asked)
    fleet = Fleet(groups, known.__getitem__, lambda _host, name: name in asked)
    found = inventory.fleet_faults(fleet, "one", {"validate_ca_path": "", **asked})
    assert [f"{fault.code} {fault.variable}" for fault in found] == expected


SEEN = {"/etc/ca.crt": None, "/etc/other.crt": "digest", "/state/certificates/ca.crt": None}
LOCAL_CA = {"traefik_mode": "managed", "traefik_certificate_source": "local"}


@pytest.mark.parametrize(
    ("path", "variables", "given", "expected"),
    [
        ("/etc/ca.crt", {}, True, ["file.missing collector_ca_path"]),
        ("/etc/other.crt", {}, True, []),
        ("/etc/not-looked-at.crt", {}, True, []),
        # Made and brought there by the deploy.
        ("/etc/ca.crt", {}, False, []),
        ("/state/certificates/ca.crt", LOCAL_CA, True, []),
        ("/etc/ca.crt", LOCAL_CA, True, ["file.missing collector_ca_path"]),
        # Read on another host, or by nobody.
        ("/etc/ca.crt", {"collector_ca_host": "hub"}, True, []),
        ("/etc/ca.crt", {"collector_mode": "existing"}, True, []),
    ],
)
def test_a_ca_that_is_not_on_the_host(
    path: str, variables: dict[str, Any], given: bool, expected: list[str]
) -> None:
    of = {
        "inventory_hostname": "one",
        "observability_state_directory": "/state",
        "collector_ca_path": path,
        "collector_ca_host": "one",
        **variables,
    }
    groups = {"collector": ["one"], "traefik": ["one"] if "traefik_mode" in variables else []}
    fleet = Fleet(groups, lambda _host: of, lambda _host, _name: given)
    found = inventory.file_faults(fleet, "one", SEEN)
    assert [f"{fault.code} {fault.variable}" for fault in found] == expected


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
    # The one that is set.
    chosen = Fleet(groups, known.__getitem__, lambda _host, name: name == "prometheus_port")
    (fault,) = inventory.port_faults(chosen, "one", list(hosts))
    assert fault.variable == "prometheus_port"
    assert list(inventory.port_faults(fleet, "far", list(hosts))) == []
    assert list(inventory.port_faults(fleet, "one", ["one"])) == []
