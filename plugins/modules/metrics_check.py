#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module metrics_check; the work is in module_utils/_pipeline/metrics."""

from __future__ import annotations

DOCUMENTATION = r"""
module: metrics_check
short_description: Check that collectors' metrics are pushed, scraped, complete and there once
version_added: 0.1.0
description:
  - Follows each collector's push over the Pushgateway to Prometheus and to VictoriaMetrics.
  - On the gateway, the collector's group must be there, be fresh, and its last push must have
    succeeded.
  - Prometheus must scrape the gateway, must have that very push, every family of the group under
    the pushed C(job) and C(instance) (so C(honor_labels) is in effect), and by one path alone.
  - It does not wait blindly. With O(collectors[].api_url) the collector is asked to push now, which
    it does anyway every interval; then Prometheus is asked twice a second until it has that push.
  - Everything else that Prometheus scrapes must be up, and no unknown program may push. What
    the collectors say of their last pushes and pings must be recent.
  - The rules that Prometheus has loaded must be evaluated without error.
  - Changes nothing else.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
  - vya.observability.pipeline.pushgateway
  - vya.observability.pipeline.prometheus
  - vya.observability.pipeline.victoriametrics
  - vya.observability.pipeline.alertmanager
  - vya.observability.pipeline.metrics
  - vya.observability.pipeline.wait
attributes:
  check_mode:
    support: full
    description: Only reads in C(check_mode). It waits for the next push instead of asking for one.
  idempotent:
    support: full
    description: Changes nothing, except that collectors push at once, and reports no change.
options:
  collectors:
    description:
      - Who must be there.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description:
          - Name in the report.
        type: str
        required: true
      job:
        description:
          - Label C(job) of the group.
        type: str
        required: true
      instance:
        description:
          - Label C(instance) of the group. The default is O(collectors[].host).
        type: str
      interval:
        description:
          - Seconds between two pushes. A group older than two intervals is a warning, older than
            three a failure.
        type: float
        default: 60.0
      families:
        description:
          - Names of metrics that must be there, in addition to those in the group.
          - A histogram or summary counts as present if all its parts are.
        type: list
        elements: str
        default: []
      api_url:
        description:
          - The collector's API. When given, the collector is asked to push now (C(POST /api/push)).
          - In check mode it is not asked, and its last push is what is followed.
        type: str
      api_key:
        description:
          - Key for O(collectors[].api_url).
        type: str
"""

EXAMPLES = r"""
- name: Prove that two collectors' metrics arrive
  vya.observability.metrics_check:
    pushgateway:
      url: https://prometheus.example.org/pushgateway
    prometheus:
      url: https://prometheus.example.org
    collectors:
      - host: wf001
        job: collector_api_wf001_usa
        api_url: https://api-monitoring.example.org
        api_key: "{{ collector_api_keys[0] }}"
        families: [collector_api_up, collector_push_duration_seconds]
      - host: wf008
        job: collector_api_wf008_brazil
"""

RETURN = r"""
checks:
  description:
    - For each collector, whether it was pushed, has arrived, is complete and there once; then what
      is not the collectors' own.
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks).
  returned: always
  type: list
  elements: dict
  sample:
    - id: prometheus wf001
      name: prometheus
      subject: wf001
      status: fail
      code: labels.no_honor_labels
      values: {jobs: [pushgateway], series: 41}
      expected: Prometheus answers, and has the push that the gateway shows
      seen: 41 series with exported_job or exported_instance, from scrape job pushgateway
      cause: "the scrape job pushgateway has no honor_labels: true"
      fix: "set honor_labels: true in that scrape job and reload Prometheus"
      seconds: 0.52
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

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._check import Check
from ..module_utils._http.session import Session
from ..module_utils._pipeline.metrics.run import check_metrics, collector_of, metrics_options
from ..module_utils._pipeline.options import argument_spec
from ..module_utils._pipeline.run import run_checks


def main() -> None:
    """Run the module."""
    module = Module(argument_spec(metrics_options()), supports_check_mode=True)

    def check(session: Session, params: Mapping[str, Any], until: float) -> Sequence[Check]:
        collectors = [collector_of(item) for item in params["collectors"]]
        return check_metrics(session, params, collectors, not module.check_mode, until)

    run_checks(module, check)


if __name__ == "__main__":
    main()
