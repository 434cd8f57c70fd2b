#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin preflight."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
short_description: Check the variables of a host, and name all that is wrong with them
version_added: 0.1.0
description:
  - Checks the variables of roles of this collection, and of the inventory as a whole, before a
    deploy touches anything.
  - Names every variable that is wrong at once, with what was expected and what was seen. The
    value of a secret is never shown.
  - A role need not be loaded; its defaults are known.
  - Runs on the controller.
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
    description: The same variables have the same faults.
options:
  roles:
    description:
      - Roles whose variables are checked.
      - For V(docker_engine), the variable C(docker_engine_seen) is checked, which holds the result
        of M(vya.observability.docker_engine_info).
    type: list
    elements: str
    choices:
      - alertmanager
      - collector
      - docker_engine
      - grafana
      - n8n_exporter
      - observability
      - probe_databases
      - prometheus
      - pushgateway
      - traefik
      - victoriametrics
    default: []
  inventory:
    description:
      - What is checked of the inventory.
      - V(groups) finds groups that are missing or misspelt, V(placeholders) variables that still
        hold C(FILL-IN), V(ports) ports of a machine that two services of this play want.
    type: list
    elements: str
    choices: [groups, placeholders, ports]
    default: []
notes:
  - The argument specifications of roles check types and choices; this checks what they cannot.
"""

EXAMPLES = r"""
- name: Check the variables of two roles
  vya.observability.preflight:
    roles: [observability, prometheus]
"""

RETURN = r"""
faults:
  description: What is wrong. Empty when all is well.
  returned: always
  type: list
  elements: dict
  contains:
    code:
      description: What is wrong, for programs.
      type: str
      sample: port.invalid
    role:
      description: The role, empty for the inventory.
      type: str
      sample: prometheus
    variable:
      description: The variable, or the entry of one.
      type: str
      sample: collector_databases[n8n].password
    expected:
      description: What would be right.
      type: str
      sample: a port from 1 to 65535
    seen:
      description: What is there, unless it is a secret.
      type: str
      sample: "70000"
    fix:
      description: The next step, where it is not to correct the variable.
      type: str
    message:
      description: What is wrong, as a sentence.
      type: str
"""
