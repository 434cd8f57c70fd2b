# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deploy needs from the inventory as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .._fleet.inventory import DEPLOYED, Fleet, is_managed
from .._fleet.machines import listeners, neighbours, port_conflicts
from .._fleet.own import scrape_target
from .fault import Fault

# Groups that must be in the inventory, even if they are empty.
_NAMED = tuple(set(DEPLOYED) - {"n8n_exporter", "ping", "probe_databases"})
# Variables of Ansible itself about all hosts and the play: they are not this host's.
_NOT_OF_THE_HOST = {"hostvars", "vars", "groups"}
# Those of Ansible that an inventory sets; facts may hold anything.
_OF_CONNECTION = {"ansible_host", "ansible_user"}
PLACEHOLDER = "FILL-IN"


def group_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield groups that the inventory lacks, and a fault if no role is for this host.

    A misspelt group would silently leave its hosts out.
    """
    own = [name for name in fleet.groups if name not in ("all", "ungrouped")]
    for name in sorted(set(_NAMED) - set(own)):
        step = "Is one misspelt? Write a group that shall be empty as `hosts: {}`"
        yield Fault("group.missing", name, "a group of the inventory", ", ".join(sorted(own)), step)
    of_host = [name for name in own if host in fleet.groups[name]]
    if not fleet.roles(host) and not {"services", "unmanaged"} & {*of_host}:
        expected = f"one of the groups {', '.join((*DEPLOYED, 'services', 'unmanaged'))}"
        step = "Put a host that this collection does not manage into the group unmanaged"
        yield Fault("host.no_role", host, expected, ", ".join(sorted(of_host)) or "none", step)


def placeholder_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield variables that still contain a placeholder.

    Args:
        raw: Variables as they are written: one may refer to another that is not defined yet.
    """
    for name, value in sorted(raw.items()):
        of_ansible = name.startswith("ansible_") and name not in _OF_CONNECTION
        if name not in _NOT_OF_THE_HOST and not of_ansible and _holds(value):
            step = "Put your own values into group_vars and host_vars, secrets into vault.yml"
            yield Fault("placeholder", name, "a value of your own", PLACEHOLDER, step)


def port_faults(fleet: Fleet, host: str, among: Collection[str]) -> Iterator[Fault]:
    """Yield ports of a host's machine that two services want; the first of its hosts tells.

    Args:
        among: The hosts of this run; several may be one machine.
    """
    near = [each for each in neighbours(fleet, host, among) if fleet.roles(each)]
    if near[:1] != [host]:
        return
    for one, other in port_conflicts([each for name in near for each in listeners(fleet, name)]):
        expected = f"port {other['port']} of {other['address']} for one service"
        wanted = " and ".join(f"{each['variable']} of {each['host']}" for each in (one, other))
        yield Fault("port.conflict", other["variable"], expected, f"{wanted} want it")


def _holds(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds(item) for item in value)
    return isinstance(value, str) and PLACEHOLDER in value


def scrape_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield services of a host that Prometheus is to scrape and cannot reach."""
    for entry in fleet[host]["observability_services"] or ():
        scrape, release = entry.get("scrape"), entry.get("release") or {}
        if not scrape or entry.get("state") == "absent" or not {"port", "target"} & {*scrape}:
            continue
        for hub in fleet.hosts("prometheus"):
            if is_managed(fleet[hub], "prometheus") and not scrape_target(fleet, hub, host, entry):
                variable = f"observability_services[{release.get('name')}].scrape.target"
                expected = f"an address at which Prometheus on {hub} reaches it"
                seen = f"port {scrape['port']} is published on loopback only, or not at all"
                step = "Publish the port on an address of the host, or set the target"
                yield Fault("target.unreachable", variable, expected, seen, step)
