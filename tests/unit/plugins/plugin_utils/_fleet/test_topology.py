# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the groups: who listens where, and who reaches whom at which address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import plan, topology
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.inventory import Fleet
from ansible_collections.vya.observability.plugins.plugin_utils._preflight.topology import (
    address_faults,
    ca_faults,
    unused_faults,
)

DOMAIN = "example.com"
# Of a special range (AS112) that is public, unlike those for documentation: 192.31.196.0/24.
STACK = ("pushgateway", "prometheus", "alertmanager", "grafana")
LOOPBACK = "127.0.0.1"
HUB, STORE, USA, BRAZIL = "192.0.2.20", "192.0.2.30", "192.0.2.1", "192.0.2.8"
COLLECTORS = {"wf001": {"ansible_host": USA}, "wf008": {"ansible_host": BRAZIL}}
ON_HUB = {"hub": {"ansible_host": HUB}}
FOUR: dict[str, dict[str, dict[str, Any]]] = {
    "collector": COLLECTORS,
    "ping": {"wf008": {}},
    "victoriametrics": {"store": {"ansible_host": STORE}},
    **dict.fromkeys(("traefik", *STACK), ON_HUB),
}


class Variables(dict[str, Any]):
    """Variables of a host; one that is a function is computed from the fleet, as defaults are."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return value() if isinstance(value, Callable) else value  # type: ignore[arg-type]


def fleet(groups: dict[str, dict[str, dict[str, Any]]] | None = None, **common: Any) -> Fleet:
    """Return a fleet with the roles' defaults, and which variables the inventory sets."""
    hosts: dict[str, Variables] = {}
    given: dict[str, set[str]] = {}
    for members in (groups or FOUR).values():
        for host, own in members.items():
            given.setdefault(host, set()).update({**common, **own})
            hosts.setdefault(host, Variables()).update({**common, **own})
    found = Fleet(
        {group: list(members) for group, members in (groups or FOUR).items()},
        hosts.__getitem__,
        lambda host, name: name in given[host],
    )
    urls = {role: f"https://{role}.{DOMAIN}" for role in (*STACK, "collector")}
    urls["pushgateway"] = f"https://prometheus.{DOMAIN}/pushgateway"
    for host, known in hosts.items():
        defaults: dict[str, Any] = {
            "inventory_hostname": host,
            "collector_host": host,
            "observability_address": known.get("ansible_host", host),
            "observability_bind_address": LOOPBACK,
            "observability_domain": DOMAIN,
            "observability_port_suffix": "",
            "observability_urls": urls,
            "observability_state_directory": "/state",
            "observability_ca_path": lambda host=host: topology.ca_path(found, host),
            "collector_ca_path": lambda host=host: topology.ca_path(found, host),
            "observability_ports": {
                **dict.fromkeys((*STACK, "victoriametrics", "ping"), 1000),
                "collector_api": 5001,
                "traefik_api": 8081,
            },
            "traefik_certificate_source": "local",
            "traefik_api_bind_address": LOOPBACK,
            "traefik_api_port": 8081,
            "traefik_routes": lambda host=host: topology.routes(found, host),
            "collector_url": lambda host=host: topology.collector_url(found, host),
            "collector_api_port": 15001,
            **{f"{role}_url": urls[role] for role in STACK},
            **{f"{role}_port": 2000 for role in (*STACK, "victoriametrics", "ping")},
        }
        for role in (*STACK, "victoriametrics", "ping", "collector", "traefik"):
            defaults[f"{role}_container_name"] = role
            defaults[f"{role}_bind_address"] = lambda host=host, role=role: topology.bind_address(
                found, host, role
            )
        for name, value in defaults.items():
            known.setdefault(name, value)
    return found


def one_machine() -> dict[str, dict[str, dict[str, Any]]]:
    local = {"ansible_connection": "local"}
    return {
        group: {host: {**own, **local} for host, own in hosts.items()}
        for group, hosts in FOUR.items()
    }


@pytest.mark.parametrize(
    ("host", "role", "address"),
    [
        ("hub", "prometheus", LOOPBACK),  # Traefik and Grafana are beside it
        ("hub", "traefik", HUB),
        ("store", "victoriametrics", STORE),
        ("wf001", "collector", USA),
        ("wf008", "ping", BRAZIL),
    ],
)
def test_a_service_listens_where_it_is_needed(host: str, role: str, address: str) -> None:
    assert topology.bind_address(fleet(), host, role) == address
    assert topology.bind_address(fleet(one_machine()), host, role) == LOOPBACK
    common = fleet(observability_bind_address="0.0.0.0")
    assert topology.bind_address(common, host, role) == "0.0.0.0"


