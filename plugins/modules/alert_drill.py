#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alert_drill
short_description: Trigger alerts with synthetic data, and follow them until they fire and clear
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Pushes groups of its own to the Pushgateway, for a host that does not exist (job C(drill_...)
    or C(collector_api_drill_...), instance C(drill-...)), so that the real rules fire for it.
  - Follows each alert to Prometheus (pending, firing), to Alertmanager and to its receiver. Then
    ends the fault and follows the alert until it clears. Drills all alerts at once.
  - Removes its groups at the end, also if it fails or is interrupted (Ctrl-C, SIGTERM, a lost ssh
    connection). If a run is killed, the next one removes what it left behind.
  - Fails with C(drill.running) and who runs it since when, if there is one already. All series have
    the label C(drill="true").
  - Prints meanwhile which hop each alert waits for. A service that is away for a moment is asked
    again.
  - Needs the rules of the role prometheus.
extends_documentation_fragment:
  - vya.observability.check.fail_on
  - vya.observability.pipeline.alerting
  - vya.observability.http_client
  - vya.observability.attributes
attributes:
  check_mode:
    support: full
    description: Returns the alerts that would be drilled, and pushes nothing.
  diff_mode:
    support: none
    description: Leaves nothing changed, so there is no difference to show.
  idempotent:
    support: full
    description: Leaves nothing behind, and reports no change.
options:
  alerts:
    description:
      - Names of the alerts. V(all) means each alert that synthetic groups can trigger; the others
        are reported as skipped, with the reason.
    type: list
    elements: str
    default: [DatabaseDown]
  scenarios:
    description:
      - How to trigger alerts, by name of the alert, in addition to the collection's own alerts.
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
      - Name of a container on the host where the module runs. The module stops it, watches
        O(alerts) with O(labels) until they are delivered, starts it again, and watches them until
        they have cleared.
      - The container is started again in any case. If the module itself is killed, a background
        process on that host starts it, which was started before the stop. It is started at the
        latest 12 minutes after the alert could have fired, or 6 minutes after Alertmanager has it.
      - Nothing is stopped if one of the services does not answer this host, if the alert is
        already firing, or if O(timeout_hops) is too short for the alert.
      - Needs the Docker SDK for Python there, and access to the Docker daemon.
    type: str
  labels:
    description:
      - Labels of the alerts to watch, with O(watch) and O(stop_container).
    type: dict
    default: {}
  timeout_hops:
    description:
      - Seconds to wait for an alert to be delivered, and then for it to clear.
    type: float
    default: 900.0
  push_interval:
    description:
      - Seconds between two pushes. Use at least Prometheus's scrape interval, and much less than
        the age at which a collector counts as stale.
    type: float
    default: 15.0
  progress_file:
    description:
      - Path of a file on the host that runs the module. It has, as JSON, the hops that the alerts
        wait for, since when, and until when at the latest. The action plugin sets it, and prints
        what it reads.
    type: path
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
  description: The alerts that were drilled; in check mode, those that would be.
  returned: success
  type: list
  elements: dict
  contains:
    alert:
      description: Name of the alert.
      type: str
    labels:
      description: Labels that identify the alert.
      type: dict
    for:
      description: How long its condition must hold before it fires, in seconds.
      type: float
    seconds:
      description:
        - Seconds to each hop, from the start of the fault (C(pending), C(firing),
          C(in Alertmanager), C(told), which is the delivery) and from its end (C(cleared),
          C(cleared in Alertmanager), C(told of its end)).
      type: dict
    missed:
      description: The first hop that was not reached. Empty if all were.
      type: str
  sample:
    - alert: DatabaseDown
      labels: {alertname: DatabaseDown, instance: drill-databasedown}
      for: 120.0
      seconds: {pending: 12.1, firing: 132.4, in Alertmanager: 132.4, told: 142.9}
      missed: ""
checks:
  description:
    - One check C(drill) per alert and hop, and C(receivers), which warns if Alertmanager failed to
      send messages to a receiver in the meantime; it names the type of receiver.
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks).
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

from ..module_utils._check import FAIL_ON
from ..module_utils._drill.module import run_module
from ..module_utils._http.session import auth_argument_spec, connection_argument_spec


def main() -> None:
    """Run the module."""
    service = {
        "type": "dict",
        "required": True,
        "options": {"url": {"type": "str", "required": True}, **auth_argument_spec()},
    }
    run_module(
        Module(
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
                "progress_file": {"type": "path"},
                "fail_on": FAIL_ON,
            },
            mutually_exclusive=[("watch", "stop_container")],
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
