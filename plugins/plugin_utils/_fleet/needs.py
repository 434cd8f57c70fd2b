# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that cannot be deployed without others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ...module_utils._check import Ask
from .inventory import Fleet, machine
from .topology import ca_host

# Those that run the image of the collector's program.
PROGRAMS = ("collector", "ping", "n8n_exporter")


def needs(fleet: Fleet, host: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what a host needs of others: `gateway`, `ca` or `image`, the host, and for which roles.

    An image that is built, a CA that is read and a gateway that is pushed to are on one host each.
    """
    of = fleet[host]
    programs = [role for role in PROGRAMS if role in fleet.managed(host)]
    pushers = [role for role in programs if role == "collector" or _pushes(of, role)]
    gateways = [each for each in fleet.hosts("pushgateway") if "pushgateway" in fleet.managed(each)]
    found = [("gateway", gateway, pushers) for gateway in gateways if pushers]
    maker = ca_host(fleet)
    for role in programs:
        if of[f"{role}_ca_path"]:
            found.append(("ca", str(of[f"{role}_ca_host"]), [role]))
            if maker and machine(fleet[maker]) != machine(of):
                found.append(("ca", maker, [role]))
    if programs and of["observability_registry"]:
        found.append(("image", str(of["image_build_host"]), programs))
    yield from (need for need in found if need[1] != host)


def _pushes(of: Any, role: str) -> bool:
    return role == "n8n_exporter" and not of["n8n_exporter_victoriametrics_url"]


def left_out(fleet: Fleet, lost: Collection[str], among: Collection[str]) -> dict[str, list[Any]]:
    """Return a failed check of each host that needs one that does not answer, by host.

    Args:
        lost: Hosts that do not answer.
        among: The hosts of this run.
    """
    roots = {host: host for host in lost}
    checks: dict[str, list[Any]] = {}
    while True:
        missing = {
            host: need
            for host in among
            if host not in roots
            for need in needs(fleet, host)
            if need[1] in roots
        }
        if not missing:
            return checks
        for host, (kind, other, roles) in missing.items():
            roots[host] = roots[other]
            ask = Ask("reach", host, roles=roles, other=other, root=roots[other])
            checks[host] = [ask.fail(f"reach.needs.{kind}").as_data()]