def test_what_the_inventory_says_is_not_derived() -> None:
    """Where consumers are told where to go, the service may be another one."""
    told = fleet(
        collector_victoriametrics_url="",
        prometheus_remote_write_url="https://store.example.com/api/v1/write",
        grafana_victoriametrics_url="",
        validate_victoriametrics_url="",
        observability_ca_path="",
    )
    assert topology.bind_address(told, "store", "victoriametrics") == LOOPBACK
    assert topology.checks_from(told, "hub") == "localhost"
    routed = fleet(traefik_routes=[])
    assert topology.bind_address(routed, "wf001", "collector") == LOOPBACK
    assert topology.bind_address(routed, "hub", "traefik") == LOOPBACK
    assert topology.checks_from(routed, "hub") == "localhost"
    assert topology.collector_url(routed, "wf001") == f"https://collector.{DOMAIN}"


def test_an_existing_consumer_opens_nothing() -> None:
    """Its settings are its own, and so is how it reaches a service."""
    existing = fleet(traefik_mode="existing", prometheus_mode="existing")
    assert topology.bind_address(existing, "wf001", "collector") == LOOPBACK
    assert topology.bind_address(existing, "wf008", "ping") == LOOPBACK
    assert [*topology.users(existing, "store", "victoriametrics")] == [
        ("collector", "wf001"),
        ("collector", "wf008"),
        ("grafana", "hub"),
    ]


def test_one_host_that_is_not_the_controller() -> None:
    """People need its names; the rest stays where it is."""
    alone = dict.fromkeys(("traefik", "collector", "victoriametrics", *STACK), ON_HUB)
    one = fleet(alone)
    assert topology.bind_address(one, "hub", "traefik") == HUB
    assert topology.bind_address(one, "hub", "victoriametrics") == LOOPBACK
    assert topology.storage_url(one, "hub") == f"http://{LOOPBACK}:2000"


def test_an_exporter_is_in_another_network_than_traefik() -> None:
    here = {role: {"here": {"ansible_host": HUB}} for role in ("traefik", "n8n_exporter")}
    found = fleet({**here, "collector": COLLECTORS})
    assert set(topology.names(found, "here", "bridge").values()) == {HUB}
    assert topology.names(found, "here") == {}


def test_addresses() -> None:
    four = fleet()
    assert topology.service_address(four, "hub", "pushgateway") == "pushgateway:1000"
    assert topology.service_address(four, "hub", "traefik") == "traefik:8081"
    assert topology.service_address(four, "wf001", "traefik") == ""  # its API is never public
    write = topology.service_url(four, "hub", "victoriametrics", "/api/v1/write")
    assert write == f"http://{STORE}:2000/api/v1/write"
    assert topology.service_url(four, "store", "victoriametrics") == "http://victoriametrics:1000"
    assert topology.storage_url(four, "hub") == f"http://{STORE}:2000"
    assert topology.service_url(fleet({"collector": COLLECTORS}), "wf001", "prometheus") == ""


@pytest.mark.parametrize(
    ("gateway", "prometheus", "expected"),
    [
        ({}, {}, "http pushgateway:1000 /metrics"),  # not set: as before
        (
            {"pushgateway_url": "https://push.example.com/gw/"},
            {},
            "https push.example.com:443 /gw/metrics",
        ),
        ({"pushgateway_url": "http://192.0.2.7:9191"}, {}, "http 192.0.2.7:9191 /metrics"),
        ({"pushgateway_url": "http://[fd00::7]:9091"}, {}, "http [fd00::7]:9091 /metrics"),
        # A container does not reach it there.
        ({"pushgateway_url": "http://127.0.0.1:9091"}, {}, "http pushgateway:1000 /metrics"),
        (
            {"pushgateway_url": "https://push.example.com"},
            {"prometheus_pushgateway_target": "mine:9091"},
            "http pushgateway:1000 /metrics",
        ),
        (
            {"pushgateway_mode": "managed", "pushgateway_url": "https://x"},
            {},
            "http pushgateway:1000 /metrics",
        ),
    ],
)
def test_the_gateway_that_prometheus_scrapes(
    gateway: dict[str, Any], prometheus: dict[str, Any], expected: str
) -> None:
    own = {"hub": {"ansible_host": HUB, "pushgateway_mode": "existing", **gateway, **prometheus}}
    found = topology.gateway_scrape(fleet({"pushgateway": own, "prometheus": own}), "hub")
    assert f"{found['scheme']} {found['target']} {found['path']}" == expected


