#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: check_publish
short_description: Push the results of checks to a Pushgateway
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Pushes one group, which replaces that of the run before. It has a series
    C(validation_check_status) for each check, with the labels C(check), C(host) and C(code);
    C(validation_run_checks), the number of checks by C(status);
    C(validation_run_duration_seconds) and C(validation_run_timestamp_seconds).
  - The value of C(validation_check_status) is V(0) if the check passed, V(1) if it warned, V(2) if
    it failed, V(-1) if it was skipped. Checks that have the same labels are one series, which has
    the worst of their values.
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes
attributes:
  diff_mode:
    support: none
    description: Each run replaces all values.
  idempotent:
    support: none
    description: Each run pushes, as the time of the run is one of the values.
options:
  url:
    description:
      - URL of the Pushgateway, with the path prefix if a proxy routes to it.
    type: str
    required: true
  job:
    description:
      - Label C(job) of the group.
    type: str
    default: validation
  instance:
    description:
      - Label C(instance) of the group, for example the name of the inventory.
    type: str
    required: true
  checks:
    description:
      - The checks, as M(vya.observability.check_report) returns them. Each has at least C(id) and
        C(status).
    type: list
    elements: dict
    required: true
  seconds:
    description:
      - How many seconds the run took.
    type: float
    required: true
  ended:
    description:
      - When the run ended, in seconds since the epoch. The default is now.
    type: float
"""

EXAMPLES = r"""
- name: Report
  vya.observability.check_report:
    results: ["{{ services }}"]
  register: report
  ignore_errors: true

- name: Publish what it says
  vya.observability.check_publish:
    url: https://prometheus.example.org/pushgateway
    instance: production
    checks: "{{ report.checks }}"
    seconds: "{{ report.seconds }}"
"""

RETURN = r"""
group:
  description: Labels of the group.
  returned: success
  type: dict
  sample: {job: validation, instance: production}
series:
  description: Number of series that were pushed.
  returned: success
  type: int
  sample: 74
ended:
  description: When the run ended, in seconds since the epoch.
  returned: success
  type: float
  sample: 1796142000.5
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._api.validation import run_publish
from ..module_utils._http.session import http_argument_spec


def main() -> None:
    """Run the module."""
    run_publish(
        Module(
            argument_spec={
                **http_argument_spec(),
                "url": {"type": "str", "required": True},
                "job": {"type": "str", "default": "validation"},
                "instance": {"type": "str", "required": True},
                "checks": {"type": "list", "elements": "dict", "required": True},
                "seconds": {"type": "float", "required": True},
                "ended": {"type": "float"},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
