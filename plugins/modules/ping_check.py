#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module ping_check; the work is in module_utils/_pipeline/ping."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ping_check
short_description: Check that a collector accepts pings with the right key, and no others
version_added: 0.1.0
description:
  - Sends pings to each collector's API with its key. The answers must have all fields of the
    contract and the ping's own id. Computes round trip and clock offset from the four timestamps of
    each ping, as NTP does.
  - Sends one ping with a random key and one without a key. Both must be answered with 401.
  - The pings have V(validation) as C(source_location), C(source_datacenter) and C(source_country).
    With O(prometheus) and O(victoriametrics), asks each collector to push and follows the pings
    there. At the end, removes them from the collector, so that no test series is left on it, on the
    gateway, or in VictoriaMetrics. In Prometheus, the series end with the next scrape. If a server
    did not answer and series may be left, that is a warning.
  - Changes nothing else.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
  - vya.observability.pipeline.clock
  - vya.observability.pipeline.prometheus_store
  - vya.observability.pipeline.victoriametrics
  - vya.observability.pipeline.wait
attributes:
  check_mode:
    support: partial
    description: Can run in C(check_mode).
    details: Sends its pings and removes them, as without C(check_mode).
  diff_mode:
    support: N/A
    description: Leaves nothing changed, so there is no difference to show.
  idempotent:
    support: full
    description: Removes the pings that it sends, unless O(forget=false), and reports no change.
options:
  collectors:
    description:
      - The collectors to ping.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name in the report.
        type: str
        required: true
      url:
        description:
          - Its address, without C(/api/ping).
        type: str
        required: true
      key:
        description:
          - The key that must be accepted.
        type: str
        required: true
      further_keys:
        description:
          - Other keys that must be accepted, while keys are rotated.
        type: list
        elements: str
        default: []
      instance:
        description:
          - Its label C(instance). The default is O(collectors[].name).
        type: str
      victoriametrics:
        description:
          - Whether it sends each ping to VictoriaMetrics. If not, none is looked for there.
        type: bool
        default: true
  count:
    description:
      - Number of pings with the right key, 1 to 100, sent one after the other.
    type: int
    default: 5
  slow:
    description:
      - Warn if the round trip (p95) takes more seconds.
    type: float
    default: 1.0
  forget:
    description:
      - Whether to remove the pings from the collectors at the end.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Ping both collectors
  vya.observability.ping_check:
    collectors:
      - name: wf001
        url: https://api-monitoring.example.org
        key: "{{ collector_api_keys[0] }}"
"""

RETURN = r"""
checks:
  description:
    - For each collector the checks C(ping), C(rtt), C(clock), C(wrong key), C(no key), and if
      requested C(key 2), C(counted), C(sampled), C(forgotten).
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks).
  returned: always
  type: list
  elements: dict
  sample:
    - id: rtt wf001
      name: rtt
      subject: wf001
      status: pass
      code: rtt.ok
      values: {limit: 1.0, p50: 0.1512, p95: 0.1539}
      expected: the p95 of the round trips is at most 1 s
      seen: p50 151.2 ms, p95 153.9 ms
      cause: ""
      fix: ""
      seconds: 0.93
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
from ..module_utils._pipeline.ping.run import check_pings, ping_options
from ..module_utils._pipeline.run import run_checks


def main() -> None:
    """Run the module."""
    module = Module(argument_spec(ping_options()), supports_check_mode=True)
    run_checks(module, check_pings)


if __name__ == "__main__":
    main()
