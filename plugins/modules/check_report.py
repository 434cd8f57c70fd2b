#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin check_report."""

from __future__ import annotations

DOCUMENTATION = r"""
module: check_report
short_description: Print one table of checks, and fail when one has failed
version_added: 0.1.0
description:
  - Takes the registered results of M(vya.observability.service_check),
    M(vya.observability.metrics_check) and M(vya.observability.ping_check), and prints one line per
    check. Below the table stand cause and next step of those that did not pass.
  - A result without checks, of a task that failed, is a failed check. No check at all is a failure.
  - Runs on the controller. It reads nothing but its arguments.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.attributes.info
options:
  results:
    description:
      - The registered results. Those of skipped tasks are left out.
    type: list
    elements: dict
    required: true
  title:
    description:
      - Line above the table.
    type: str
    default: Checks
  strict:
    description:
      - Whether warnings fail the task too.
    type: bool
    default: false
  width:
    description:
      - Columns of the table.
      - The default V(0) is the terminal's width, or 120 where there is none.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Check the services
  vya.observability.service_check:
    services: "{{ validate_services }}"
    fail_on: never
  register: services

- name: Report
  vya.observability.check_report:
    title: After the deploy
    results: ["{{ services }}"]
"""

RETURN = r"""
counts:
  description: Number of checks by status.
  returned: always
  type: dict
  sample: {pass: 12, warn: 1, fail: 0, skip: 0}
seconds:
  description: Seconds that the reported tasks took, added up.
  returned: always
  type: float
  sample: 4.2
"""
