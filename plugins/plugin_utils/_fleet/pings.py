# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ping services: where they are, which collectors they ping, and where Prometheus scrapes them."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from typing import Any

from .._variables import UnreadableVariableError
from .inventory import Fleet, is_managed, machine


def ping_sources(fleet: Fleet, among: Collection[str] | None = None) -> list[str]:
    """Return the ``source_location`` of each ping service.

    Args:
        among: The hosts of this run. If it has not all collectors, only senders to those count.
    """
    asked = _asked(fleet, among)
    return [
        _location(fleet, host)
        for host in fleet.hosts("ping")
        if asked is None or _target_locations(fleet, host).intersection(asked)
    ]


def ping_locations(fleet: Fleet, among: Collection[str] | None = None) -> list[str]:
    """Return the ``target_location`` of the collectors of this run; empty for all."""
    return _asked(fleet, among) or []


def ping_interval(fleet: Fleet) -> float:
    """Return the seconds between two pings of the sender that sends most often."""
    return min((_interval(fleet[host]) for host in fleet.hosts("ping")), default=30.0)


def ping_locations_of(fleet: Fleet, host: str) -> list[str]:
    """Return the ``source_location`` of a host's ping services; a host as labels name it."""
    return [
        _location(fleet, source)
        for source in fleet.hosts("ping")
        if host in (source, fleet[source]["collector_host"])
    ]


def collector_location(fleet: Fleet, host: str) -> str:
    """Return the location of a collector: its region.

    If a ping service pings several collectors of a region, each but the first has its host's name
    beside it. Who says what a service pings gives the locations, too.
    """
    region = str(fleet[host]["collector_region"])
    for source in fleet.hosts("ping"):
        if not is_managed(fleet[source], "ping") or fleet.is_set(source, "ping_targets"):
            continue
        near = [
            each
            for each in _elsewhere(fleet, source)
            if str(fleet[each]["collector_region"]) == region
        ]
        if host in near[1:]:
            return f"{region}-{host}"
    return region


def ping_targets(fleet: Fleet, host: str) -> list[dict[str, str]]:
    """Return the collectors that a host pings: those of other regions. Their keys are secrets.

    Of two keys, the last one: it is the new one of a rotation.
    """
    return [
        {
            "name": str(fleet[each]["collector_host"]),
            "location": str(fleet[each]["collector_location"]),
            "url": str(fleet[each]["collector_url"]),
            "api_key": str((fleet[each]["collector_api_keys"] or [""])[-1]),
        }
        for each in _elsewhere(fleet, host)
    ]


def ping_scrapes(fleet: Fleet, host: str) -> list[dict[str, Any]]:
    """Return the ping services as target groups of the Prometheus on a host.

    Container names are known on its own machine only; loopback addresses on none but their own.
    """
    found = []
    for source in fleet.hosts("ping"):
        of = fleet[source]
        if not is_managed(of, "ping"):
            continue
        target = str(of["ping_scrape_target"])
        if not target and machine(of) == machine(fleet[host]):
            target = f"{of['ping_container_name']}:{of['observability_ports'].get('ping', 9101)}"
        elif not target:
            target = _published(of)
        if target:
            found.append({"targets": [target], "labels": {"host": str(of["ping_host"])}})
    return found


def _elsewhere(fleet: Fleet, host: str) -> list[str]:
    """Return the collectors of other regions."""
    region = fleet[host].get("collector_region")
    return [
        each
        for each in fleet.hosts("collector")
        if each != host and not (region and fleet[each]["collector_region"] == region)
    ]


def _target_locations(fleet: Fleet, host: str) -> set[str]:
    try:
        return {str(target["location"]) for target in fleet[host]["ping_targets"]}
    except UnreadableVariableError:  # a key, which is not needed here
        return {str(fleet[each]["collector_location"]) for each in _elsewhere(fleet, host)}


def _asked(fleet: Fleet, among: Collection[str] | None) -> list[str] | None:
    """Return the locations of the collectors of this run; None if these are all."""
    asked = fleet.hosts("collector", among)
    if asked == fleet.hosts("collector"):
        return None
    return [str(fleet[host]["collector_location"]) for host in asked]


def _interval(of: Mapping[str, Any]) -> float:
    further = of.get("ping_settings") or {}
    return float(further.get("interval_seconds", of.get("ping_interval_seconds", 30)))


def _published(of: Any) -> str:
    address = ipaddress.ip_address(str(of["ping_bind_address"]))
    if address.is_loopback:
        return ""
    where = machine(of) if address.is_unspecified else str(address)
    return f"{f'[{where}]' if ':' in where else where}:{of['ping_port']}"


def _location(fleet: Fleet, host: str) -> str:
    return str(fleet[host].get("ping_location", host))
