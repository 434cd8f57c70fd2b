# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of a host, as its roles describe them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._fleet.inventory import DEPLOYED, Fleet
from .._fleet.own import own_services
from .._fleet.plan import OWN
from .._variables import ROLES, role_defaults, role_vars, with_defaults


def services(
    loader: Any, known: Mapping[str, Any], fleet: Fleet, roles: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the services that roles run on a host, as options of ``container_services``.

    Args:
        loader: Ansible's DataLoader.
        known: The variables of the host's task, not templated.
        roles: Roles whose services are wanted, if they are deployed to the host and managed.
    """
    host = str(known["inventory_hostname"])
    managed = fleet.managed(host)
    for role in roles:
        if role == OWN:
            yield from own_services(fleet[host])
        elif role in managed:
            yield from of_role(loader, known, role)


def of_role(loader: Any, known: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    """Return the services of one role, which need not be loaded: its files are read."""
    roles = ("observability", role)
    computed = {
        **role_vars(roles),
        # Templates and files of the role are found as in the role.
        "role_path": str(ROLES / role),
        "ansible_search_path": [str(ROLES / role)],
    }
    defaults = role_defaults(("observability", *DEPLOYED))
    return list(with_defaults(loader, {**known, **computed}, defaults)[f"{role}_services"])
