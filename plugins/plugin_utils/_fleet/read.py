# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the fleet from what Ansible passes to a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._variables import role_defaults, role_vars, with_defaults
from .inventory import DEPLOYED, Fleet


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
    below = {**role_vars(("observability",)), **defaults, "hostvars": known["hostvars"]}

    def raw(host: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = known if host == own else known["hostvars"].raw_get(host)
        return found

    def read(host: str) -> Mapping[str, Any]:
        return with_defaults(loader, raw(host), below)

    def is_set(host: str, name: str) -> bool:
        # Where the role is loaded, its default is a variable like others.
        variables = raw(host)
        return name in variables and variables[name] != defaults.get(name)

    return Fleet(known["groups"], read, is_set)
