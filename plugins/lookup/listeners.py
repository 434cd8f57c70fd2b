# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the services of a host listen, by the variables of their roles."""

from __future__ import annotations

DOCUMENTATION = r"""
name: listeners
short_description: Addresses and ports of a host that roles publish
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Reads the variables that are named as the roles of this collection name them. The address of
    C(ROLE_PART_port) is C(ROLE_PART_bind_address) or, where there is none, C(ROLE_bind_address).
  - A role whose C(ROLE_mode) is C(existing) publishes nothing, nor does a port 0.
options:
  _terms:
    description: Names of roles whose variables are known where the lookup is used.
    type: list
    elements: str
    default: []
  port_conflicts:
    description:
      - Listeners of all services of one machine, as this lookup returns them. With it, the lookup
        returns a sentence for each port that two of them want at the same address.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: Know where the services of this host listen
  ansible.builtin.set_fact:
    listeners: "{{ query('vya.observability.listeners', 'prometheus', 'pushgateway') }}"

- name: Refuse two on one port
  ansible.builtin.assert:
    that: conflicts | length == 0
    fail_msg: "{{ conflicts | join(' ') }}"
  vars:
    conflicts: "{{ query('vya.observability.listeners', port_conflicts=listeners) }}"
"""

RETURN = r"""
_raw:
  description:
    - A dictionary per port with C(host), C(variable), C(address) and C(port); with
      O(port_conflicts) a sentence per conflict.
  type: list
  elements: raw
"""

import ipaddress
from itertools import combinations
from typing import Any

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the listeners, or the sentences."""
        self.set_options(var_options=variables, direct=kwargs)
        listeners = self.get_option("port_conflicts")
        if listeners is not None:
            return conflicts(listeners)
        templar: Any = self._templar
        known = variables or {}
        found: list[Any] = []
        for role in sorted(terms):
            if templar.template(known.get(f"{role}_mode")) == "existing":
                continue
            for name in sorted(known):
                if not (name.startswith(f"{role}_") and name.endswith("_port")):
                    continue
                own = name[: -len("_port")] + "_bind_address"
                address = own if own in known else f"{role}_bind_address"
                if address not in known:
                    continue
                port = int(templar.template(known[name]))
                if port:
                    found.append(
                        {
                            "host": str(known["inventory_hostname"]),
                            "variable": name,
                            "address": str(templar.template(known[address])),
                            "port": port,
                        }
                    )
        return found


def conflicts(listeners: list[dict[str, Any]]) -> list[str]:
    """A sentence for each two listeners that cannot be on one machine."""
    return [
        f"port {one['port']} of {one['address']}: expected for one service; seen: "
        f"{one['variable']} of {one['host']} and {other['variable']} of {other['host']}."
        for one, other in combinations(listeners, 2)
        if one["port"] == other["port"] and _meet(one["address"], other["address"])
    ]


def _meet(one: str, other: str) -> bool:
    """Whether two addresses to listen on share one: the same, or one is all of them."""
    first, second = ipaddress.ip_address(one), ipaddress.ip_address(other)
    return first == second or first.is_unspecified or second.is_unspecified
