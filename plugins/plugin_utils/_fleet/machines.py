# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: several hosts of an inventory may be one, as in the local inventory."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any

from .inventory import Fleet, machine, truth
from .own import own_services, published

# Roles whose image has another name than they.
IMAGES = {"ping": "collector", "n8n_exporter": "collector", "log_shipper": "alloy"}


def neighbours(fleet: Fleet, host: str, among: Collection[str]) -> list[str]:
    """Return the hosts that are the same machine as this one, itself included."""
    own = machine(fleet[host])
    return [each for each in among if machine(fleet[each]) == own]


def listeners(fleet: Fleet, host: str) -> list[dict[str, Any]]:
    """Return what the services of a host publish: `host`, `variable`, `address` and `port` of each.

    The address of ``ROLE_PART_port`` is ``ROLE_PART_bind_address`` or else ``ROLE_bind_address``.
    Port 0 publishes nothing.
    """
    known = fleet[host]
    found = []
    for role in sorted(fleet.managed(host)):
        for name in sorted(known):
            if not (name.startswith(f"{role}_") and name.endswith("_port")):
                continue
            own = name[: -len("_port")] + "_bind_address"
            address = own if own in known else f"{role}_bind_address"
            if address in known and int(known[name]):
                found.append(
                    {
                        "host": host,
                        "variable": name,
                        "address": str(known[address]),
                        "port": int(known[name]),
                    }
                )
    return found + [
        {
            "host": host,
            "variable": f"observability_services[{entry['release'].get('name')}]",
            "address": port.address,
            "port": port.host,
        }
        for entry in own_services(known)
        for port in published(entry["release"])
    ]


def sure_ports(fleet: Fleet, host: str) -> list[dict[str, Any]]:
    """Return what a host is sure to publish; whether Grafana is deployed may be decided later."""
    decided = fleet[host].get("grafana_mode") != "auto"
    return [
        {name: value for name, value in listener.items() if name != "host"}
        for listener in listeners(fleet, host)
        if decided or listener["variable"] != "grafana_port"
    ]


def port_conflicts(
    listening: Sequence[Mapping[str, Any]],
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return all pairs of listeners that cannot be on one machine."""
    return [
        (one, other)
        for one, other in combinations(listening, 2)
        if one["port"] == other["port"] and _meet(one["address"], other["address"])
    ]


def adopted(fleet: Fleet, host: str) -> list[str]:
    """Return containers that a role replaces, even if it did not create them."""
    of = fleet[host]
    return [
        str(of[f"{role}_container_name"])
        for role in ("collector", "ping")
        if role in fleet.managed(host) and truth(of[f"{role}_adopt"])
    ]


def images(fleet: Fleet, host: str, roles: Sequence[str] | None = None) -> list[str]:
    """Return the keys of the images that a host's services need.

    Args:
        roles: Roles that run a service there; None for all.
    """
    roles = fleet.managed(host) if roles is None else [each for each in roles if each != "services"]
    keys = [IMAGES.get(role, role) for role in roles]
    if "probe_databases" in keys:
        keys.remove("probe_databases")
        keys += ["postgresql", "mariadb"]
    return list(dict.fromkeys(keys))


def _meet(one: str, other: str) -> bool:
    """Return whether two addresses to listen on overlap."""
    first, second = ipaddress.ip_address(one), ipaddress.ip_address(other)
    return first == second or first.is_unspecified or second.is_unspecified
