#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module service_check; the work is in module_utils/_pipeline/services."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_check
short_description: Check that the right services answer, are ready, and have valid certificates
version_added: 0.1.0
description:
  - Requests from each service a path that identifies it, all in parallel. If another service
    answers, such as a Prometheus at the Pushgateway's URL, it is named.
  - Also checks each HTTPS host and port for a trusted chain, its name, the remaining days of its
    certificate, and its protocol. A server that also speaks TLS 1.1 or 1.0 is a warning (if OpenSSL
    on the host that runs the check still supports them). One that speaks nothing newer fails.
  - Also reads the state of databases and push targets from each collector.
  - Changes nothing.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.check
  - vya.observability.attributes.info
  - vya.observability.pipeline.services
  - vya.observability.pipeline.service_limits
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
    - One check per service, then the health of each collector, then one per HTTPS host and port, in
      the order given.
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks).
  returned: always
  type: list
  elements: dict
  sample:
    - id: service Pushgateway
      name: service
      subject: Pushgateway
      status: fail
      code: address.other_service.prometheus_for_pushgateway
      values: {kind: pushgateway, found: prometheus, name: Prometheus 3.2.1, title: Prometheus}
      expected: Pushgateway at https://prometheus.example.org, ready
      seen: Prometheus 3.2.1 answers there
      cause: >-
        the Pushgateway's URL points at Prometheus, which answers a push with 404 or 405
      fix: give the service's own host and port, or the path that the proxy routes to it
      seconds: 0.031
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
from ..module_utils._pipeline.run import run_checks
from ..module_utils._pipeline.services.run import check_services, service_options


def main() -> None:
    """Run the module."""
    module = Module(argument_spec(service_options()), supports_check_mode=True)
    run_checks(module, check_services)


if __name__ == "__main__":
    main()
