# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the variables of a host that still hold a placeholder."""

from __future__ import annotations

DOCUMENTATION = r"""
name: placeholders
short_description: Names of variables that still hold a placeholder
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Looks at the variables as they are written, before templating, so that a variable that
    refers to another one which is not defined yet is no error here.
  - Only names are returned, never values.
options:
  _terms:
    description:
      - Texts that mark a placeholder. Without one it is C(FILL-IN), as in the example inventory.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Refuse placeholders
  ansible.builtin.assert:
    that: query('vya.observability.placeholders') | length == 0
"""

RETURN = r"""
_raw:
  description: Names of the variables, sorted.
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

# Ansible's own views on all hosts, and what it knows of the play: not this host's variables.
NOT_OF_THE_HOST = {"hostvars", "vars", "groups"}


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[str]:
        """Return the names of the variables in which any of the terms stands."""
        self.set_options(var_options=variables, direct=kwargs)
        return sorted(
            name
            for name, value in (variables or {}).items()
            if name not in NOT_OF_THE_HOST
            and (name == "ansible_host" or not name.startswith("ansible_"))
            and any(_holds(value, term) for term in terms or ["FILL-IN"])
        )


def _holds(value: Any, text: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(item, text) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds(item, text) for item in value)
    return isinstance(value, str) and text in value
