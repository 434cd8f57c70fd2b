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
  - Reports all wrong variables at once, as a table of what was expected, what was seen and, where
    Ansible knows it, the file and line that set the variable. Values of secrets are never shown.
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
      - log_shipper
      - n8n_exporter
      - observability
      - ping
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
        V(files) CA files that C(deploy_look), the result of M(vya.observability.host_plan), has not
        seen on this host, V(fleet) collectors that share a URL, and what the run of the checks
        itself lacks, on the first host of the play only.
      - V(names) finds groups that are missing or misspelt, V(groups) also hosts that no role is for
        and services that nothing would use, V(placeholders) variables that are
        still C(FILL-IN), V(ports) ports that two services of this play want on the same machine,
        V(scrapes) services of your own that Prometheus cannot reach.
      - V(variables) finds variables of the inventory and of the command line that begin, or nearly
        begin, like those of this collection and that nothing reads, and those that a role computes;
        C(observability_other_prefixes) exempts names of your own. It finds values of another type
        in variables that only playbooks read, too.
    type: list
    elements: str
    choices: [addresses, files, fleet, groups, names, placeholders, ports, scrapes, variables]
    default: []
  steps:
    description:
      - Steps of playbooks and roles that need more than variables, checked by the facts that were
        gathered before.
    type: list
    elements: str
    choices:
      - backup
      - checker
      - decommission
      - drill
      - gate
      - grafana_asked
      - grafana_dashboards
      - grafana_deletions
      - grafana_provisioned
      - hosts
      - reached
      - remove
      - restore
      - rollback
      - stale_groups
      - tags
    default: []
  found:
    description:
      - Results of this module on several hosts, to be told as one table. Nothing else is checked.
    type: list
    elements: dict
  fatal:
    description: Whether to fail if something is wrong.
    type: bool
    default: true
notes:
  - Types and choices are those of the role's argument specification, which Ansible checks again
    when the role runs.
"""

EXAMPLES = r"""
- name: Check the variables of two roles
  vya.observability.preflight:
    roles: [observability, prometheus]

- name: Check the variables of all hosts
  vya.observability.preflight:
    inventory: [groups, variables]
    roles: [observability]
    fatal: false
  register: preflight_result

- name: Tell all hosts' faults as one table
  vya.observability.preflight:
    found: "{{ ansible_play_hosts_all | map('extract', hostvars, 'preflight_result') }}"
  run_once: true
"""

RETURN = r"""
faults:
  description: What is wrong. Empty if everything is right.
  returned: unless the task fails, is not registered and runs without C(-v)
  type: list
  elements: dict
  contains:
    code:
      description: What is wrong, as a code for programs.
      type: str
      sample: port.invalid
    host:
      description: The host.
      type: str
      sample: wf001
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
      sample: ""
    where:
      description: File and line that set the variable. Empty if Ansible does not know it.
      type: str
      sample: inventories/mine/group_vars/all/main.yml:12
    through:
      description: The variable in which it was found, if C(variable) is what that is made of.
      type: str
      sample: ""
    message:
      description: What is wrong, as a sentence.
      type: str
      sample: "wf001: prometheus_port: expected a port from 1 to 65535; seen: 70000"
"""
