# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of an inventory: their groups and their variables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

# Groups that a role of the same name is for.
DEPLOYED = (
    "collector",
    "ping",
    "n8n_exporter",
    "pushgateway",
    "prometheus",
    "alertmanager",
    "victoriametrics",
    "traefik",
    "grafana",
    "probe_databases",
    "log_shipper",
)
# Hosts that leave: they are in no other group of ours, as nothing is deployed to them.
LEAVING = "leaving"


class Fleet:
    """What the functions of this folder work on.

    Hosts that leave are in none of its groups that have a meaning.

    Args:
        groups: Host names by group.
        read: Returns the variables of a host, roles' defaults included.
        is_set: Tells whether the inventory sets a variable of a host.
        leaving: Hosts that leave, beside those of the group, and of which groups: all if none.
    """

    def __init__(
        self,
        groups: Mapping[str, Sequence[str]],
        read: Callable[[str], Mapping[str, Any]],
        is_set: Callable[[str, str], bool] = lambda _host, _name: False,
        leaving: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.given = groups
        gone = {**dict.fromkeys(groups.get(LEAVING, ()), ()), **(leaving or {})}
        self.groups = _without(groups, gone) if gone else groups
        self._read = read
        self.is_set = is_set
        self._known: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, host: str) -> Mapping[str, Any]:
        if host not in self._known:
            self._known[host] = self._read(host)
        return self._known[host]

    def hosts(self, group: str, among: Collection[str] | None = None) -> list[str]:
        """Return the hosts of a group, in the inventory's order."""
        return [host for host in self.groups.get(group, ()) if among is None or host in among]

    def roles(self, host: str) -> list[str]:
        """Return the roles that are deployed to a host."""
        return [group for group in DEPLOYED if host in self.groups.get(group, ())]

    def managed(self, host: str) -> list[str]:
        """Return the roles of a host that run something there."""
        return [role for role in self.roles(host) if is_managed(self[host], role)]


def _without(
    groups: Mapping[str, Sequence[str]], gone: Mapping[str, Collection[str]]
) -> dict[str, Sequence[str]]:
    """Return the groups without the hosts that leave them."""
    ours = (*DEPLOYED, "services", "gate")

    def stays(group: str, host: str) -> bool:
        return host not in gone or group not in (gone[host] or ours)

    return {name: [each for each in hosts if stays(name, each)] for name, hosts in groups.items()}


def is_managed(variables: Mapping[str, Any], role: str) -> bool:
    """Tell whether a role runs its service, or only checks one that is there.

    Of Grafana's ``auto`` nobody knows yet whether its image can be had: it counts as managed.
    """
    return str(variables.get(f"{role}_mode", "managed")) != "existing"


def machine(variables: Mapping[str, Any]) -> str:
    """Return what identifies the machine of a host."""
    if variables.get("ansible_connection") == "local":
        return "localhost"
    return str(variables.get("ansible_host") or variables["inventory_hostname"])


def truth(value: Any) -> bool:
    """Return what the filter ``bool`` makes of a value; an empty list is false."""
    if isinstance(value, str):
        return value.strip().lower() in ("1", "true", "t", "yes", "y", "on")
    return bool(value)
