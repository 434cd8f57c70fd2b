#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module service_check; the work is in module_utils/_pipeline/services."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_check
short_description: Check that services are the ones meant, ready, and certified
version_added: 0.1.0
description:
  - Asks each service, all side by side, at the path that only this service answers as it does.
    A Prometheus at the address of a Pushgateway is named as such.
  - Each HTTPS host and port is also checked for a trusted chain, its name, the days that its
    certificate has left, and its protocol. One that also speaks TLS 1.1 or 1.0 is a warning, where
    OpenSSL on the host that asks still can; one that speaks nothing newer is a failure.
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
            Only O(services[].contains) proves that it is the right one; without it an HTML page
            that asks for a password is a warning.
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
          - ping_service
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
      within:
        description:
          - Seconds that O(services[].contains) may take to be there, of a service that has just
            been started or reloaded.
        type: float
        default: 0.0
      databases:
        description:
          - Names of the databases that it has to probe, for O(services[].kind=collector).
          - Not given, they are not compared.
        type: list
        elements: str
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

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._pipeline.options import argument_spec
from ..module_utils._pipeline.run import run_checks
from ..module_utils._pipeline.services.run import check_services, service_options


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec(service_options()), supports_check_mode=True)
    run_checks(module, check_services)


if __name__ == "__main__":
    main()
