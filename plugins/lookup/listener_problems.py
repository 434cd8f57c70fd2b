# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the addresses and ports that a service shall listen on."""

from __future__ import annotations

DOCUMENTATION = r"""
name: listener_problems
short_description: What is wrong with addresses and ports to listen on
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - For checks before a deploy. One sentence per problem, none when all is well.
options:
  _terms:
    description:
      - Names of variables. One that ends in C(_address) is to hold an IP address, one that ends in
        C(_port) a port from 1 to 65535.
    type: list
    elements: str
    required: true
  optional:
    description:
      - Names of those ports that may be 0, for not listening at all.
    type: list
    elements: str
    default: []
  private:
    description:
      - Names of those addresses that must not be reachable from the internet. V(0.0.0.0) and V(::)
        are refused for them, too - they mean every address.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Check where the server listens
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ query('vya.observability.listener_problems', 'server_bind_address', 'server_port') }}
"""

RETURN = r"""
_raw:
  description: One sentence per problem, with the variable's name, the expected and the seen.
  type: list
  elements: str
"""

import ipaddress
from typing import Any

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[str]:
        """Return a sentence per problem."""
        self.set_options(var_options=variables, direct=kwargs)
        templar: Any = self._templar
        found = []
        for name in terms:
            value = templar.template((variables or {})[name])
            if name.endswith("_port"):
                expected = _port(value, 0 if name in self.get_option("optional") else 1)
            else:
                expected = _address(value, name in self.get_option("private"))
            if expected:
                found.append(f"{name}: expected {expected}; seen: {value!r}.")
        return found


def _port(value: Any, lowest: int) -> str:
    try:
        fine = lowest <= int(value) <= 65535 and not isinstance(value, (bool, float))
    except (TypeError, ValueError):
        fine = False
    return "" if fine else f"a port from {lowest} to 65535"


def _address(value: Any, private: bool) -> str:
    try:
        address = ipaddress.ip_address(str(value))
    except ValueError:
        return "an IP address of the host (0.0.0.0 for all)"
    if private and (address.is_unspecified or address.is_global):
        return "a loopback or private address, since this must not be public"
    return ""
