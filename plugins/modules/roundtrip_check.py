#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module roundtrip_check; the work is in module_utils/_pipeline/roundtrip."""

from __future__ import annotations

DOCUMENTATION = r"""
module: roundtrip_check
short_description: Follow a marker from the Pushgateway to every store and Grafana, and remove it
version_added: 0.1.0
description:
  - Pushes one gauge, C(roundtrip_check_marker_timestamp_seconds), in a group of its own
    (C(job="roundtrip_check"), C(instance) the host that asks, C(run) new each time), and follows it
    to the gateway, Prometheus, VictoriaMetrics and through Grafana's data sources. Each hop's
    seconds are counted from the push; the hops after the gateway are watched side by side.
  - Needs no collector, so it tells a broken way from a collector that does not push.
  - Always removes the marker, also when it fails or is told to stop, and looks whether it is gone.
    The group is removed from the gateway, so that Prometheus ends the series with its next scrape;
    then the series is deleted in VictoriaMetrics. What Prometheus has scraped by then stays in its
    history.
  - What a run that was killed has left, the next one removes. From the gateway, a group of this
    host that is older than O(deadline), and one of another host that is older than 10 minutes too;
    in VictoriaMetrics, what has ended.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
attributes:
  check_mode:
    support: full
    description: Asks nobody and pushes nothing; all checks are skipped.
  diff_mode:
    support: N/A
    description: Nothing is different at the end.
  idempotent:
    support: full
    description: Leaves nothing behind, and reports no change.
options:
  pushgateway:
    description:
      - The Pushgateway to push to.
    type: dict
    required: true
    suboptions: &server
      url:
        description:
          - Its URL, with the path under which a proxy routes to it.
        type: str
        required: true
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
  prometheus:
    description:
      - The Prometheus that scrapes the gateway. Not looked at when not given.
    type: dict
    suboptions:
      url:
        description:
          - Its URL, with the path under which a proxy routes to it.
        type: str
        required: true
      scrape_job:
        description:
          - Name of the scrape job of the gateway, which is looked at when the marker does not come.
        type: str
        default: pushgateway
      url_username: *username
      url_password: *password
      bearer_token: *token
      headers: *headers
  victoriametrics:
    description:
      - The VictoriaMetrics that Prometheus writes to. Not looked at when not given.
    type: dict
    suboptions: *server
  grafana:
    description:
      - The Grafana through whose data sources the marker is looked for. Not looked at when not
        given.
    type: dict
    suboptions:
      url:
        description:
          - Its URL, with the path under which a proxy routes to it.
        type: str
        required: true
      data_sources:
        description:
          - Uids of the data sources, which take PromQL. One that leads to VictoriaMetrics shows the
            marker only after that server's C(-search.latencyOffset), by default 30 seconds.
        type: list
        elements: str
        required: true
      org_id:
        description:
          - The organisation, sent as C(X-Grafana-Org-Id). The default is the one of the
            credentials.
        type: int
      url_username: *username
      url_password: *password
      bearer_token: *token
      headers: *headers
  wait:
    description:
      - Seconds, from the push, that the marker may take to each place after the gateway. It should
        be longer than Prometheus's scrape interval and shorter than O(deadline).
      - The removal has as many seconds for each place again. O(deadline) does not cut it short.
    type: float
    default: 45.0
"""

EXAMPLES = r"""
- name: Follow a marker to storage and to the dashboards' data source
  vya.observability.roundtrip_check:
    pushgateway:
      url: https://prometheus.example.org/pushgateway
    prometheus:
      url: https://prometheus.example.org
    victoriametrics:
      url: http://victoriametrics.example.org:8428
    grafana:
      url: https://grafana.example.org
      bearer_token: "{{ grafana_token }}"
      data_sources: [prometheus]
"""

RETURN = r"""
checks:
  description:
    - C(roundtrip gateway), then as they are asked for C(roundtrip Prometheus),
      C(roundtrip VictoriaMetrics) and C(roundtrip Grafana UID), then C(roundtrip removed).
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
  sample:
    - id: roundtrip Prometheus
      status: pass
      expected: the marker in Prometheus at https://prometheus.example.org, as it was pushed
      seen: 8.51 s after the push
      cause: ""
      fix: ""
      seconds: 8.49
hops:
  description: Where the marker was seen, in order of arrival.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: V(gateway), V(Prometheus), V(VictoriaMetrics), or V(Grafana) and a uid.
      type: str
    seconds:
      description: Seconds since the push.
      type: float
  sample:
    - {name: gateway, seconds: 0.012}
    - {name: Prometheus, seconds: 8.51}
    - {name: Grafana prometheus, seconds: 8.77}
    - {name: VictoriaMetrics, seconds: 11.3}
counts:
  description: Number of checks by status.
  returned: always
  type: dict
  sample: {pass: 5, warn: 0, fail: 0, skip: 0}
asked_from:
  description: Name of the host that asked.
  returned: always
  type: str
  sample: wfdb01
seconds:
  description: Seconds that the whole took, with the removal.
  returned: always
  type: float
  sample: 27.3
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._pipeline.options import argument_spec
from ..module_utils._pipeline.roundtrip.run import roundtrip_options, run_module


def main() -> None:
    """Run the module."""
    run_module(AnsibleModule(argument_spec(roundtrip_options()), supports_check_mode=True))


if __name__ == "__main__":
    main()
