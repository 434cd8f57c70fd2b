# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deploy plans for a host: the roles that its tags select, and what changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .inventory import Fleet
from .topology import has_old_ca

# The services that are planned together, in the order in which they are deployed, and their tags.
STACK = {
    "probe_databases": {"databases"},
    "victoriametrics": {"stack", "victoriametrics"},
    "pushgateway": {"stack", "pushgateway"},
    "alertmanager": {"stack", "alertmanager"},
    "prometheus": {"stack", "prometheus"},
    "traefik": {"stack", "traefik"},
    "log_shipper": {"stack", "log_shipper"},
}
OWN = "services"
PLANNED = {**STACK, OWN: {OWN}, "collector": {"collector"}, "ping": {"ping"}}


def _is_selected(role: str, run: Collection[str], skip: Collection[str]) -> bool:
    tags = PLANNED[role]
    return bool(tags & {*run} or {"all", "always"} & {*run}) and not tags & {*skip}


def selected(fleet: Fleet, host: str, run: Collection[str], skip: Collection[str]) -> list[str]:
    """Return the roles whose services are planned on a host.

    Args:
        run: The run's tags (``ansible_run_tags``).
        skip: The tags that are skipped (``ansible_skip_tags``).
    """
    running = runs(fleet, host)
    return [role for role in PLANNED if role in running and _is_selected(role, run, skip)]


def runs(fleet: Fleet, host: str) -> list[str]:
    """Return the roles that run something on a host, and `services` for its own services."""
    return [*fleet.managed(host), *([OWN] if fleet[host]["observability_services"] else [])]


def is_contacted(fleet: Fleet, host: str) -> bool:
    """Return whether a deploy works on a host, be it only to check an existing service."""
    return bool(fleet.roles(host) or fleet[host]["observability_services"])


def is_simple(fleet: Fleet, host: str) -> bool:
    """Return whether one look tells all about a host: nothing must be prepared before it.

    The version of Alertmanager's image and a CA of another host are prepared by tasks of their own.
    """
    of, running = fleet[host], runs(fleet, host)
    versions = "alertmanager" in running and has_late_secrets(of)
    of_others = any(
        of[f"{role}_ca_path"] and of[f"{role}_ca_host"] != host
        for role in ("collector", "ping")
        if role in running
    )
    return bool(running) and not (versions or of_others)


def is_settled(fleet: Fleet, host: str) -> bool:
    """Return whether a deploy has seen that engine and images of a host are as they should be.

    An image that another host builds for all is, if that host has the same and would not build it.
    """
    of = fleet[host]
    look = of.get("deploy_look") or {}
    if not look.get("settled"):
        return False
    builder = str(of["image_build_host"]) if of["observability_registry"] else host
    if builder == host or "collector" not in look["images"]:
        return True
    built = (fleet[builder].get("deploy_look") or {}) if builder in fleet.groups["all"] else {}
    image = (built.get("images") or {}).get("collector") or {}
    same = image.get("reference") == look["images"]["collector"].get("reference")
    return same and not (image.get("changed") or image.get("failed"))


def has_late_secrets(of: Mapping[str, Any]) -> bool:
    """Return whether Alertmanager has secrets that some of its versions cannot read from files."""
    receivers = of["alertmanager_receivers"] or ()
    telegrams = [each for receiver in receivers for each in receiver.get("telegram") or ()]
    webhooks = [each for receiver in receivers for each in receiver.get("webhooks") or ()]
    return bool(telegrams or [each for each in webhooks if "secret_url" in each])


def existing(fleet: Fleet, host: str, run: Collection[str], skip: Collection[str]) -> list[str]:
    """Return the roles of the stack whose service on a host is an existing one."""
    managed = fleet.managed(host)
    return [
        role
        for role in STACK
        if role in fleet.roles(host) and role not in managed and _is_selected(role, run, skip)
    ]


def pending(fleet: Fleet, host: str, names: Collection[str], among: Collection[str]) -> list[str]:
    """Return what changes on a host: `stack`, `collector`, `ping`.

    Args:
        names: Containers that change.
        among: Roles of this run. Those that trust a CA that has been replaced change, too.
    """
    of = fleet[host]
    old_ca = str(of["observability_ca_path"]) if among and has_old_ca(fleet, host) else None
    single = [
        role
        for role in ("collector", "ping")
        if role in fleet.managed(host)
        and (
            str(of[f"{role}_container_name"]) in names
            or (role in among and str(of[f"{role}_ca_path"]) == old_ca)
        )
    ]
    rest = {*names} - {str(of[f"{role}_container_name"]) for role in single}
    return [*(["stack"] if rest else []), *single]


def gateways(fleet: Fleet, among: Collection[str]) -> list[dict[str, str]]:
    """Return the gateways of collectors as service_check takes them, each address once."""
    hosts: dict[str, list[str]] = {}
    for host in fleet.hosts("collector", among):
        hosts.setdefault(str(fleet[host]["collector_pushgateway_url"]), []).append(host)
    return [
        {
            "name": f"collector_pushgateway_url of {', '.join(named)}",
            "kind": "pushgateway",
            "url": url,
        }
        for url, named in hosts.items()
    ]
