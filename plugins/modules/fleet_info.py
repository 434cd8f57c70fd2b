#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin fleet_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_info
short_description: Show what runs on each host according to the inventory
version_added: 0.2.0
description:
  - Prints, for each host of the inventory, which services run there, where they listen, who on
    another machine reaches them, under which name, what they connect to, and whether each value
    is set in the inventory or follows from the groups.
  - Runs on the controller, and asks no host.
author: Vya Digital (@vya-digital)
attributes:
  check_mode:
    support: full
    description: Changes nothing.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: The same inventory has the same plan.
options: {}
"""

EXAMPLES = r"""
- name: Show what runs where
  vya.observability.fleet_info:
"""

RETURN = r"""
hosts:
  description: The hosts that have a role or a service, in the inventory's order.
  returned: success
  type: list
  elements: dict
  contains:
    host:
      description: The host.
      type: str
      sample: wfdb01
    address:
      description: The address at which other hosts reach it.
      type: str
      sample: 192.0.2.21
    same_machine:
      description: Other hosts of the inventory that are the same machine, as they have its address.
      type: list
      elements: str
      sample: []
    checks:
      description: Whether the checks run there.
      type: bool
      sample: true
    ca:
      description: Whether the CA of the public names is made there.
      type: bool
      sample: true
    services:
      description:
        - The services. C(listens), C(reaches), C(name) and, of an existing one, C(asked_at) and
          C(files_in) have C(value), C(variable) and C(derived), which is whether the value follows
          from the groups or a default.
      type: list
      elements: dict
      sample:
        - role: pushgateway
          container: pushgateway
          managed: true
          listens:
          - {value: '127.0.0.1:9091', variable: pushgateway_port, derived: true}
          reaches: []
          asked_at: []
          files_in: []
          reached_by: [prometheus]
"""
