#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alert_drill
short_description: Bring alerts about without harm, and follow them to their receiver
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Pushes groups of its own to the Pushgateway, for a host that does not exist (job C(drill_...)
    or C(collector_api_drill_...), instance C(drill-...)), so that the real rules fire for it.
  - Follows each alert to Prometheus (pending, firing), to Alertmanager and to its receiver, ends
    the fault, and follows the end the same way. All alerts are drilled at once.
  - Removes its groups at the end, also when it fails, is stopped, or its caller has gone (Ctrl-C,
    an ssh connection that breaks). The next run removes what a killed run has left.
  - Needs the rules of the role prometheus.
extends_documentation_fragment:
  - vya.observability.pipeline.alerting
  - vya.observability.http_client
  - vya.observability.attributes
attributes:
  check_mode:
    support: full
    description: Says which alerts would be drilled, and pushes nothing.
  diff_mode:
    support: none
    description: Nothing is different at the end.
  idempotent:
    support: full
    description: Leaves nothing behind, and reports no change.
options:
  alerts:
    description:
      - Names of the alerts. V(all) is each that synthetic groups can bring about; the others are
        reported as skipped, with the reason.
    type: list
    elements: str
    default: [DatabaseDown]
  scenarios:
    description:
      - How each alert is brought about, by its name. Those of the collection's own alerts are
        known; these are added to them.
      - The keys are those of C(drill) in C(roles/prometheus/files/alerts).
    type: dict
    default: {}
  webhook_listen:
    description:
      - Address (host:port) of the host that runs the module, at which it takes the messages of
        Alertmanager. A receiver there has to send to it.
      - Without it, and with O(watch) and O(stop_container), an alert has arrived when Alertmanager
        has sent one more notification successfully (C(alertmanager_notifications_total)).
    type: str
  watch:
    description:
      - Only watch O(alerts) with O(labels) until they are V(firing), or V(cleared). For a fault
        that something else causes.
    type: str
    choices: [firing, cleared]
  stop_container:
    description:
      - Name of a container of the host that runs the module. It is stopped, O(alerts) with
        O(labels) are watched until they have arrived, it is started again, and they are watched
        until they have cleared.
      - The container is started again whatever happens to the module. If the module is killed, a
        process that it has left on that host starts it.
      - Nothing is stopped when one of the services does not answer this host, when the alert is
        there already, or when O(timeout_hops) is too short for it.
      - Needs Python's docker on that host, and permission to use the Docker daemon.
    type: str
  labels:
    description:
      - Labels of the alerts to watch, with O(watch) and O(stop_container).
    type: dict
    default: {}
  timeout_hops:
    description:
      - Seconds that an alert may take to arrive at its receiver, and then to clear.
    type: float
    default: 900.0
  push_interval:
    description:
      - Seconds between two pushes. Not less than Prometheus's scrape interval, and well below the
        interval after which a collector counts as old.
    type: float
    default: 15.0
  fail_on:
    description:
      - Which status of a check fails the task.
      - V(never) leaves that to a later M(vya.observability.check_report).
    type: str
    default: fail
    choices: [never, fail, warn]
"""

EXAMPLES = r"""
- name: Prove that the alert of a database that is down arrives
  vya.observability.alert_drill:
    alerts: [DatabaseDown]
    pushgateway: {url: "https://prometheus.example.org/pushgateway"}
    prometheus: {url: "https://prometheus.example.org"}
    alertmanager: {url: "https://alertmanager.example.org"}

- name: Prove that an alert of your own arrives
  vya.observability.alert_drill:
    alerts: [QueueLong]
    scenarios:
      QueueLong: {series: [{name: queue_length, type: gauge, quiet: 0, fault: 1000}]}
    pushgateway: {url: "https://prometheus.example.org/pushgateway"}
    prometheus: {url: "https://prometheus.example.org"}
    alertmanager: {url: "https://alertmanager.example.org"}

- name: Prove that the alert of a collector that is down arrives
  vya.observability.alert_drill:
    alerts: [CollectorStale]
    stop_container: prod-collector-api
    labels: {instance: wf001}
    pushgateway: {url: "https://prometheus.example.org/pushgateway"}
    prometheus: {url: "https://prometheus.example.org"}
    alertmanager: {url: "https://alertmanager.example.org"}
    timeout_hops: 1800
  become: true
"""

RETURN = r"""
drills:
  description: The alerts that were drilled.
  returned: success
  type: list
  elements: dict
  contains:
    alert:
      description: Name of the alert.
      type: str
    labels:
      description: Labels by which it was known.
      type: dict
    for:
      description: How long its condition has to hold, in seconds.
      type: float
    seconds:
      description:
        - Seconds of each hop, from the fault (C(pending), C(firing), C(in Alertmanager), C(told))
          and from its end (C(cleared), C(cleared in Alertmanager), C(told of its end)).
      type: dict
    missed:
      description: The first hop that was not reached; empty when all were.
      type: str
  sample:
    - alert: DatabaseDown
      labels: {alertname: DatabaseDown, instance: drill-databasedown}
      for: 120.0
      seconds: {pending: 12.1, firing: 132.4, in Alertmanager: 132.4, told: 142.9}
      missed: ""
checks:
  description:
    - One check C(drill) per alert and hop, and C(receivers), which warns when Alertmanager has
      failed to send messages to any receiver meanwhile; it names the kind of receiver.
    - Each has an C(id), a C(status) (V(pass), V(warn), V(fail) or V(skip)), what was C(expected)
      and C(seen), the likely C(cause) and the C(fix), and C(seconds); for programs a C(code), which
      names the cause, and the C(values) that the texts are made of.
  returned: always
  type: list
  elements: dict
  sample:
    - id: drill DatabaseDown firing
      name: drill
      subject: DatabaseDown firing
      status: pass
      code: drill.ok
      values: {timeout: 900.0, took: 132.4}
      expected: within 900 s
      seen: after 132.4 s
      cause: ""
      fix: ""
      seconds: 132.4
counts:
  description: Number of checks by status.
  returned: always
  type: dict
  sample: {pass: 4, warn: 0, fail: 0, skip: 0}
asked_from:
  description: Name of the host that asked.
  returned: always
  type: str
  sample: wfdb01
seconds:
  description: Seconds that the whole took.
  returned: always
  type: float
  sample: 0.213
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._drill.module import run_module
from ..module_utils._http.session import auth_argument_spec, connection_argument_spec


def main() -> None:
    """Entry point."""
    service = {
        "type": "dict",
        "required": True,
        "options": {"url": {"type": "str", "required": True}, **auth_argument_spec()},
    }
    run_module(
        AnsibleModule(
            argument_spec={
                **connection_argument_spec(),
                "alerts": {"type": "list", "elements": "str", "default": ["DatabaseDown"]},
                "pushgateway": service,
                "prometheus": service,
                "alertmanager": service,
                "scenarios": {"type": "dict", "default": {}},
                "webhook_listen": {"type": "str"},
                "watch": {"type": "str", "choices": ["firing", "cleared"]},
                "stop_container": {"type": "str"},
                "labels": {"type": "dict", "default": {}},
                "timeout_hops": {"type": "float", "default": 900.0},
                "push_interval": {"type": "float", "default": 15.0},
                "fail_on": {
                    "type": "str",
                    "default": "fail",
                    "choices": ["never", "fail", "warn"],
                },
            },
            mutually_exclusive=[("watch", "stop_container")],
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
