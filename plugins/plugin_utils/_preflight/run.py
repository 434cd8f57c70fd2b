# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect all faults of a host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ansible.errors import AnsibleError

from .._fleet.inventory import DEPLOYED, Fleet
from .._variables import (
    UnreadableVariableError,
    role_defaults,
    role_options,
    role_vars,
    set_by_user,
    with_defaults,
)
from . import (
    alertmanager,
    collector,
    docker_engine,
    grafana,
    image,
    inventory,
    log_shipper,
    n8n_exporter,
    observability,
    ping,
    playbooks,
    probe_databases,
    prometheus,
    pushgateway,
    rules,
    topology,
    traefik,
    validate,
    victoriametrics,
)
from .fault import Fault, unreadable
from .names import variable_faults
from .options import option_faults, playbook_faults
from .origin import base, located, traced
from .rules import Variables

ROLES = {
    "alertmanager": alertmanager.faults,
    "collector": collector.faults,
    "docker_engine": docker_engine.faults,
    "grafana": grafana.faults,
    "image": image.faults,
    "log_shipper": log_shipper.faults,
    "n8n_exporter": n8n_exporter.faults,
    "observability": observability.faults,
    "ping": ping.faults,
    "probe_databases": probe_databases.faults,
    "prometheus": prometheus.faults,
    "pushgateway": pushgateway.faults,
    "traefik": traefik.faults,
    "validate": validate.faults,
    "victoriametrics": victoriametrics.faults,
}
# What only a step of a playbook or role can know, from the facts that it has gathered.
STEPS = {
    "backup": playbooks.backup,
    "checker": playbooks.checker,
    "decommission": playbooks.decommission,
    "drill": playbooks.drill,
    "gate": playbooks.gate,
    "grafana_asked": grafana.asked,
    "grafana_dashboards": grafana.dashboards,
    "grafana_deletions": grafana.deletions,
    "grafana_provisioned": grafana.provisioned,
    "hosts": playbooks.hosts,
    "reached": playbooks.reached,
    "remove": playbooks.remove,
    "restore": playbooks.restore,
    "rollback": playbooks.rollback,
    "stale_groups": playbooks.stale_groups,
    "tags": playbooks.tags,
}
INVENTORY = (
    "addresses",
    "files",
    "fleet",
    "groups",
    "names",
    "placeholders",
    "ports",
    "scrapes",
    "variables",
)


def role_faults(loader: Any, known: Mapping[str, Any], role: str) -> Iterator[Fault]:
    """Yield what is wrong with the variables of a role.

    Args:
        loader: Ansible's DataLoader.
        known: The variables of the task, not templated.
        role: A key of ROLES. It need not be loaded: its defaults are read.
    """
    roles = ("observability", role)
    defaults, computed = role_defaults(roles), role_vars(roles)
    v = with_defaults(loader, {**known, **computed}, defaults)
    wrong: set[str] = set()

    def told(fault: Fault) -> Fault:
        # The engine's ports and addresses are those of all roles; a default may read another one's.
        of_others = role == "docker_engine" or fault.code == "variable.unreadable"
        others = role_defaults(DEPLOYED) if of_others else {}
        return traced(fault, _of_host(fault, known), {**others, **defaults, **computed})

    for fault in _faults(partial(option_faults, role_options(role), known), v):
        if _is_useless(fault) and base(fault.variable) in defaults:
            wrong.add(base(fault.variable))
        yield told(fault)
    # What is told is as by default for the other checks, so that one run tells all.
    rest = {name: value for name, value in v.raw.items() if name not in wrong}
    rest_of_role = with_defaults(loader, rest, defaults) if wrong else v
    for fault in _faults(partial(_of_role, role), rest_of_role):
        if base(fault.variable) not in wrong:
            yield told(fault)


def _of_role(role: str, v: Variables) -> Iterator[Fault]:
    yield from ROLES[role](v)
    yield from rules.container(v, role)


