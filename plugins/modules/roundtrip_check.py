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
  - vya.observability.pipeline.pushgateway
  - vya.observability.pipeline.prometheus_optional
  - vya.observability.pipeline.victoriametrics
  - vya.observability.pipeline.grafana_sources
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
    - Each has an C(id), a C(status) (V(pass), V(warn), V(fail) or V(skip)), what was C(expected)
      and C(seen), the likely C(cause) and the C(fix), and C(seconds); for programs a C(code), which
      names the cause, and the C(values) that the texts are made of.
  returned: always
  type: list
  elements: dict
  sample:
    - id: roundtrip Prometheus
      name: roundtrip
      subject: Prometheus
      status: pass
      code: roundtrip.ok
      values: {place: Prometheus, url: "https://prometheus.example.org", seconds: 8.51}
      expected: >-
        Prometheus at https://prometheus.example.org has the marker with the labels it was pushed
        with
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

from ..module_utils._pipeline.options import argument_spec
from ..module_utils._pipeline.roundtrip.run import roundtrip_options, run_module


def main() -> None:
    """Run the module."""
    run_module(AnsibleModule(argument_spec(roundtrip_options()), supports_check_mode=True))


if __name__ == "__main__":
    main()
