#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module ping_check; the work is in module_utils/_ping.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ping_check
short_description: Check that a collector answers pings with the right key, and only those
version_added: 0.1.0
description:
  - Sends pings to each collector's API with its key; the answers must have all fields of the
    contract and the ping's own id. Round trip and clock offset come from the four times of each
    ping, as NTP computes them.
  - Sends one ping with a random key and one without; both must be answered 401.
  - Changes nothing on a host. The collector counts the pings like any other, with V(validation) as
    C(source_location), C(source_datacenter) and C(source_country). That leaves, with these labels,
    one child each of C(pings_received_total), C(ping_last_received_timestamp_seconds),
    C(network_latency_rtt_seconds) and C(network_clock_offset_seconds), and samples of
    C(ping_sample_rtt_seconds) and C(ping_sample_processing_seconds) in VictoriaMetrics.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
options:
  collectors:
    description:
      - What to ping.
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
  count:
    description:
      - Pings with the right key, 1 to 100, one after the other.
    type: int
    default: 5
  slow:
    description:
      - A round trip (p95) of more seconds is a warning.
    type: float
    default: 1.0
  clock_offset:
    description:
      - Clocks that are more seconds apart are a warning.
    type: float
    default: 1.0
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
  description: For each collector the checks C(ping), C(rtt), C(clock), C(wrong key), C(no key).
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
    - id: rtt wf001
      status: pass
      expected: p95 at most 1000 ms
      seen: p50 151.2 ms, p95 153.9 ms
      cause: ""
      fix: ""
      seconds: 0.93
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
  description: Seconds that the whole took.
  returned: always
  type: float
  sample: 0.97
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.vya.observability.plugins.module_utils._check import (
    check_argument_spec,
    exit_with,
    run_side_by_side,
)
from ansible_collections.vya.observability.plugins.module_utils._http import (
    HttpError,
    connection_argument_spec,
    session_for,
)
from ansible_collections.vya.observability.plugins.module_utils._ping import ping_probes


def main() -> None:
    """Run the module."""
    collector = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str", "required": True},
        "key": {"type": "str", "required": True, "no_log": True},
    }
    module = AnsibleModule(
        argument_spec={
            "collectors": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": collector,
            },
            "count": {"type": "int", "default": 5},
            "slow": {"type": "float", "default": 1.0},
            "clock_offset": {"type": "float", "default": 1.0},
            **connection_argument_spec(),
            **check_argument_spec(),
        },
        supports_check_mode=True,
    )
    started = time.monotonic()
    params = module.params
    session = session_for(module)
    try:
        if not 1 <= params["count"] <= 100:
            raise HttpError.option("count", "1 to 100", str(params["count"]))
        limits = (params["count"], params["slow"], params["clock_offset"])
        probes = [
            probe
            for collector in params["collectors"]
            for probe in ping_probes(session, collector, *limits)
        ]
    except HttpError as error:
        module.fail_json(msg=str(error))
    exit_with(module, run_side_by_side(probes, params["deadline"]), started)


if __name__ == "__main__":
    main()
