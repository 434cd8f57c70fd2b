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
  - Runs the checks of M(vya.observability.service_check), M(vya.observability.ping_check),
    M(vya.observability.metrics_check) and M(vya.observability.roundtrip_check) in one process, over
    shared connections and with one deadline, so that it takes only as long as the slowest of them.
  - At the end, removes the test pings from the collectors and the marker of the round trip, also if
    it fails or is interrupted.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
  - vya.observability.pipeline.services_optional
  - vya.observability.pipeline.service_limits
  - vya.observability.pipeline.clock
  - vya.observability.pipeline.servers_of_parts
  - vya.observability.pipeline.victoriametrics
  - vya.observability.pipeline.alertmanager
  - vya.observability.pipeline.grafana_sources
  - vya.observability.pipeline.logs
  - vya.observability.pipeline.metrics
  - vya.observability.pipeline.wait
attributes:
  check_mode:
    support: partial
    description: Can run in C(check_mode).
    details:
      - Sends the test pings, asks the collectors to probe their databases and, for the pings, to
        push, and removes the pings at the end, as without C(check_mode).
      - Pushes no marker and sends no line to Loki. The checks that need these are skipped.
  diff_mode:
    support: N/A
    description: Leaves nothing changed, so there is no difference to show.
  idempotent:
    support: full
    description: Removes what it sends, except the line in Loki, and reports no change.
options:
  parts:
    description:
      - Which parts to run. A part without what it is about is one check that is skipped, with the
        reason. That is V(ping) without O(collectors), V(metrics) without O(collectors) and
        O(exporters), and V(logs) without O(loki).
    type: list
    elements: str
    choices: [services, ping, metrics, roundtrip, logs]
    default: [services, ping, metrics, roundtrip, logs]
  collectors:
    description:
      - The collectors that must be there.
    type: list
    elements: dict
    default: []
    suboptions:
      name: &name
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
      job: &job
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
          - Seconds between two pushes. A group older than two intervals is a warning, older than
            three a failure.
        type: float
        default: 60.0
      families: &families
        description:
          - Names of metrics that must be there, in addition to those in the group.
        type: list
        elements: str
        default: []
      victoriametrics:
        description:
          - Whether it sends each ping to VictoriaMetrics. If not, none is looked for there.
        type: bool
        default: true
  exporters:
    description:
      - Programs that push but have no API, such as the n8n exporters. Their groups are followed
        like those of O(collectors).
    type: list
    elements: dict
    default: []
    suboptions:
      name: *name
      job: *job
      instance:
        description:
          - Label C(instance) of its group. The default is O(exporters[].name).
        type: str
      interval:
        description:
          - Seconds between two runs.
        type: float
        default: 60.0
      families: *families
  pings:
    description:
      - Number of pings for each collector, 1 to 100.
    type: int
    default: 5
  rtt:
    description:
      - Warn if the round trip of pings (p95) takes more seconds.
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
    - The checks of all parts, in the order of O(parts). The cleanup comes last.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: What was checked; C(name) and C(subject) in one.
      type: str
    name:
      description: Which check it is.
      type: str
    subject:
      description: What was checked, for example a host.
      type: str
    status:
      description: One of V(pass), V(warn), V(fail), V(skip).
      type: str
    expected:
      description: What should have been there.
      type: str
    seen:
      description: What was there.
      type: str
    cause:
      description: The likely cause, if it did not pass.
      type: str
    fix:
      description: The next step, if it did not pass.
      type: str
    code:
      description:
        - The outcome, which names the cause, for programs. C(values) beside it are the details,
          which fill the texts.
      type: str
    follows:
      description:
        - C(id) and C(code) of the check whose fault this one follows from, if it fails only because
          of that.
      type: dict
    seconds:
      description: Duration of the check, in seconds.
      type: float
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
  description: The places where the marker has arrived, in order of arrival.
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
  description: Name of the host that ran the checks.
  returned: always
  type: str
  sample: wfdb01
seconds:
  description: Duration of the whole module, in seconds.
  returned: always
  type: float
  sample: 12.4
"""


from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._pipeline.module import pipeline_options, run_module
from ..module_utils._pipeline.options import argument_spec


def main() -> None:
    """Run the module."""
    run_module(Module(argument_spec(pipeline_options()), supports_check_mode=True))


if __name__ == "__main__":
    main()
