#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module service_check; the work is in module_utils/_services.py and _tls.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_check
short_description: Check that services are the ones meant, ready, and certified
version_added: 0.1.0
description:
  - Asks each service, all side by side, at the path that only this service answers as it does.
    A Prometheus at the address of a Pushgateway is named as such.
  - Each HTTPS host and port is also checked for a trusted chain, its name and the days that its
    certificate has left.
  - A collector is also asked for the state of its databases and push targets.
  - Reads only.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
options:
  services:
    description:
      - What to ask.
    type: list
    elements: dict
    required: true
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
          - Statuses that are right, for O(services[].kind=http).
        type: list
        elements: int
        default: [200]
      contains:
        description:
          - Text that the answer must contain, for O(services[].kind=http).
        type: str
      url_username:
        description:
          - User of HTTP basic authentication.
        type: str
      url_password:
        description:
          - Password of O(services[].url_username).
        type: str
      bearer_token:
        description:
          - Token sent as a C(Bearer) authorization.
        type: str
      headers:
        description:
          - Further headers. They are shown in verbose output and so are no place for secrets.
        type: dict
        default: {}
  certificate_days:
    description:
      - A certificate with fewer days left is a warning. An expired one is a failure.
    type: float
    default: 14.0
  slow:
    description:
      - An answer that takes more seconds is a warning.
    type: float
    default: 2.0
"""

EXAMPLES = r"""
- name: Check the services behind the proxy
  vya.observability.service_check:
    ca_path: /etc/ssl/certs/ca-certificates.crt
    services:
      - name: Prometheus
        kind: prometheus
        url: https://prometheus.example.org
      - name: Pushgateway
        kind: pushgateway
        url: https://prometheus.example.org/pushgateway
      - name: front page
        url: https://www.example.org/
        contains: Welcome
"""

RETURN = r"""
checks:
  description:
    - One check per service, then the health of each collector, then one per HTTPS host and port,
      in the order given.
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
    - id: service Pushgateway
      status: fail
      expected: Pushgateway at https://prometheus.example.org, ready
      seen: Prometheus 3.2.1 answers there
      cause: the address of Prometheus was given for the Pushgateway; a push there is answered
        404 or 405, never refused
      fix: give the service's own host and port, or the path under which the proxy routes to it
      seconds: 0.031
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

import time
from functools import partial

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.vya.observability.plugins.module_utils._check import (
    Probe,
    check_argument_spec,
    exit_with,
    run_side_by_side,
)
from ansible_collections.vya.observability.plugins.module_utils._http import (
    HttpError,
    auth_argument_spec,
    authorization,
    check_url,
    connection_argument_spec,
    session_for,
)
from ansible_collections.vya.observability.plugins.module_utils._services import (
    KINDS,
    check_health,
    check_service,
)
from ansible_collections.vya.observability.plugins.module_utils._tls import (
    check_certificate,
    tls_hosts,
)


def main() -> None:
    """Run the module."""
    service = {
        "name": {"type": "str", "required": True},
        "kind": {"type": "str", "choices": [*KINDS, "http"], "default": "http"},
        "url": {"type": "str", "required": True},
        "status": {"type": "list", "elements": "int", "default": [200]},
        "contains": {"type": "str"},
        **auth_argument_spec(),
    }
    module = AnsibleModule(
        argument_spec={
            "services": {"type": "list", "elements": "dict", "required": True, "options": service},
            "certificate_days": {"type": "float", "default": 14.0},
            "slow": {"type": "float", "default": 2.0},
            **connection_argument_spec(),
            **check_argument_spec(),
        },
        supports_check_mode=True,
    )
    started = time.monotonic()
    session = session_for(module)
    params = module.params
    try:
        for item in params["services"]:
            check_url(item["url"], f"services[{item['name']}].url")
            authorization(item)
    except HttpError as error:
        module.fail_json(msg=str(error))
    probes = [
        Probe(
            f"service {item['name']}",
            f"{item['kind']} at {item['url']}",
            partial(check_service, session, item, params["slow"]),
        )
        for item in params["services"]
    ]
    probes += [
        Probe(f"health {item['name']}", "/health", partial(check_health, session, item))
        for item in params["services"]
        if item["kind"] == "collector"
    ]
    probes += [
        Probe(
            f"certificate {host}:{port}",
            "a handshake",
            partial(check_certificate, host, port, session.options, params["certificate_days"]),
        )
        for host, port in tls_hosts(item["url"] for item in params["services"])
    ]
    exit_with(module, run_side_by_side(probes, params["deadline"]), started)


if __name__ == "__main__":
    main()