def test_routes_and_names() -> None:
    four = fleet()
    routes = {route["name"]: route for route in topology.routes(four, "hub")}
    assert [*routes] == [*STACK, "collector-wf001", "collector-wf008"]
    assert routes["pushgateway"] == {
        "name": "pushgateway",
        "host": f"prometheus.{DOMAIN}",
        "path_prefix": "/pushgateway",
        "strip_prefix": True,
        "servers": ["http://pushgateway:1000"],
    }
    assert routes["collector-wf008"]["servers"] == [f"http://{BRAZIL}:15001"]
    assert routes["collector-wf008"]["host"] == f"api-wf008.{DOMAIN}"
    hosts = {route["host"] for route in routes.values()}
    assert topology.names(four, "wf001") == dict.fromkeys(hosts, HUB)
    # Another collector does not change what the others know.
    gateway = [f"https://prometheus.{DOMAIN}/pushgateway", ""]
    assert topology.names(four, "wf001", urls=gateway) == {f"prometheus.{DOMAIN}": HUB}
    pinged = [f"https://api-wf001.{DOMAIN}", "https://elsewhere.example.org"]
    assert topology.names(four, "wf008", urls=pinged) == {f"api-wf001.{DOMAIN}": HUB}
    # Docker tells them on Traefik's own machine.
    assert topology.names(four, "hub") == {}
    assert topology.names(four, "hub", "host") == dict.fromkeys(hosts, HUB)


SIX = {HUB: "fd00::20", STORE: "fd00::30", USA: "fd00::1", BRAZIL: "fd00::8"}


def of_six() -> dict[str, dict[str, dict[str, Any]]]:
    """The same hosts, with private addresses of IPv6."""
    hosts = {"hub": HUB, "store": STORE, "wf001": USA, "wf008": BRAZIL}
    return {
        group: {host: {"ansible_host": SIX[hosts[host]]} for host in members}
        for group, members in FOUR.items()
    }


def test_private_addresses_of_ipv6() -> None:
    six = fleet(of_six())
    assert topology.bind_address(six, "store", "victoriametrics") == "fd00::30"
    write = topology.service_url(six, "hub", "victoriametrics", "/api/v1/write")
    assert write == "http://[fd00::30]:2000/api/v1/write"
    assert topology.storage_url(six, "hub") == "http://[fd00::30]:2000"
    routes = {route["name"]: route for route in topology.routes(six, "hub")}
    assert routes["collector-wf008"]["servers"] == ["http://[fd00::8]:15001"]
    assert set(topology.names(six, "wf001").values()) == {"fd00::20"}
    assert [*address_faults(six, "store")] == []
    # All addresses of a machine, as it reaches itself.
    every = fleet(of_six(), observability_bind_address="::")
    assert set(topology.names(every, "hub", "host").values()) == {"::1"}
    assert topology.storage_url(every, "hub") == "http://[fd00::30]:2000"
    one = fleet(of_six(), observability_bind_address="::1", ansible_host="fd00::20")
    assert topology.bind_address(one, "hub", "prometheus") == "::1"
    led = fleet(
        {
            **of_six(),
            "prometheus": {
                "hub": {
                    **of_six()["prometheus"]["hub"],
                    "prometheus_remote_write_url": "http://[fd00::30]:2000/api/v1/write",
                }
            },
        },
        victoriametrics_bind_address="::1",
    )
    assert [fault.code for fault in address_faults(led, "store")] == ["service.unreachable"]


@pytest.mark.parametrize(
    ("found", "address"),
    [
        (("192.0.2.5", "fd00::5"), "192.0.2.5"),
        (("fd00::5",), "fd00::5"),
        (("fd00::5", "fd00::6"), "store.named"),
        (("192.0.2.5", "192.0.2.6", "fd00::5"), "store.named"),
    ],
)
def test_a_name_that_is_resolved(
    monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...], address: str
) -> None:
    monkeypatch.setattr(topology, "_resolved", lambda _name: found)
    assert topology.private_address({"observability_address": "store.named"}) == address


