#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: traces_check
short_description: Check that nothing of a host is left on the gateway, in Prometheus and in Grafana
version_added: 0.2.0
author: Vya Digital (@vya-digital)
description:
  - Looks for groups on the gateway, for targets and rules in Prometheus, and for data sources,
    alert rules and dashboards in Grafana that name a host which has left.
  - Samples and marks of the past are history, and stay.
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.attributes.info
options:
  names:
    description: Names of the host, as the labels C(instance) and C(host) have them.
    type: list
    elements: str
    required: true
  job:
    description: Regular expression that must match the whole label C(job) of a group.
    type: str
    default: .*
  locations:
    description: Locations that no rule may expect any more.
    type: list
    elements: str
    default: []
  pushgateway:
    description: The gateway. Without it, it is not asked.
    type: dict
    suboptions: &service
      url:
        description: Its URL.
        type: str
        required: true
      url_username:
        description: User, if it wants one.
        type: str
      url_password:
        description: Password of that user.
        type: str
      bearer_token:
        description: Token, instead of a user.
        type: str
      headers:
        description: Further headers.
        type: dict
        default: {}
  prometheus:
    description: Prometheus. Without it, it is not asked.
    type: dict
    suboptions: *service
  grafana:
    description: Grafana. Without it, it is not asked.
    type: dict
    suboptions: *service
  fail_on:
    description: The status of a check that fails the task.
    type: str
    choices: [never, fail, warn]
    default: fail
seealso:
  - module: vya.observability.host_traces
"""

EXAMPLES = r"""
- name: Prove that nothing of wf005 is left
  vya.observability.traces_check:
    names: [wf005]
    pushgateway: {url: https://prometheus.example.org/pushgateway}
    prometheus: {url: https://prometheus.example.org}
"""

RETURN = r"""
places:
  description: What is left, by place.
  returned: always
  type: dict
  sample: {gateway: [], targets: [], rules: []}
checks:
  description: A check of each place.
  returned: always
  type: list
  elements: dict
  sample: [{id: traces gateway, status: pass, code: traces.ok}]
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._decommission.module import elsewhere_spec, run_elsewhere


def main() -> None:
    """Run the module."""
    run_elsewhere(AnsibleModule(argument_spec=elsewhere_spec(), supports_check_mode=True))


if __name__ == "__main__":
    main()
