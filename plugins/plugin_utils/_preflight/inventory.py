# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deploy needs from the inventory as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .._fleet.inventory import DEPLOYED, LEAVING, Fleet, is_managed, machine
from .._fleet.machines import listeners, neighbours, port_conflicts
from .._fleet.own import scrape_target
from .._fleet.topology import ca_host, ca_path, checks_from
from .._variables import UnreadableVariableError, raw
from .fault import Fault, some
from .names import ALIKE
from .origin import located
from .rules import LOCAL, shown

# Groups that must be in the inventory, even if they are empty.
_NAMED = tuple(set(DEPLOYED) - {"n8n_exporter", "ping", "probe_databases", "log_shipper"})
# Roles that mount a CA of the host.
_READ_CA = ("collector", "ping", "n8n_exporter")
# Two ports of one service, which its role compares.
_OF_ONE = {"collector_api_port", "collector_metrics_port"}
# Groups of hosts that no role is for.
_WITHOUT_ROLE = ("services", "unmanaged", LEAVING)
# Variables of Ansible itself about all hosts and the play: they are not this host's.
_NOT_OF_THE_HOST = {"hostvars", "vars", "groups"}
# Those of Ansible that an inventory sets; facts may hold anything.
_OF_CONNECTION = {"ansible_host", "ansible_user"}
PLACEHOLDER = "FILL-IN"


def group_faults(fleet: Fleet, host: str, others: Collection[str] = ()) -> Iterator[Fault]:
    """Yield groups that the inventory lacks, and a fault if no role is for this host.

    Args:
        others: Prefixes of the user's own names.
    """
    yield from name_faults(fleet, others)
    of_host = [name for name in _own_groups(fleet) if host in fleet.groups[name]]
    named = [name for name in (*DEPLOYED, "services", "gate") if host in fleet.given.get(name, ())]
    if host in fleet.groups.get(LEAVING, ()) and named:
        step = "Take it out of these: a host that leaves is deployed to by nothing"
        yield Fault("host.leaving", host, f"only the group {LEAVING}", ", ".join(named), step)
        return
    if not fleet.roles(host) and not {*_WITHOUT_ROLE, *_meant(fleet, others)} & {*of_host}:
        expected = f"one of the groups {', '.join((*DEPLOYED, *_WITHOUT_ROLE))}"
        step = "Put a host that this collection does not manage into the group unmanaged"
        yield Fault("host.no_role", host, expected, ", ".join(sorted(of_host)) or "none", step)


def name_faults(fleet: Fleet, others: Collection[str] = ()) -> Iterator[Fault]:
    """Yield groups that the inventory lacks: a misspelt one would leave its hosts out, in silence.

    Args:
        others: Prefixes of the user's own names.
    """
    own, misspelt = _own_groups(fleet), _meant(fleet, others)
    for name, meant in misspelt.items():
        step = "Correct the name, or put its beginning into observability_other_prefixes"
        yield Fault("group.unknown", name, meant, "a group that nothing reads", step)
    unread = sorted({*own} - {*DEPLOYED, *_WITHOUT_ROLE, "gate"})
    for name in sorted(set(_NAMED) - {*own, *misspelt.values()}):
        near = get_close_matches(name, unread, 1)
        seen = f"{near[0]}, which nothing reads" if near else ", ".join(unread) or "none like it"
        step = "Is that one misspelt? Write a group that shall be empty as `hosts: {}`"
        yield Fault("group.missing", name, "a group of the inventory", seen, step)


def _own_groups(fleet: Fleet) -> list[str]:
    return [name for name in fleet.groups if name not in ("all", "ungrouped")]


def _meant(fleet: Fleet, others: Collection[str]) -> dict[str, str]:
    """Return the groups that are misspelt, and the name that is meant."""
    names = [name for name in _own_groups(fleet) if not name.startswith((*others,))]
    return dict(_misspelt(fleet.groups, names))


