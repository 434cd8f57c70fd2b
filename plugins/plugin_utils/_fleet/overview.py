# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs where, according to the inventory: listeners, who reaches them, names and addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .inventory import Fleet, is_managed, machine
from .machines import listeners
from .own import own_names
from .topology import ca_host, checks_from, users

# What a role connects to, by variable; the credentials are other variables.
REACHES = {
    "collector": ("collector_pushgateway_url", "collector_victoriametrics_url"),
    "n8n_exporter": ("n8n_exporter_pushgateway_url", "n8n_exporter_victoriametrics_url"),
    "prometheus": (
        "prometheus_pushgateway_target",
        "prometheus_remote_write_url",
        "prometheus_alertmanager_targets",
        "prometheus_traefik_target",
    ),
    "log_shipper": ("log_shipper_loki_url",),
    "grafana": (
        "grafana_prometheus_url",
        "grafana_victoriametrics_url",
        "grafana_alertmanager_url",
        "grafana_loki_url",
    ),
}


# Where an existing server is asked, and where its role writes files, if that is set.
ASKED = {
    "prometheus": ("prometheus_existing_url",),
    "alertmanager": ("alertmanager_existing_url",),
    "victoriametrics": ("victoriametrics_url",),
    "traefik": ("traefik_existing_url",),
}
FILES = {
    "prometheus": ("prometheus_existing_rules_directory",),
    "alertmanager": ("alertmanager_existing_config_directory",),
}


def overview(fleet: Fleet) -> list[dict[str, Any]]:
    """Return each host that has a role, in the inventory's order.

    Returns:
        By host: `host`, `address`, `same_machine` (other hosts that are the same machine), `checks`
        (whether the checks run there), `ca` (whether the CA of the public names is made there) and
        `services`, each with `role`, `managed`, `container`, `listens`, `reached_by`, `name`,
        `reaches` and, of an existing one, `asked_at` and `files_in`. Values have `variable` and
        `derived`.
    """
    hosts = [host for host in fleet.groups["all"] if fleet.roles(host) or own_names(fleet[host])]
    machines = {host: machine(fleet[host]) for host in hosts}
    return [
        {
            "host": host,
            "address": str(fleet[host]["observability_address"]),
            "same_machine": [
                each for each, its in machines.items() if each != host and its == machines[host]
            ],
            "checks": checks_from(fleet, host) == host,
            "ca": ca_host(fleet) == host,
            "services": [_service(fleet, host, role) for role in fleet.roles(host)]
            + [_own(fleet, host, name) for name in own_names(fleet[host])],
        }
        for host in hosts
    ]


def _service(fleet: Fleet, host: str, role: str) -> dict[str, Any]:
    of, managed = fleet[host], is_managed(fleet[host], role)
    # An existing Grafana gets data sources, whose URLs it must reach.
    reaches = REACHES.get(role, ()) if managed or role == "grafana" else ()

    def of_existing(names: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
        given = [name for name in names.get(role, ()) if not managed and fleet.is_set(host, name)]
        return [_value(fleet, host, name, of[name]) for name in given]

    return {
        "role": role,
        "managed": managed,
        "container": str(of.get(f"{role}_container_name", "")) if managed else "",
        "listens": [_listener(fleet, each) for each in _of(fleet, host, f"{role}_")],
        "reached_by": sorted({f"{other} ({each})" for other, each in users(fleet, host, role)}),
        "name": _name(fleet, host, role),
        "reaches": [_value(fleet, host, name, of[name]) for name in reaches if of[name]],
        "asked_at": of_existing(ASKED),
        "files_in": of_existing(FILES),
    }


def _own(fleet: Fleet, host: str, name: str) -> dict[str, Any]:
    variable = f"observability_services[{name}]"
    return {
        "role": "services",
        "managed": True,
        "container": name,
        "listens": [_listener(fleet, each) for each in _of(fleet, host, variable)],
        "reached_by": [],
        "name": None,
        "reaches": [],
        "asked_at": [],
        "files_in": [],
    }


def _of(fleet: Fleet, host: str, prefix: str) -> list[dict[str, Any]]:
    return [each for each in listeners(fleet, host) if each["variable"].startswith(prefix)]


def _listener(fleet: Fleet, each: dict[str, Any]) -> dict[str, Any]:
    """Return where something listens, and the variable that says at which address."""
    host, port = each["host"], each["variable"]
    part, role = port[: -len("_port")], port.partition("_")[0]
    names = [f"{part}_bind_address", f"{role}_bind_address"]
    variable = next((name for name in names if name in fleet[host]), port)
    address = f"[{each['address']}]" if ":" in each["address"] else each["address"]
    return _value(fleet, host, variable, f"{address}:{each['port']}")


def _name(fleet: Fleet, host: str, role: str) -> dict[str, Any] | None:
    of, own = fleet[host], f"{role}_url"
    if role == "collector" or (role in of["observability_urls"] and fleet.is_set(host, own)):
        return _value(fleet, host, own, of[own])
    url = of["observability_urls"].get(role)
    return _value(fleet, host, f"observability_urls.{role}", url) if url else None


def _value(fleet: Fleet, host: str, variable: str, value: Any) -> dict[str, Any]:
    return {
        "value": ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value),
        "variable": variable,
        "derived": not fleet.is_set(host, variable.partition(".")[0]),
    }
