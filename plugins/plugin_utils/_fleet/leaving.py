# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host, or one service of it, that leaves: what is its own, and who still needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...module_utils._check import Ask, Check
from ...module_utils._release.unwanted import unwanted
from .backups import kind_of
from .expected import PARTS, wanted_releases
from .inventory import DEPLOYED, Fleet
from .machines import neighbours
from .needs import needs

# Roles whose service others use: it goes elsewhere first.
SHARED = ("pushgateway", "prometheus", "alertmanager", "victoriametrics", "traefik", "grafana")
# Variables that name a host in what it pushes.
NAMES = ("collector_host", "n8n_exporter_host")


def given_roles(fleet: Fleet, host: str) -> list[str]:
    """Return the roles of a host as the inventory names them, though it leaves."""
    return [role for role in DEPLOYED if host in fleet.given.get(role, ())]


def needed_by(fleet: Fleet, host: str) -> list[str]:
    """Return the hosts that cannot be deployed without this one."""
    others = [each for each in fleet.groups["all"] if each != host]
    return [each for each in others for need in needs(fleet, each) if need[1] == host]


def named(fleet: Fleet, host: str, service: str = "") -> list[str]:
    """Return the values of the label `instance` of what a host pushes.

    Args:
        service: The role that leaves; empty for the whole host.
    """
    of = fleet[host]
    names = [name for name in NAMES if not service or name == f"{service}_host"]
    found = [str(of[name]) for name in names]
    return list(dict.fromkeys([*found, *([] if service else [host])]))


def jobs(service: str = "") -> str:
    """Return a pattern for the jobs of the groups that a host, or its one service, pushes."""
    return {
        "": ".*",
        "collector": "collector_api_.+",
        "n8n_exporter": "n8n_(executions|nodes)",
    }.get(service, "(?!)")


def locations(fleet: Fleet, host: str, service: str = "") -> list[str]:
    """Return the locations from which nothing pings any more when this host has left."""
    if service not in ("", "ping") or host not in fleet.given.get("ping", ()):
        return []
    own = str(fleet[host]["ping_location"])
    others = [str(fleet[each]["ping_location"]) for each in fleet.hosts("ping")]
    return [] if own in others else [own]


def containers(fleet: Fleet, host: str, found: Sequence[str], service: str = "") -> list[str]:
    """Return the names of a host's containers that go.

    Args:
        found: The releases that are there.
        service: The role, or the name of the one container, that leaves; empty for all.
    """
    of = fleet[host]
    roles = [service] if service in DEPLOYED else given_roles(fleet, host)
    known = [
        str(of[f"{part}_container_name"])
        for role in roles
        for part in PARTS.get(role, (role,))
        if f"{part}_container_name" in of
    ]
    names = known if service in DEPLOYED else [service] if service else [*known, *found]
    return unwanted(dict.fromkeys(names), wanted_releases(fleet, host))


def backed_up(fleet: Fleet, host: str, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the containers that are backed up before they go, with their kinds."""
    return [{"name": name, "kind": kind_of(fleet, host, name)} for name in names]


def own_paths(fleet: Fleet, host: str, service: str = "") -> dict[str, Any]:
    """Return what a host has beside its releases: `directories`, `files`; is it `alone` there?

    Directories that another host of the same machine uses, too, stay.
    """
    of = fleet[host]
    exporter = service in ("", "n8n_exporter")
    near = [fleet[each] for each in neighbours(fleet, host, fleet.groups["all"]) if each != host]
    directories = []
    if service == "n8n_exporter":
        config, state = (str(of[f"observability_{name}_directory"]) for name in ("config", "state"))
        own = (f"{config}/{service}", f"{state}/{service}", f"{state}/{service}_logs")
        directories += list(own)
    for name in ("observability_config_directory", "observability_state_directory"):
        if not service and str(of[name]) not in [str(each[name]) for each in near]:
            directories.append(str(of[name]))
    cron = f"{of['n8n_exporter_cron_directory']}/vya-n8n-exporter"
    shared = [each for each in near if each["inventory_hostname"] in fleet.hosts("n8n_exporter")]
    files = [cron] if exporter and not shared else []
    return {"directories": directories, "files": files, "alone": not near}


def unchanged_checks(fleet: Fleet) -> Iterator[Check]:
    """Yield a check of each other host: its containers are those that were there before.

    Those that knew the host that leaves may have been replaced by this run.
    """
    for host in fleet.groups["all"]:
        before = (fleet[host].get("decommission_before") or {}).get("containers")
        if before is None:
            continue
        after = (fleet[host].get("decommission_after") or {}).get("containers") or {}
        near = [fleet[each] for each in neighbours(fleet, host, fleet.groups["all"])]
        replaced = [
            name
            for of in near
            for name, service in (
                (of.get("decommission_converged") or {}).get("services") or {}
            ).items()
            if service["changed"]
        ]
        mine = {*before, *after} - {*unwanted([*before, *after], wanted_releases(fleet, host))}
        differ = sorted(name for name in mine - {*replaced} if before.get(name) != after.get(name))
        ask = Ask("unchanged", host, names=differ, n=len(mine), replaced=sorted(mine & {*replaced}))
        yield ask.fail("differs") if differ else ask.ok()


def named_checks(fleet: Fleet, host: str, service: str = "") -> list[Check]:
    """Return a warning if the inventory still deploys to a host that has left."""
    roles = [role for role in given_roles(fleet, host) if not service or role == service]
    if not service and host in fleet.given.get("services", ()):
        roles.append("services")
    groups = roles
    ask = Ask("left_inventory", host, groups=groups, host=host)
    return [ask.warn("named") if groups else ask.ok()]
