#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin deploy_summary."""

from __future__ import annotations

DOCUMENTATION = r"""
module: deploy_summary
short_description: Print at the end of a playbook where everything is, and what was left out
version_added: 0.2.0
description:
  - Prints which hosts the playbook has left out, why, and the command that catches up. It may also
    print where each service is and what to do next.
  - Reads the inventory, and what earlier tasks of the playbooks have left in variables. Prints
    nothing if there is nothing to say.
  - Runs on the controller. Use C(run_once).
author: Vya Digital (@vya-digital)
attributes:
  check_mode:
    support: full
    description: Says nothing about services, because none was deployed.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Changes nothing.
options:
  about:
    description:
      - V(hosts) are those that were left out. V(everything) is what has been deployed as well.
      - V(host) prints nothing, and fails on a host that was left out.
    type: str
    choices: [host, hosts, everything]
    default: hosts
  language:
    description: Language of the texts.
    type: str
    choices: [en, pt-BR]
    default: en
"""

EXAMPLES = r"""
- name: Say where everything is, what was left out, and what to do next
  vya.observability.deploy_summary:
    about: everything
  run_once: true
"""

RETURN = r"""
rows:
  description: What is where, as pairs of texts or of C(code) and C(values).
  returned: unless O(about=host)
  type: list
  elements: list
  sample:
    - [Grafana, 'https://grafana.example.com']
    - - code: summary.report
        values: {}
      - reports/validation.html
steps:
  description: What to do next, as C(code) and C(values).
  returned: unless O(about=host)
  type: list
  elements: dict
  sample: [{code: summary.next.drill, values: {command: ansible-playbook vya.observability.drill}}]
left_out:
  description: A failed check C(reach) of each host that was left out, by host.
  returned: unless O(about=host)
  type: dict
  sample:
    wf001: {id: reach wf001, name: reach, subject: wf001, status: fail, code: reach.silent,
      seconds: 0.0}
code:
  description: Why the host was left out. C(values) beside it are what its texts are about.
  returned: on failure
  type: str
  sample: reach.silent
next_command:
  description: The command that catches up; empty if no host was left out.
  returned: unless O(about=host)
  type: str
  sample: ansible-playbook -i inventories/mine vya.observability.deploy --limit wf001
validation:
  description: What the validation says, if it failed; else empty.
  returned: unless O(about=host)
  type: str
  sample: "40 passed, 0 warned, 1 failed, 0 skipped in 8.5 s. Not passed: ping wf001"
"""
