# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the fleet from what Ansible passes to a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._variables import role_defaults, role_vars, with_defaults
from .inventory import DEPLOYED, LEAVING, Fleet


def fleet_of(loader: Any, known: Mapping[str, Any]) -> Fleet:
    """Return the fleet as one host sees it.

    Args:
        loader: Ansible's DataLoader.
        known: The variables of that host's task, not templated. Of the other hosts, only variables
            of the inventory and of ``set_fact`` are known.
    """
    roles = ("observability", "docker_engine", "image", "validate", *DEPLOYED)
    defaults = role_defaults(roles)
    own = str(known["inventory_hostname"])
    # A variable may ask for a fact of the fleet itself, as `ping_targets` does.
    computed = role_vars(("observability", "prometheus"))
    below = {**computed, **defaults, "hostvars": known["hostvars"]}

    def raw(host: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = known if host == own else known["hostvars"].raw_get(host)
        return found

    leaving = _leaving(known)
    gone = {*known["groups"].get(LEAVING, ()), *(host for host, of in leaving.items() if not of)}

    def read(host: str) -> Mapping[str, Any]:
        none: dict[str, Any] = {"observability_services": []} if host in gone else {}
        return with_defaults(loader, {**raw(host), **none} if none else raw(host), below)

    def is_set(host: str, name: str) -> bool:
        # Where the role is loaded, its default is a variable like others.
        variables = raw(host)
        return name in variables and variables[name] != defaults.get(name)

    return Fleet(known["groups"], read, is_set, leaving)


def _leaving(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the host that this run takes out, and the group of its one service, if it is one."""
    host, service = known.get("decommission_host"), known.get("decommission_service")
    if not host:
        return {}
    if service and service not in DEPLOYED:
        return {}  # a service of the user's own, whose entry is gone already
    return {str(host): [str(service)] if service else []}
