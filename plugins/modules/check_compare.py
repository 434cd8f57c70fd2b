#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin check_compare."""

from __future__ import annotations

DOCUMENTATION = r"""
module: check_compare
short_description: Compare two reports of checks, and fail when something fails that did not before
version_added: 0.1.0
description:
  - Reads two JSON reports of M(vya.observability.check_report), and prints what differs.
  - A check that was skipped counts as one that was not made. Of a check that was made before and
    is not made now nothing is known; the first line says how many those are, also when the later
    report is one of fewer hosts or parts.
  - Runs on the controller, and asks no server.
author: Vya Digital (@vya-digital)
attributes:
  check_mode:
    support: full
    description: Compares and prints, but writes no file.
  diff_mode:
    support: none
    description: The comparison itself is in the output.
  idempotent:
    support: full
    description: The same reports give the same comparison.
options:
  before:
    description:
      - Path of the earlier report, on the controller.
    type: path
    required: true
  after:
    description:
      - Path of the later report, on the controller.
    type: path
    required: true
  factor:
    description:
      - A check or hop that took more than so many times as long as before, or that took so many
        times less, is reported.
    type: float
    default: 2.0
  least_seconds:
    description:
      - Differences of fewer seconds are not reported.
    type: float
    default: 0.5
  fail_on_regression:
    description:
      - Whether the task fails when RV(newly_failing) is not empty.
    type: bool
    default: true
  directory:
    description:
      - Directory on the controller for the comparison as Markdown. It is made where it is missing.
      - A relative one is below the directory that Ansible was started in. Without it no file is
        written.
    type: path
  name:
    description:
      - Name of that file, without C(.md).
    type: str
    default: comparison
  language:
    description:
      - Language of that file. The ids of the checks stay English.
    type: str
    choices: [en, pt-BR]
    default: en
seealso:
  - module: vya.observability.check_report
"""

EXAMPLES = r"""
- name: Refuse a deploy that broke something
  vya.observability.check_compare:
    before: reports/before.json
    after: reports/after.json

- name: Write what an upgrade changed, and go on
  vya.observability.check_compare:
    before: reports/2026-06-01.json
    after: reports/2026-06-02.json
    fail_on_regression: false
    directory: reports
    language: pt-BR
"""

RETURN = r"""
verdict:
  description:
    - V(fail) when RV(newly_failing) is not empty; V(warn) when RV(newly_warned) or RV(gone) is not;
      else V(pass).
  returned: when both reports could be read
  type: str
  sample: warn
newly_failing:
  description: Checks that fail, and passed, warned or were not made before.
  returned: when both reports could be read
  type: list
  elements: dict
  contains:
    id:
      description: The check. One whose name comes again in a report has its number behind it.
      type: str
    before:
      description: Its status before. Empty when it was not made, or skipped.
      type: str
    after:
      description: Its status after, in RV(gone) V(skip) or, when it is not in the report, empty.
      type: str
    expected:
      description: What would be right.
      type: str
    seen:
      description: What was there after; before, for what is not in the later report.
      type: str
    cause:
      description: The likely cause.
      type: str
    fix:
      description: The next step.
      type: str
    code:
      description: What came of it, for programs; likewise C(name), C(subject) and C(values).
      type: str
newly_warned:
  description: Checks that warn, and passed or were not made before.
  returned: when both reports could be read
  type: list
  elements: dict
still_failing:
  description: Checks that failed before as well.
  returned: when both reports could be read
  type: list
  elements: dict
repaired:
  description: Checks that failed or warned, and are better now.
  returned: when both reports could be read
  type: list
  elements: dict
gone:
  description: Checks that were made before, and are skipped or not there now.
  returned: when both reports could be read
  type: list
  elements: dict
new:
  description: Checks that were not made before. Those that fail are in RV(newly_failing) as well.
  returned: when both reports could be read
  type: list
  elements: dict
slower:
  description: Checks and hops that take longer than before by more than O(factor).
  returned: when both reports could be read
  type: list
  elements: dict
  contains:
    kind:
      description: V(check) or V(hop).
      type: str
    id:
      description: Name of the check or hop.
      type: str
    before:
      description: Seconds before.
      type: float
    after:
      description: Seconds after.
      type: float
    factor:
      description: How many times as long the longer of the two is.
      type: float
faster:
  description: Checks and hops that take less time than before by more than O(factor).
  returned: when both reports could be read
  type: list
  elements: dict
files:
  description: Path of the file by its format. In check mode, where it would be written.
  returned: always
  type: dict
  sample: {markdown: /srv/reports/comparison.md}
"""
