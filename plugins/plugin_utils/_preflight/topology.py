# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the hosts reach each other where the groups say that they must."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator

from .._fleet.inventory import Fleet
from .._fleet.topology import (
    CONSUMERS,
    ONE_OF,
    ca_hosts,
    derives_routes,
    has_address,
    private_address,
    sent_to,
    used_instead,
    users,
)
from .fault import Fault

# What is meant as an address: no name consists of these.
_NUMBERS = re.compile(r"[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


def address_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield services of a host that another machine is sent to and cannot reach."""
    given = str(fleet[host].get("ansible_host", ""))
    if fleet.roles(host) and _NUMBERS.fullmatch(given) and not _is_resolved(given):
        yield Fault("address.invalid", "ansible_host", "an IP address or a name", given)
        return
    for role in (*CONSUMERS, "traefik"):
        variable = f"{role}_bind_address"
        if role not in fleet.managed(host) or not _is_loopback(str(fleet[host][variable])):
            continue
        told = sent_to(fleet, host, role) if role in CONSUMERS else None
        if told:
            expected = f"an address of {host} that other hosts reach, since {told} names it"
            seen = f"{fleet[host][variable]}, a loopback address"
            step = "Without both variables, the address follows from the groups"
            yield Fault("service.unreachable", variable, expected, seen, step)
        elif derives_routes(fleet) and not fleet.is_set(host, variable):
            yield from _without_address(fleet, host, role)


def _without_address(fleet: Fleet, host: str, role: str) -> Iterator[Fault]:
    consumer, other = next(users(fleet, host, role), ("", ""))
    if not consumer or has_address(fleet, host, role):
        return
    expected = f"the private address of {host}, since {consumer} on {other} needs {role}"
    leads = CONSUMERS.get(role, {}).get(consumer, f"{consumer}_pushgateway_url")
    step = (
        f"Set observability_address for {host}. If it has none, set {role}_bind_address yourself, "
        f"or send {consumer} elsewhere ({leads})"
    )
    seen = private_address(fleet[host])
    yield Fault("address.not_private", "observability_address", expected, seen, step)


def ca_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield a fault if two machines make a CA of the public names: which would the others trust?"""
    first, *others = ca_hosts(fleet) or [host]
    if host in others and not fleet.is_set(host, "observability_ca_path"):
        expected = f"one machine that makes the CA of the public names; {first} does"
        step = "Set it to files or acme on one of them, or set observability_ca_path"
        variable = "traefik_certificate_source"
        yield Fault("ca.two", variable, expected, f"local on {host}, too", step)


def unused_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield groups whose service on this host nobody would use: another host's is."""
    told = [fault.variable for fault in ca_faults(fleet, host)]
    for role in ONE_OF:
        used = used_instead(fleet, host, role)
        if used and not (role == "traefik" and told):
            step = f"Take {host} out of the group, set {role}_mode to existing there, or set "
            step += " or ".join(sorted(_leads_to(role)))
            seen = f"{host}, too, which nothing would use"
            yield Fault("group.unused", role, f"one host; {used} is used", seen, step)


def _leads_to(role: str) -> set[str]:
    """Return the variables that lead to one host's service of a role."""
    if role == "traefik":
        return {"traefik_routes"}
    return {*CONSUMERS[role].values(), *([f"{role}_url"] if role != "victoriametrics" else [])}


def _is_loopback(address: str) -> bool:
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


def _is_resolved(numbers: str) -> bool:
    """Return whether the system takes it as an address, in any of its spellings (127.1)."""
    try:
        socket.inet_aton(numbers)
    except OSError:
        return _is_address(numbers)
    return True


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
