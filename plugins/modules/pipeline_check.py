#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module pipeline_check; the work is in module_utils/_pipeline/module.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: pipeline_check
short_description: Prove that metrics flow, with all checks side by side
version_added: 0.1.0
description:
  - Does what M(vya.observability.service_check), M(vya.observability.ping_check),
    M(vya.observability.metrics_check) and M(vya.observability.roundtrip_check) do, in one process,
    over one set of connections and within one deadline. So it takes as long as the slowest of them.
  - In the end the collectors forget the pings and the marker of the round trip is removed, also
    when it fails or is told to stop.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
  - vya.observability.pipeline.services_optional
  - vya.observability.pipeline.service_limits
  - vya.observability.pipeline.clock
  - vya.observability.pipeline.pushgateway
  - vya.observability.pipeline.prometheus
  - vya.observability.pipeline.victoriametrics
  - vya.observability.pipeline.grafana_sources
  - vya.observability.pipeline.metrics
  - vya.observability.pipeline.wait
options:
  parts:
    description:
      - Which of the four to do. V(ping) and V(metrics) need O(collectors), V(metrics) and
        V(roundtrip) need O(pushgateway), and V(metrics) needs O(prometheus).
    type: list
    elements: str
    choices: [services, ping, metrics, roundtrip]
    default: [services, ping, metrics, roundtrip]
  collectors:
    description:
      - The collectors that must be there.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Name in the report.
        type: str
        required: true
      url:
        description:
          - URL of its API, without C(/api/ping).
        type: str
        required: true
      keys:
        description:
          - The keys that it must accept, one or two.
        type: list
        elements: str
        required: true
      job:
        description:
          - Label C(job) of its group on the gateway.
        type: str
        required: true
      instance:
        description:
          - Label C(instance) of its group. The default is O(collectors[].name).
        type: str
      interval:
        description:
          - Seconds between two pushes. A group older than two of them is a warning, older than
            three a failure.
        type: float
        default: 60.0
      families:
        description:
          - Names of metrics that must be there, beside those that the group has.
        type: list
        elements: str
        default: []
  exporters:
    description:
      - Programs without an API that push, as the exporters of n8n do. Their groups are followed as
        those of O(collectors) are.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Name in the report.
        type: str
        required: true
      job:
        description:
          - Label C(job) of its group on the gateway.
        type: str
        required: true
      instance:
        description:
          - Label C(instance) of its group. The default is O(exporters[].name).
        type: str
      interval:
        description:
          - Seconds between two runs.
        type: float
        default: 60.0
      families:
        description:
          - Names of metrics that must be there, beside those that the group has.
        type: list
        elements: str
        default: []
  pings:
    description:
      - Pings for each collector, 1 to 100.
    type: int
    default: 5
  rtt:
    description:
      - A round trip of a ping (p95) of more seconds is a warning.
    type: float
    default: 1.0
seealso:
  - module: vya.observability.release_check
  - module: vya.observability.check_report
"""

EXAMPLES = r"""
- name: Prove that the metrics of a collector flow
  vya.observability.pipeline_check:
    services:
      - {name: Prometheus, kind: prometheus, url: "https://prometheus.example.org"}
    collectors:
      - name: wf001
        url: https://api-monitoring.example.org
        keys: "{{ collector_api_keys }}"
        job: collector_api_wf001_usa
    pushgateway: {url: "https://prometheus.example.org/pushgateway"}
    prometheus: {url: "https://prometheus.example.org"}
"""

RETURN = r"""
checks:
  description:
    - The checks of all parts, in the order of O(parts); what was cleaned up comes last.
    - Each has an C(id), a C(status) (V(pass), V(warn), V(fail) or V(skip)), what was C(expected)
      and C(seen), the likely C(cause) and the C(fix), and C(seconds); for programs a C(code), which
      names the cause, and the C(values) that the texts are made of.
  returned: always
  type: list
  elements: dict
  sample:
    - id: ping wf001
      name: ping
      subject: wf001
      status: fail
      code: ping.key_refused
      values: {count: 5, answer: 401}
      expected: 200 for 5 pings, each answer with its id and all fields
      seen: "401"
      cause: "the collector has a different key: it has not been deployed since the key changed"
      fix: deploy the collector, or give this check the key that was deployed
      seconds: 0.12
hops:
  description: The places that the marker has reached, in the order of its arrival.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The place.
      type: str
      sample: Prometheus
    seconds:
      description: Seconds since the push.
      type: float
      sample: 4.2
counts:
  description: Number of checks by status.
  returned: always
  type: dict
  sample: {pass: 5, warn: 0, fail: 1, skip: 0}
asked_from:
  description: Name of the host that asked.
  returned: always
  type: str
  sample: wfdb01
seconds:
  description: Seconds that the whole took.
  returned: always
  type: float
  sample: 12.4
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._pipeline.module import pipeline_options, run_module
from ..module_utils._pipeline.options import argument_spec


def main() -> None:
    """Run the module."""
    run_module(AnsibleModule(argument_spec(pipeline_options()), supports_check_mode=True))


if __name__ == "__main__":
    main()
