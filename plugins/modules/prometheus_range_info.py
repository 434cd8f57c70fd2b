#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module prometheus_range_info; the work is in module_utils/_api/prometheus_range.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: prometheus_range_info
short_description: Read values of the last hours from Prometheus
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Runs several range queries in parallel, over connections that are kept alive.
  - M(vya.observability.check_report) takes the result as C(plots).
  - If a query is wrong or gets no answer, the others are still returned. The module fails only if
    no query was answered.
  - Works with VictoriaMetrics as well.
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes.info
options:
  url:
    description:
      - URL of Prometheus, with the path prefix if a proxy routes to it.
    type: str
    required: true
  queries:
    description:
      - The queries.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Title of the values, for people.
        type: str
        required: true
      query:
        description:
          - PromQL expression.
        type: str
        required: true
      unit:
        description:
          - Unit of the values. The report knows V(seconds), V(bytes), V(percent) and V(ratio), and
            shows any other as it is.
        type: str
        default: ""
  hours:
    description:
      - How far back to look, in hours.
    type: float
    default: 6.0
  points:
    description:
      - Maximum number of points per series. They are at least one second apart.
    type: int
    default: 120
  limit:
    description:
      - Maximum number of series to return per query.
    type: int
    default: 20
"""

EXAMPLES = r"""
- name: Read the last six hours
  vya.observability.prometheus_range_info:
    url: https://prometheus.example.org
    queries:
      - name: Age of the last push
        query: time() - push_time_seconds{job=~"collector_api_.*"}
        unit: seconds
      - name: Round trip, p95
        query: source_target:network_latency_rtt_seconds:p95
        unit: seconds
  register: ranges

- name: Report
  vya.observability.check_report:
    results: ["{{ services }}"]
    plots: "{{ ranges.series }}"
    directory: reports
"""

RETURN = r"""
series:
  description: The answers, in the order of O(queries).
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: O(queries[].name).
      type: str
    unit:
      description: O(queries[].unit).
      type: str
    start:
      description: Start of the time range (seconds since the epoch).
      type: int
    end:
      description: End of the time range (seconds since the epoch).
      type: int
    step:
      description: Seconds between two points.
      type: int
    series:
      description:
        - The series of the answer, sorted by their labels. Empty without data.
        - Each has C(labels), and C(points) as pairs of seconds since the epoch and value. Points
          without a finite value are left out.
      type: list
      elements: dict
    left_out:
      description: Number of series that were left out because of O(limit).
      type: int
    error:
      description: Why the query was not answered. Empty if it was.
      type: str
    code:
      description: The same, for programs.
      type: str
  sample:
    - name: Age of the last push
      unit: seconds
      start: 1763900000
      end: 1763921420
      step: 180
      series:
        - labels: {job: collector_api_wf001_usa, instance: wf001}
          points: [[1763900000, 31.5], [1763900180, 12.1]]
      left_out: 0
      error: ""
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._api.prometheus_range import run_range_info
from ..module_utils._http.session import http_argument_spec


def main() -> None:
    """Run the module."""
    query = {
        "name": {"type": "str", "required": True},
        "query": {"type": "str", "required": True},
        "unit": {"type": "str", "default": ""},
    }
    run_range_info(
        Module(
            argument_spec={
                **http_argument_spec(),
                "url": {"type": "str", "required": True},
                "queries": {
                    "type": "list",
                    "elements": "dict",
                    "required": True,
                    "options": query,
                },
                "hours": {"type": "float", "default": 6.0},
                "points": {"type": "int", "default": 120},
                "limit": {"type": "int", "default": 20},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