def test_a_fifth_collector_is_one_line() -> None:
    groups = {**FOUR, "collector": {**COLLECTORS, "wf009": {"ansible_host": "192.0.2.9"}}}
    five = fleet(groups)
    assert topology.collector_url(five, "wf009") == f"https://api-wf009.{DOMAIN}"
    assert topology.routes(five, "hub")[-1]["servers"] == ["http://192.0.2.9:15001"]


def test_the_ca_is_brought_to_other_machines() -> None:
    four = fleet()
    path = "/state/certificates/ca.crt"
    assert (topology.ca_host(four), topology.ca_path(four, "hub")) == ("hub", path)
    # A copy is not where a Traefik of that host would make its own.
    assert topology.ca_path(four, "wf001") == "/state/trusted/ca.crt"
    assert topology.checks_ca_path(four, "wf001") == path
    assert topology.checks_from(four, "wf001") == "hub"
    assert [topology.needs_ca(four, host) for host in ("hub", "wf001")] == [False, True]
    seen = fleet(deploy_look={"files": dict.fromkeys((path, "/state/trusted/ca.crt"), "a digest")})
    assert not topology.needs_ca(seen, "wf001")
    assert not plan.pending(seen, "wf001", [], ["collector"])
    # It is replaced in this run, which no digest tells yet; also beside those that trust it.
    for replaced in (True, "true"):
        seen["hub"]["traefik_replace_ca"] = replaced  # type: ignore[index]
        assert [topology.needs_ca(seen, host) for host in ("hub", "wf001")] == [False, True]
        assert plan.pending(seen, "wf001", [], ["collector"]) == ["collector"]
        assert topology.has_old_ca(seen, "hub")
    seen["hub"]["traefik_replace_ca"] = False  # type: ignore[index]
    assert not topology.has_old_ca(seen, "hub")
    # It was removed where it is made: what trusts the old one changes in the same run.
    seen["hub"]["deploy_look"] = {"files": {}}  # type: ignore[index]
    assert plan.pending(seen, "wf001", [], ["collector"]) == ["collector"]
    assert not plan.pending(seen, "wf001", [], ["prometheus"])
    # The maker is not a host of this run.
    seen["hub"]["deploy_look"] = {}  # type: ignore[index]
    assert not plan.pending(seen, "wf001", [], ["collector"])
    assert topology.ca_host(fleet(traefik_certificate_source="acme")) is None
    assert topology.checks_from(fleet(one_machine()), "wf001") == "localhost"


@pytest.mark.parametrize(
    ("host", "variables", "code", "variable"),
    [
        ("wf001", {}, "", ""),
        ("wf001", {"ansible_host": "wf001.invalid"}, "address.not_private", ""),
        ("wf001", {"ansible_host": "wf001.named"}, "", ""),
        ("wf001", {"ansible_host": "localhost"}, "address.not_private", ""),
        ("wf001", {"ansible_host": "192.31.196.1"}, "address.not_private", ""),
        ("wf001", {"observability_address": "192.31.196.1"}, "", ""),
        # No credentials are asked for: never on a public address.
        ("store", {"observability_address": "192.31.196.1"}, "address.not_private", ""),
        ("store", {"ansible_host": "2606:4700::30"}, "address.not_private", ""),
        ("store", {"ansible_host": "fe80::30"}, "address.not_private", ""),  # of which interface?
        ("store", {"ansible_host": "fd00::30"}, "", ""),
        ("wf001", {"observability_address": "2606:4700::1"}, "", ""),
        # What is set on purpose wins, unless another variable leads there.
        ("store", {"victoriametrics_bind_address": LOOPBACK}, "", ""),
        ("wf008", {"ping_bind_address": "::1"}, "", ""),
        ("hub", {"traefik_bind_address": LOOPBACK}, "", ""),
        ("store", {"ansible_host": "192.0.2.999"}, "address.invalid", "ansible_host"),
        ("store", {"ansible_host": "fd00::30::1"}, "address.invalid", "ansible_host"),
    ],
)
def test_what_cannot_be_reached_is_told(
    monkeypatch: pytest.MonkeyPatch, host: str, variables: dict[str, Any], code: str, variable: str
) -> None:
    names = {"wf001.named": (USA,), "localhost": (LOOPBACK,)}
    monkeypatch.setattr(topology, "_resolved", lambda name: names.get(name, ()))
    groups = {
        group: {each: {**own, **(variables if each == host else {})} for each, own in hosts.items()}
        for group, hosts in FOUR.items()
    }
    found = list(address_faults(fleet(groups), host))
    assert [fault.code for fault in found[:1]] == ([code] if code else [])
    if code:
        named = next(iter(variables)) if variable else "observability_address"
        assert found[0].variable == named