def _misspelt(
    groups: Mapping[str, Collection[str]], own: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield groups that are nearly one of ours and have hosts that ours has not, and ours."""
    ours = (*DEPLOYED, *_WITHOUT_ROLE, "gate")
    for name in own:
        near = get_close_matches(name, ours, 1, ALIKE) if name not in ours else []
        for meant in near:
            if {*groups[name]} - {*groups.get(meant, ())}:
                yield name, meant


def fleet_faults(fleet: Fleet, host: str, v: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the fleet as a whole, whichever host is asked.

    Args:
        v: The variables of the host, with the defaults of the role validate.
    """
    yield from _shared_urls(fleet)
    hosts, checker = fleet.groups.get("all", ()), checks_from(fleet, host)
    if checker not in (*LOCAL, *hosts):
        expected = f"localhost or one of {some(hosts)}"
        yield Fault("reference.unknown", "validate_from", expected, checker)
    path = str(v["validate_ca_path"])
    # Traefik's own CA is made and brought there by a deploy.
    if path and checker in LOCAL and ca_host(fleet) is None and not Path(path).is_file():
        expected = "a CA file on the controller, which runs the checks (validate_from)"
        own = fleet.is_set(host, "validate_ca_path")
        name = "validate_ca_path" if own else "observability_ca_path"
        yield Fault("file.missing", name, expected, path)


def file_faults(fleet: Fleet, host: str, seen: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield CA files that a role of the host reads there, and that are not there.

    Args:
        seen: Digests by path, None for a file that is missing; others are not judged.
    """
    of, maker = fleet[host], ca_host(fleet)
    made = maker is not None and machine(fleet[maker]) == machine(of) and ca_path(fleet, maker)
    for role in set(_READ_CA) & {*fleet.managed(host)}:
        path, where = str(of[f"{role}_ca_path"]), str(of[f"{role}_ca_host"])
        given = any(fleet.is_set(host, f"{each}_ca_path") for each in (role, "observability"))
        if given and where == host and path != made and path in seen and seen[path] is None:
            yield Fault("file.missing", f"{role}_ca_path", f"a CA file on {host}", path)


def _shared_urls(fleet: Fleet) -> Iterator[Fault]:
    """Yield URLs that two collectors have: pings and checks of one would reach the other."""
    hosts: dict[str, list[str]] = {}
    for host in fleet.hosts("collector"):
        # A variable of a host that cannot be read is told when that host is asked.
        with suppress(UnreadableVariableError):
            url = str(fleet[host]["collector_url"]).rstrip("/").lower()
            hosts.setdefault(url, []).append(host)
    for url, named in hosts.items():
        if len(named) > 1:
            expected, seen = "a URL of its own for each collector", f"{url} of {some(named)}"
            fault = Fault("url.twice", "collector_url", expected, shown(seen))
            yield located(fault, raw(fleet[named[-1]]))


def placeholder_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield variables that still contain a placeholder.

    Args:
        raw: Variables as they are written: one may refer to another that is not defined yet.
    """
    for name, value in sorted(raw.items()):
        of_ansible = name.startswith("ansible_") and name not in _OF_CONNECTION
        if name not in _NOT_OF_THE_HOST and not of_ansible and _holds(value):
            step = f"Replace each {PLACEHOLDER} by a value of your own, secrets in vault.yml"
            yield Fault("placeholder", name, "a value of your own", PLACEHOLDER, step)


def port_faults(fleet: Fleet, host: str, among: Collection[str]) -> Iterator[Fault]:
    """Yield ports of a host's machine that two services want; the first of its hosts tells.

    Of two variables, it is the one that is set.

    Args:
        among: The hosts of this run; several may be one machine.
    """
    near = [each for each in neighbours(fleet, host, among) if fleet.roles(each)]
    if near[:1] != [host] or PLACEHOLDER in machine(fleet[host]):
        return
    found: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for pair in port_conflicts([each for name in near for each in listeners(fleet, name)]):
        if {each["variable"] for each in pair} == _OF_ONE and pair[0]["host"] == pair[1]["host"]:
            continue
        one, other = (fleet.is_set(each["host"], each["variable"]) for each in pair)
        told, beside = pair if one and not other else pair[::-1]
        wanted = found.setdefault((told["variable"], told["port"]), [told])
        wanted += [each for each in (told, beside) if each not in wanted]
    for (variable, port), wanted in found.items():
        names = [f"{each['variable']} of {each['host']}" for each in wanted]
        expected = f"port {port} of {wanted[0]['address']} for one service"
        hosts = dict.fromkeys(str(each["host"]) for each in wanted)
        same = f"{some([*hosts])} have one address: correct ansible_host if they are two machines"
        step = same if len(hosts) > 1 else ""
        fault = Fault("port.conflict", variable, expected, f"{some(names)} want it", step)
        yield located(fault, raw(fleet[wanted[0]["host"]]))


def _holds(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds(item) for item in value)
    return isinstance(value, str) and PLACEHOLDER in value


def scrape_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield services of a host that Prometheus is to scrape and cannot reach."""
    for entry in fleet[host]["observability_services"] or ():
        scrape, release = entry.get("scrape"), entry.get("release") or {}
        if not scrape or entry.get("state") == "absent" or not {"port", "target"} & {*scrape}:
            continue
        for hub in fleet.hosts("prometheus"):
            if is_managed(fleet[hub], "prometheus") and not scrape_target(fleet, hub, host, entry):
                variable = f"observability_services[{release.get('name')}].scrape.target"
                expected = f"an address at which Prometheus on {hub} reaches it"
                seen = f"port {scrape['port']} is published on loopback only, or not at all"
                step = "Publish the port on an address of the host, or set the target"
                yield Fault("target.unreachable", variable, expected, seen, step)
