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
  - vya.observability.check.fail_on
  - vya.observability.http_client
  - vya.observability.attributes.info
  - vya.observability.pipeline.elsewhere
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

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._decommission.module import elsewhere_spec, run_elsewhere


def main() -> None:
    """Run the module."""
    run_elsewhere(Module(argument_spec=elsewhere_spec(), supports_check_mode=True))


if __name__ == "__main__":
    main()
