# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of a host."""

from __future__ import annotations

DOCUMENTATION = r"""
name: services
short_description: The services that roles of this collection run on a host
version_added: 0.2.0
author:
  - Vya Digital (@vya-digital)
description:
  - Returns the services that roles run on the host, as M(vya.observability.container_services)
    takes them. The roles need not be loaded. It contains secrets.
  - Roles that are not for the host, or whose service is an existing one, have none.
options:
  _terms:
    description:
      - Names of roles. V(services) are those in C(observability_services). V(stack) stands for
        these and those that collectors need, in the order in which they are deployed.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Plan the services of the stack
  vya.observability.container_services:
    services: "{{ query('vya.observability.services', 'stack') }}"
    state: planned
"""

RETURN = r"""
_raw:
  description: The services, in the order of the roles.
  type: list
  elements: dict
  sample: [{name: alertmanager, release: {image: "prom/alertmanager:v0.28.1"}}]
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ..plugin_utils._content.services import services
from ..plugin_utils._fleet.plan import OWN, STACK
from ..plugin_utils._fleet.read import fleet_of


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the services."""
        self.set_options(var_options=variables, direct=kwargs)
        known = variables or {}
        roles = [role for term in terms for role in ((*STACK, OWN) if term == "stack" else (term,))]
        return list(services(self._loader, known, fleet_of(self._loader, known), roles))
