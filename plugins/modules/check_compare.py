#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin check_compare."""

from __future__ import annotations

DOCUMENTATION = r"""
module: check_compare
short_description: Compare two reports of checks, and fail if a check fails that did not before
version_added: 0.1.0
description:
  - Reads two JSON reports of M(vya.observability.check_report), and prints the differences.
  - A skipped check counts as one that did not run. The first line says how many checks ran before
    but not now, because nothing is known about them. That includes those that are missing because
    the later report covers fewer hosts or parts.
  - Runs on the controller, and queries no server.
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
      - Report a check or hop that takes more than this many times as long as before, or that is
        faster by this factor.
    type: float
    default: 2.0
  least_seconds:
    description:
      - Do not report smaller differences, in seconds.
    type: float
    default: 0.5
  fail_on_regression:
    description:
      - Whether the task fails if RV(newly_failing) is not empty.
    type: bool
    default: true
  directory:
    description:
      - Directory on the controller for the comparison as Markdown. Created if it is missing.
      - A relative path is below the directory in which Ansible was started. Without it, no file is
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

- name: Write what an upgrade changed, and continue
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
    - V(fail) if RV(newly_failing) is not empty, else V(warn) if RV(newly_warned) or RV(gone) is not
      empty, else V(pass).
  returned: when both reports could be read
  type: str
  sample: warn
newly_failing:
  description:
    - Checks that fail now, and passed, warned or did not run before.
    - The other keys of each are those of RV(vya.observability.pipeline_check#module:checks), as
      they were after, or before if it is not in the later report.
  returned: when both reports could be read
  type: list
  elements: dict
  contains:
    id:
      description: The check. If its name occurs more than once in a report, a number is appended.
      type: str
      sample: ping wf001
    before:
      description: Its status before. Empty if it did not run or was skipped.
      type: str
      sample: pass
    after:
      description: Its status after. In RV(gone), V(skip), or empty if it is not in the report.
      type: str
      sample: fail
newly_warned:
  description: Checks that warn now, and passed or did not run before.
  returned: when both reports could be read
  type: list
  elements: dict
  sample:
    - {id: rtt wf001, name: rtt, subject: wf001, status: warn, code: rtt.slow, before: pass,
      after: warn}
still_failing:
  description: Checks that fail now and failed before.
  returned: when both reports could be read
  type: list
  elements: dict
  sample:
    - {id: push wf001, name: push, subject: wf001, status: fail, code: push.wrong_key, before: fail,
      after: fail}
repaired:
  description: Checks that failed or warned before, and are better now.
  returned: when both reports could be read
  type: list
  elements: dict
  sample:
    - {id: ping wf001, name: ping, subject: wf001, status: pass, code: ping.ok, before: fail,
      after: pass}
gone:
  description: Checks that ran before, and are skipped or missing now.
  returned: when both reports could be read
  type: list
  elements: dict
  sample:
    - {id: ping wf001, name: ping, subject: wf001, status: pass, code: ping.ok, before: pass,
      after: ''}
new:
  description: Checks that did not run before. Those that fail are also in RV(newly_failing).
  returned: when both reports could be read
  type: list
  elements: dict
  sample:
    - {id: ping wf001, name: ping, subject: wf001, status: pass, code: ping.ok, before: '',
      after: pass}
slower:
  description: Checks and hops that take longer than before by more than O(factor).
  returned: when both reports could be read
  type: list
  elements: dict
  contains:
    kind:
      description: V(check) or V(hop).
      type: str
      sample: hop
    id:
      description: Name of the check or hop.
      type: str
      sample: Prometheus
    before:
      description: Seconds before.
      type: float
      sample: 4.2
    after:
      description: Seconds after.
      type: float
      sample: 14.7
    factor:
      description: How many times as long the longer of the two is.
      type: float
      sample: 3.5
faster:
  description: Checks and hops that take less time than before by more than O(factor).
  returned: when both reports could be read
  type: list
  elements: dict
  sample: [{kind: check, id: ping wf001, before: 0.9, after: 0.1, factor: 9.0}]
files:
  description: Path of the file by its format. In check mode, where it would be written.
  returned: always
  type: dict
  sample: {markdown: /srv/reports/comparison.md}
"""
