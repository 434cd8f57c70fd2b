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
options:
  parts:
    description:
      - Which of the four to do. V(ping) and V(metrics) need O(collectors), V(metrics) and
        V(roundtrip) need O(pushgateway), and V(metrics) needs O(prometheus).
    type: list
    elements: str
    choices: [services, ping, metrics, roundtrip]
    default: [services, ping, metrics, roundtrip]
  services:
    description:
      - Services to ask.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Name in the report.
        type: str
        required: true
      kind:
        description:
          - Which service it must be.
          - V(http) takes any; O(services[].status) and O(services[].contains) say what it answers.
        type: str
        choices:
          - prometheus
          - pushgateway
          - victoriametrics
          - alertmanager
          - grafana
          - loki
          - traefik
          - collector
          - ping_service
          - http
        default: http
      url:
        description:
          - Its address, with the path under which a proxy routes to it.
          - For V(http) the very URL to ask.
        type: str
        required: true
      status:
        description:
          - Statuses that are right, for V(http).
        type: list
        elements: int
        default: [200]
      contains:
        description:
          - A text that the answer must contain, for V(http).
        type: str
      within:
        description:
          - Seconds that O(services[].contains) may take to be there, of a service that has just
            been started or reloaded.
        type: float
        default: 0.0
      databases:
        description:
          - Names of the databases that it has to probe, for V(collector).
          - Not given, they are not compared.
        type: list
        elements: str
      url_username: &username
        description:
          - User of HTTP basic authentication.
        type: str
      url_password: &password
        description:
          - Password of the user.
        type: str
      bearer_token: &token
        description:
          - Token sent as a C(Bearer) authorization.
        type: str
      headers: &headers
        description:
          - Further headers. They are shown in verbose output and so are no place for secrets.
        type: dict
        default: {}
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
  pushgateway:
    description:
      - The Pushgateway.
    type: dict
    required: true
    suboptions: &server
      url:
        description:
          - Its URL, with the path under which a proxy routes to it.
        type: str
        required: true
      url_username: *username
      url_password: *password
      bearer_token: *token
      headers: *headers
  prometheus:
    description:
      - The Prometheus that scrapes the gateway.
    type: dict
    required: true
    suboptions:
      url:
        description:
          - Its URL, with the path under which a proxy routes to it.
        type: str
        required: true
      scrape_job:
        description:
          - Name of the scrape job of the gateway.
        type: str
        default: pushgateway
      url_username: *username
      url_password: *password
      bearer_token: *token
      headers: *headers
  victoriametrics:
    description:
      - The VictoriaMetrics that Prometheus and the collectors write to. Without it nobody looks.
    type: dict
    suboptions: *server
  grafana:
    description:
      - The Grafana through whose data sources the marker is looked for. Without it nobody looks.
    type: dict
    suboptions:
      url:
        description:
          - Its URL, with the path under which a proxy routes to it.
        type: str
        required: true
      data_sources:
        description:
          - Uids of the data sources, which take PromQL.
        type: list
        elements: str
        required: true
      org_id:
        description:
          - The organisation. The default is the one of the credentials.
        type: int
      url_username: *username
      url_password: *password
      bearer_token: *token
      headers: *headers
  known_jobs:
    description:
      - Regular expressions of the jobs of other groups that belong on the gateway.
    type: list
    elements: str
    default: [roundtrip_check, "(collector_api_)?drill_.+"]
  catalogue_labels:
    description:
      - By name of a metric, the list of its own labels. Series with others are a failure.
    type: dict
    default: {}
  others:
    description:
      - Whether what is not the collectors' own is checked, too - who else pushes, the other scrape
        targets, and the rules.
    type: bool
    default: true
  certificate_days:
    description:
      - Certificates with fewer days left are a warning.
    type: float
    default: 14.0
  slow:
    description:
      - Services that take more seconds to answer are a warning.
    type: float
    default: 2.0
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
  clock_offset:
    description:
      - Clocks that are more seconds apart are a warning.
    type: float
    default: 1.0
  ping_age:
    description:
      - A source of pings that has been silent for more seconds is a warning.
    type: float
    default: 180.0
  rule_groups:
    description:
      - Names of groups of rules that Prometheus must have loaded.
    type: list
    elements: str
    default: []
  ping_sources:
    description:
      - Labels C(source_location) of ping services that must be heard of.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Seconds that what was pushed may take to each place. It should be longer than Prometheus's
        scrape interval and shorter than O(deadline).
    type: float
    default: 45.0
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
  description: The checks of all parts, in the order of O(parts); what was cleaned up comes last.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: What was checked.
      type: str
    status:
      description: One of V(pass), V(warn), V(fail), V(skip).
      type: str
    expected:
      description: What would have been right.
      type: str
    seen:
      description: What was there.
      type: str
    cause:
      description: The likely cause, when it did not pass.
      type: str
    fix:
      description: The next step, when it did not pass.
      type: str
    seconds:
      description: How long the check took, in seconds.
      type: float
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
  sample: {pass: 42, warn: 0, fail: 0, skip: 0}
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
