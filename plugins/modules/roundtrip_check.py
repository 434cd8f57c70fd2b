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
    (C(job="roundtrip_check"), C(instance) is the host that runs it, C(run) is new each time), and
    follows it to the gateway, Prometheus, VictoriaMetrics and through Grafana's data sources. The
    time to each hop is measured from the push. The hops after the gateway are watched in parallel.
  - Needs no collector, so it distinguishes a broken path from a collector that does not push.
  - Always removes the marker, also if it fails or is interrupted, and verifies that it is gone. It
    removes the group from the gateway, so that Prometheus ends the series with its next scrape, and
    then deletes the series in VictoriaMetrics. Samples that Prometheus has already scraped stay in
    its history.
  - If a run is killed, the next one removes what it left. That is, on the gateway, groups of this
    host that are older than O(deadline) and groups of other hosts that are older than 10 minutes,
    and in VictoriaMetrics, series that have ended.
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
    description: Contacts no server and pushes nothing. All checks are skipped.
  diff_mode:
    support: N/A
    description: Leaves nothing changed, so there is no difference to show.
  idempotent:
    support: full
    description: Leaves nothing behind, and reports no change.
options:
  wait:
    description:
      - Seconds to wait, from the push, until the marker arrives in each place after the gateway.
        Make it longer than Prometheus's scrape interval and shorter than O(deadline).
      - The removal may take the same time again for each place. O(deadline) does not cut it short.
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
    - C(roundtrip gateway), then if requested C(roundtrip Prometheus),
      C(roundtrip VictoriaMetrics) and C(roundtrip Grafana UID), then C(roundtrip removed).
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks).
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
  description: The places where the marker has arrived, in order of arrival.
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

from ..module_utils._pipeline.options import argument_spec
from ..module_utils._pipeline.roundtrip.run import roundtrip_options, run_module


def main() -> None:
    """Run the module."""
    run_module(Module(argument_spec(roundtrip_options()), supports_check_mode=True))


if __name__ == "__main__":
    main()
