# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which groups a deploy puts its hosts, so that each play has those that it is for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...module_utils._release.unwanted import unwanted
from . import expected, plan
from .inventory import Fleet
from .topology import ca_host, needs_ca

# Plays that are not in batches. Each has one host more, which has nothing to do there: Ansible ends
# a run when all hosts of a play have stopped answering.
NOT_ALONE = ("unsettled", "existing", "collector", "stack", "without_ca", "grafana")


def seen_groups(
    fleet: Fleet, among: Collection[str], run: Collection[str], skip: Collection[str]
) -> list[dict[str, Any]]:
    """Return the groups of each host after the look at it.

    Args:
        run: The run's tags.
        skip: The tags that are skipped.
    """
    return _not_alone({host: [*_seen(fleet, host, run, skip)] for host in among})


def _seen(fleet: Fleet, host: str, run: Collection[str], skip: Collection[str]) -> Iterator[str]:
    yield "deploy_settled" if plan.is_settled(fleet, host) else "deploy_unsettled"
    if plan.existing(fleet, host, run, skip):
        yield "deploy_existing"
    if expected.is_looked_at(fleet, host):
        yield "deploy_looked_at"


def planned_groups(
    fleet: Fleet, among: Collection[str], run: Collection[str], skip: Collection[str]
) -> list[dict[str, Any]]:
    """Return the groups of each host by what changes there; hosts without changes are left out."""
    found = {host: [*_planned(fleet, host, run, skip)] for host in among}
    changing = {host for host, names in found.items() if "deploy_collector" in names}
    for host in watched(fleet, changing):
        found[host].append("deploy_watched")
    return _not_alone(found)


def _not_alone(found: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Return the groups of each host that has some, with those of the plays.

    Args:
        found: The groups of each host that takes part.
    """
    hosts = [{"host": host, "groups": names} for host, names in found.items() if names]
    for part in NOT_ALONE:
        members = [host for host, names in found.items() if f"deploy_{part}" in names]
        others = [host for host in found if host not in members]
        if members:
            play = {"groups": [f"deploy_play_{part}"]}
            # The last one is never the host of a task that runs once.
            hosts += [{"host": host, **play} for host in [*members, *others[:1]]]
    return hosts


def watched(fleet: Fleet, changing: Collection[str]) -> list[str]:
    """Return the host whose new collector the others wait for; they are watched at the end.

    Args:
        changing: The hosts whose collector changes.

    Returns:
        One host, the first that is deployed; none if no collector changes.
    """
    collectors = [host for host in fleet.groups.get("collector", ()) if host in changing]
    return sorted(collectors, key=lambda host: host not in fleet.groups.get("gate", ()))[:1]


def _planned(fleet: Fleet, host: str, run: Collection[str], skip: Collection[str]) -> Iterator[str]:
    of, selected = fleet[host], plan.selected(fleet, host, run, skip)
    planned = of.get("deploy_plan") or {}
    for part in plan.pending(fleet, host, planned.get("pending") or (), selected):
        yield f"deploy_{part}"
    left_out = fleet.groups.get("deploy_left_out", ())
    if selected and ca_host(fleet) not in left_out and needs_ca(fleet, host):
        yield "deploy_without_ca"
    if unwanted(releases(of), expected.wanted_releases(fleet, host)):
        yield "deploy_unwanted"
    if host in fleet.groups.get("grafana", ()):
        yield "deploy_grafana"


def releases(of: Mapping[str, Any]) -> list[str]:
    """Return the names of the releases that a deploy has seen on a host."""
    planned, left = of.get("deploy_plan") or {}, of.get("deploy_left") or {}
    return list(planned.get("releases") or left.get("releases") or ())
