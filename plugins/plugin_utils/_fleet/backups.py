# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services of a host are backed up, and as what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .expected import PARTS
from .inventory import Fleet
from .own import own_names

# The kinds of service_backup, by the part of a role that is the service.
KINDS = {
    "victoriametrics": "victoriametrics",
    "pushgateway": "pushgateway",
    "alertmanager": "alertmanager",
    "prometheus": "prometheus",
    "probe_databases_postgresql": "postgresql",
    "probe_databases_mariadb": "mariadb",
    "grafana": "volumes",
    "traefik": "volumes",
    "collector": "volumes",
    "ping": "volumes",
}
# What a deploy makes again, or what the sender still has.
NOT_WORTH = ("collector", "ping")


def backups(fleet: Fleet, host: str, only: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the services that are backed up: `name`, `kind`, and whether it may be absent.

    Args:
        only: Names of containers; empty for all.
    """
    found = [
        {"name": name, "kind": KINDS[part], "optional": part == "grafana"}
        for role in fleet.managed(host)
        if role not in NOT_WORTH
        for part, name in _containers(fleet[host], role).items()
    ]
    found += [
        {"name": name, "kind": "volumes", "optional": False} for name in own_names(fleet[host])
    ]
    return [each for each in found if not only or each["name"] in only]


def kind_of(fleet: Fleet, host: str, name: str) -> str:
    """Return the kind of a container of a host, also of a role that it is no longer in."""
    of = fleet[host]
    return next(
        (kind for part, kind in KINDS.items() if of.get(f"{part}_container_name") == name),
        "volumes",
    )


def _containers(of: Mapping[str, Any], role: str) -> dict[str, str]:
    """Return the names of a role's containers, by part."""
    parts = PARTS.get(role, (role,))
    return {part: str(of[f"{part}_container_name"]) for part in parts if part in KINDS}