def test_a_variable_that_leads_to_a_service_on_loopback() -> None:
    url = f"http://{STORE}:2000/api/v1/write"
    groups = {
        **FOUR,
        "victoriametrics": {
            "store": {"ansible_host": STORE, "victoriametrics_bind_address": LOOPBACK}
        },
        "prometheus": {"hub": {"ansible_host": HUB, "prometheus_remote_write_url": url}},
    }
    (fault,) = address_faults(fleet(groups), "store")
    assert (fault.code, fault.variable) == ("service.unreachable", "victoriametrics_bind_address")
    assert "prometheus_remote_write_url" in fault.expected


def test_two_machines_that_make_a_ca() -> None:
    two = {**FOUR, "traefik": {**ON_HUB, "wf001": {"ansible_host": USA}}}
    found = fleet(two)
    assert [fault.code for fault in ca_faults(found, "wf001")] == ["ca.two"]
    assert list(ca_faults(found, "hub")) == list(ca_faults(fleet(), "hub")) == []


OTHER = "192.0.2.40"


@pytest.mark.parametrize(
    ("role", "other", "common", "unused"),
    [
        *((role, {}, {}, True) for role in (*STACK, "victoriametrics")),
        *((role, {f"{role}_mode": "existing"}, {}, False) for role in STACK),
        *((role, {"ansible_host": HUB}, {}, False) for role in STACK),  # the same machine
        ("prometheus", {"prometheus_url": "https://two.example.com"}, {}, False),
        ("victoriametrics", {}, {"prometheus_remote_write_url": f"http://{OTHER}:2000/w"}, False),
        ("alertmanager", {}, {"prometheus_alertmanager_targets": [f"{OTHER}:2000"]}, False),
        ("grafana", {}, {"traefik_routes": [{"servers": [f"http://{OTHER}:2000"]}]}, False),
        ("traefik", {}, {"traefik_certificate_source": "acme"}, True),
        ("traefik", {"traefik_routes": []}, {"traefik_certificate_source": "acme"}, False),
        ("traefik", {}, {}, False),  # told as two that make a CA
    ],
)
def test_a_second_service_that_nobody_uses(
    role: str, other: dict[str, Any], common: dict[str, Any], unused: bool
) -> None:
    second = {"other": {"ansible_host": OTHER, **other}}
    found = fleet({**FOUR, role: {**FOUR[role], **second}}, **common)
    faults = [(fault.code, fault.variable) for fault in unused_faults(found, "other")]
    assert faults == ([("group.unused", role)] if unused else [])
    assert [*unused_faults(found, "hub")] == []


def test_a_second_service_beside_who_uses_it() -> None:
    """Each Prometheus has an Alertmanager and a VictoriaMetrics of its own."""
    beside = {"other": {"ansible_host": OTHER, "prometheus_url": "https://two.example.com"}}
    roles = ("prometheus", "alertmanager", "victoriametrics")
    found = fleet({**FOUR, **{role: {**FOUR[role], **beside} for role in roles}})
    assert [*unused_faults(found, "other")] == []


def test_an_inventory_of_an_earlier_version_keeps_what_is_on_public_addresses() -> None:
    """Routes were set by hand, and what nobody reached stays on loopback."""
    public = {
        role: {h: {**v, "ansible_host": f"192.31.196.{n}"} for n, (h, v) in enumerate(m.items())}
        for role, m in FOUR.items()
    }
    old = fleet(public, traefik_routes=[], traefik_bind_address="0.0.0.0")
    for host in ("hub", "store", "wf001", "wf008"):
        assert list(address_faults(old, host)) == []
        for role in ("victoriametrics", "ping", "collector", "prometheus"):
            assert topology.bind_address(old, host, role) == LOOPBACK
