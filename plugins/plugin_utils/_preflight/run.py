# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All faults of a host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._fleet.read import fleet_of
from .._variables import UnreadableVariableError, role_defaults, with_defaults
from . import (
    alertmanager,
    collector,
    docker_engine,
    grafana,
    inventory,
    n8n_exporter,
    observability,
    probe_databases,
    prometheus,
    pushgateway,
    traefik,
    victoriametrics,
)
from .fault import Fault

ROLES = {
    "alertmanager": alertmanager.faults,
    "collector": collector.faults,
    "docker_engine": docker_engine.faults,
    "grafana": grafana.faults,
    "n8n_exporter": n8n_exporter.faults,
    "observability": observability.faults,
    "probe_databases": probe_databases.faults,
    "prometheus": prometheus.faults,
    "pushgateway": pushgateway.faults,
    "traefik": traefik.faults,
    "victoriametrics": victoriametrics.faults,
}
INVENTORY = ("groups", "placeholders", "ports")


def role_faults(loader: Any, known: Mapping[str, Any], role: str) -> Iterator[Fault]:
    """Return what is wrong with the variables of a role.

    Args:
        loader: Ansible's reader of files.
        known: The variables of the task, not templated.
        role: A key of ROLES. It need not be loaded: its defaults are read.
    """
    variables = with_defaults(loader, known, role_defaults(loader, ("observability", role)))
    try:
        yield from ROLES[role](variables)
    except UnreadableVariableError as error:
        yield Fault("variable.unreadable", error.name, "a value", error.reason)


def inventory_faults(
    loader: Any, known: Mapping[str, Any], subjects: Sequence[str]
) -> Iterator[Fault]:
    """Return what is wrong with the inventory; C(subjects) are some of INVENTORY."""
    fleet, host = fleet_of(loader, known), str(known["inventory_hostname"])
    if "groups" in subjects:
        yield from inventory.group_faults(fleet, host)
    if "placeholders" in subjects and fleet.roles(host):
        yield from inventory.placeholder_faults(known)
    if "ports" in subjects:
        yield from inventory.port_faults(fleet, host, known["ansible_play_hosts"])