def _of_host(fault: Fault, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the variables among which the one that is told is."""
    of: Mapping[str, Any] = known["hostvars"].raw_get(fault.host) if fault.host else known
    return of


def _is_useless(fault: Fault) -> bool:
    """Return whether no check can do anything with the value."""
    whole = base(fault.variable) == fault.variable and fault.code != "value.missing"
    return whole or (fault.code == "value.missing" and base(fault.variable) != fault.variable)


def step_faults(loader: Any, known: Mapping[str, Any], step: str) -> Iterator[Fault]:
    """Yield what prevents a step of a playbook or role, a key of STEPS."""
    v = with_defaults(loader, known, {})
    of_step = [name for name in known if name.startswith(f"{step}_")]
    for fault in list(_faults(partial(playbook_faults, of_step), v)) or _faults(STEPS[step], v):
        yield located(fault, known)


def _faults(check: Callable[[Variables], Iterator[Fault]], v: Variables) -> Iterator[Fault]:
    try:
        yield from check(v)
    except UnreadableVariableError as error:
        other = error.host if error.host != str(v["inventory_hostname"]) else ""
        yield replace(unreadable(error.name, error.reason), host=other)


def inventory_faults(
    loader: Any, known: Mapping[str, Any], fleet: Fleet, subject: str
) -> Iterator[Fault]:
    """Yield what is wrong with the inventory.

    Args:
        loader: Ansible's DataLoader.
        known: The variables of the task, not templated.
        fleet: The fleet as its host sees it; what one subject has read of it, another need not.
        subject: One of INVENTORY.
    """
    defaults = role_defaults(("observability", "validate", *DEPLOYED))
    for fault in _inventory_faults(loader, known, fleet, defaults, subject):
        yield traced(fault, _of_host(fault, known), defaults)


def _inventory_faults(
    loader: Any,
    known: Mapping[str, Any],
    fleet: Fleet,
    defaults: Mapping[str, Any],
    subject: str,
) -> Iterator[Fault]:
    host = str(known["inventory_hostname"])
    managed = bool(fleet.roles(host)) or host in fleet.groups.get("services", ())
    others = fleet[host]["observability_other_prefixes"]
    if subject == "fleet" and host == known["ansible_play_hosts"][0]:
        below = {**role_vars(("observability",)), **defaults}
        yield from inventory.fleet_faults(fleet, host, with_defaults(loader, known, below))
    if subject == "files":
        yield from inventory.file_faults(fleet, host, fleet[host]["deploy_look"]["files"])
    if subject == "names":
        yield from inventory.name_faults(fleet, others)
    if subject == "groups":
        yield from inventory.group_faults(fleet, host, others)
        yield from topology.unused_faults(fleet, host)
    if subject == "placeholders" and fleet.roles(host):
        yield from inventory.placeholder_faults(known)
    if subject == "addresses":
        yield from topology.address_faults(fleet, host)
        yield from topology.ca_faults(fleet, host)
    if subject == "ports":
        yield from inventory.port_faults(fleet, host, known["ansible_play_hosts"])
    if subject == "scrapes":
        yield from inventory.scrape_faults(fleet, host)
    if subject == "variables" and managed:
        given = set_by_user(known)
        yield from variable_faults(given, others)
        # Those of other playbooks may have values only when these run.
        read = [name for name in given if name.startswith(("deploy_", "validate_"))]
        yield from playbook_faults(read, with_defaults(loader, known, defaults))


def collected(
    stages: Iterable[tuple[str, Callable[[], Iterator[Fault]]]],
) -> dict[str, list[Fault]]:
    """Return the faults that each stage finds; an unreadable variable once.

    A check that stumbles over a value is an error only if nothing else is wrong: it may rely on
    what another one has refused. What is wrong only because of a placeholder is left out, and so
    is what is made of a variable that is told itself.
    """
    found: dict[str, list[Fault]] = {}
    stumbled: Exception | None = None
    for name, stage in stages:
        faults = found.setdefault(name, [])
        try:
            for fault in stage():
                if fault.code != "variable.unreadable" or fault not in faults:
                    faults.append(fault)
        except (TypeError, ValueError, LookupError, AttributeError, AnsibleError) as error:
            stumbled = stumbled or error
    faults = [fault for of_stage in found.values() for fault in of_stage]
    if stumbled and inventory.PLACEHOLDER in str(stumbled) and not faults:
        name, step = "a variable of another host", f"Replace each {inventory.PLACEHOLDER} there"
        fault = Fault("placeholder", name, "a value of your own", inventory.PLACEHOLDER, step)
        return {"": [fault]}
    if stumbled and not faults:
        raise stumbled
    if any(fault.code == "placeholder" for fault in faults):
        return {name: [each for each in of if not _follows(each)] for name, of in found.items()}
    told = {fault.variable for fault in faults if not fault.through}
    return {
        name: [each for each in of if not (each.through and base(each.variable) in told)]
        for name, of in found.items()
    }


def _follows(fault: Fault) -> bool:
    return fault.code != "placeholder" and inventory.PLACEHOLDER in fault.seen
