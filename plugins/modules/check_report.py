#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin check_report."""

from __future__ import annotations

DOCUMENTATION = r"""
module: check_report
short_description: Report checks as a table and as files, and fail if a check has failed
version_added: 0.1.0
description:
  - Takes the registered results of M(vya.observability.service_check),
    M(vya.observability.metrics_check), M(vya.observability.ping_check) and similar modules, and
    prints the answer, then cause and next step of each check that did not pass, then one line per
    check, what did not pass first, and at the end where the report is.
  - With O(directory), it also writes the report to files, whether or not a check has failed.
  - The result of a failed task without checks counts as a failed check. No checks at all are a
    failure, too.
  - Runs on the controller, and reads only its arguments.
author: Vya Digital (@vya-digital)
attributes:
  check_mode:
    support: full
    description: Prints the table, but writes no file.
  diff_mode:
    support: none
    description: A report is new each time.
  idempotent:
    support: none
    description: With O(directory), each run writes a new report and is reported as changed.
options:
  results:
    description:
      - The registered results. Skipped tasks are left out.
    type: list
    elements: dict
    required: true
  title:
    description:
      - Line above the table, and heading of the report.
    type: str
    default: Checks
  fail_on:
    description:
      - The status of a check that fails the task. V(warn) includes V(fail).
      - The table is printed and the files are written first.
    type: str
    choices: [never, fail, warn]
    default: fail
  width:
    description:
      - Width of the table, in characters.
      - The default V(0) means the terminal's width, or 120 without a terminal.
    type: int
    default: 0
  directory:
    description:
      - Directory on the controller for the files. Created if it is missing.
      - A relative path is below the directory in which Ansible was started. Without it, no file is
        written.
    type: path
  name:
    description:
      - Name of the files, without the extensions C(.json), C(.xml), C(.md) and C(.html). An earlier
        report of the same name is replaced.
    type: str
    default: validation
  formats:
    description:
      - The formats to write. V(json) is a stable format that M(vya.observability.check_compare)
        reads. V(junit) is for CI servers; it shows a warning as output, not as a failure.
        V(markdown) is for a pull request or a wiki. V(html) is one self-contained page.
    type: list
    elements: str
    choices: [json, junit, markdown, html]
    default: [json, junit, markdown, html]
  language:
    description:
      - Language of V(markdown) and V(html), including dates, numbers and the texts of the checks.
        The ids of the checks stay English, and so do V(json) and V(junit).
    type: str
    choices: [en, pt-BR]
    default: en
  hops:
    description:
      - How long a sample took to reach each place, as M(vya.observability.roundtrip_check) returns
        it.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - The place.
        type: str
        required: true
      seconds:
        description:
          - Seconds from the push. Without it, the place was not reached.
        type: float
  plots:
    description:
      - Values over time, as M(vya.observability.prometheus_range_info) returns them in C(series).
    type: list
    elements: dict
    default: []
  runs:
    description:
      - Earlier runs that M(vya.observability.check_publish) has pushed, as
        M(vya.observability.prometheus_range_info) returns them in C(series) for the queries
        V(ended) (C(validation_run_timestamp_seconds)), V(seconds)
        (C(validation_run_duration_seconds)) and V(checks) (C(validation_run_checks)) of one group.
      - The report lists the last twenty.
    type: list
    elements: dict
    default: []
  facts:
    description:
      - Further facts for the head of the report, which always says where and when the checks ran
        and how long they took. Everyone who gets the report sees them, so do not put secrets here.
    type: dict
    default: {}
seealso:
  - module: vya.observability.check_compare
  - module: vya.observability.prometheus_range_info
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

- name: Report in Portuguese, as files, and let warnings fail too
  vya.observability.check_report:
    title: Depois da implantação
    results: ["{{ services }}"]
    fail_on: warn
    directory: reports
    name: after
    language: pt-BR
    facts:
      Ambiente: produção
"""

RETURN = r"""
checks:
  description:
    - The checks of all results. Each has the keys of
      RV(vya.observability.pipeline_check#module:checks); one that was given without a code has
      none.
    - With O(directory), one that did not pass also has C(since), the time of the first report that
      has it in a row, and C(not_at), the time of the last one before, which has not.
  returned: always
  type: list
  elements: dict
  sample: [{id: ping wf001, name: ping, subject: wf001, status: pass, code: ping.ok, seconds: 0.12}]
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
files:
  description: Path of each file by its format. In check mode, where it would be written.
  returned: always
  type: dict
  sample: {json: /srv/reports/validation.json, html: /srv/reports/validation.html}
"""
