#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin preflight."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
short_description: Check the variables of a host, and report everything that is wrong
version_added: 0.1.0
description:
  - Checks the variables of this collection's roles, and of the inventory as a whole, before a
    deploy changes anything.
  - Reports all wrong variables at once, with what was expected and what was seen. Values of secrets
    are never shown.
  - The roles need not be loaded; their defaults are known.
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
      - Roles whose variables to check.
      - V(docker_engine) checks the variable C(docker_engine_seen), which must contain the result of
        M(vya.observability.docker_engine_info).
    type: list
    elements: str
    choices:
      - alertmanager
      - collector
      - docker_engine
      - grafana
      - image
      - n8n_exporter
      - observability
      - probe_databases
      - prometheus
      - pushgateway
      - traefik
      - validate
      - victoriametrics
    default: []
  inventory:
    description:
      - What to check in the inventory.
      - V(addresses) finds services that another machine needs and that listen on loopback only,
        V(groups) finds groups that are missing or misspelt, V(placeholders) variables that are
        still C(FILL-IN), V(ports) ports that two services of this play want on the same machine,
        V(scrapes) services of your own that Prometheus cannot reach.
    type: list
    elements: str
    choices: [addresses, groups, placeholders, ports, scrapes]
    default: []
  steps:
    description:
      - Steps of playbooks and roles that need more than variables, checked by the facts that were
        gathered before.
    type: list
    elements: str
    choices:
      - drill
      - gate
      - grafana_dashboards
      - grafana_deletions
      - grafana_provisioned
      - reached
      - remove
      - stale_groups
      - tags
    default: []
notes:
  - Types and choices are those of the role's argument specification, which Ansible checks again
    when the role runs.
"""

EXAMPLES = r"""
- name: Check the variables of two roles
  vya.observability.preflight:
    roles: [observability, prometheus]
"""

RETURN = r"""
faults:
  description: What is wrong. Empty if everything is right.
  returned: always
  type: list
  elements: dict
  contains:
    code:
      description: What is wrong, as a code for programs.
      type: str
      sample: port.invalid
    role:
      description: The role, empty for the inventory and steps.
      type: str
      sample: prometheus
    variable:
      description: The variable, or an entry in it.
      type: str
      sample: collector_databases[n8n].password
    expected:
      description: What should be there.
      type: str
      sample: a port from 1 to 65535
    seen:
      description: What is there, unless it is a secret.
      type: str
      sample: "70000"
    fix:
      description: The next step, if it is not to correct the variable.
      type: str
    message:
      description: What is wrong, as a sentence.
      type: str
"""
