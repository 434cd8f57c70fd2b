# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the hosts reach each other where the groups say that they must."""

from __future__ import annotations

from collections.abc import Iterator

from .._fleet.inventory import Fleet
from .._fleet.topology import has_address, private_address, unreachable
from .fault import Fault


def address_faults(fleet: Fleet, host: str) -> Iterator[Fault]:
    """Yield services of a host that another machine needs and cannot reach."""
    for role, consumer, other in unreachable(fleet, host):
        needed = f"{consumer} on {other} needs {role}"
        variable = f"{role}_bind_address"
        if fleet.is_set(host, variable) or has_address(fleet, host):
            expected = f"an address of {host} that other hosts reach, since {needed}"
            step = "Remove the variable: the address follows from the groups"
            seen = f"{fleet[host][variable]}, a loopback address"
            yield Fault("service.unreachable", variable, expected, seen, step)
        else:
            expected = f"the private IP address of {host}, since {needed}"
            step = (
                "Set it in the host's host_vars; a public address is only used if it is set there"
            )
            seen = private_address(fleet[host])
            yield Fault("address.not_private", "observability_address", expected, seen, step)
