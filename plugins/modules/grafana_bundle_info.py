#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module grafana_bundle_info; the work is in module_utils/_grafana/export.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: grafana_bundle_info
short_description: Read Grafana's folders, data sources, dashboards and alerting as one bundle
version_added: 0.1.0
description:
  - Returns what a server has, in the form that M(vya.observability.grafana_bundle) takes, and
    optionally writes it to files.
  - Applied to the same server, the result changes nothing. Applied to an empty server, it creates
    everything, once its secrets are filled in.
  - The server does not return secrets. Each is null in the result, which means to keep it.
  - Changes nothing on the server.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.grafana
  - vya.observability.attributes.info
  - vya.observability.http_client
  - vya.observability.http_client.auth
attributes:
  check_mode:
    support: full
    description: Reads the server as usual, and writes no files.
  diff_mode:
    support: none
    description: The files that differ are listed in RV(written).
  idempotent:
    support: full
    description: Files with the same content are not written again.
options:
  sections:
    description:
      - What to read, each by the name of the option of M(vya.observability.grafana_bundle) that
        takes it, such as V(folders) or V(rule_groups). All if it is not given.
    type: list
    elements: str
  directory:
    description:
      - Directory for the export, on the host where the module runs. Each dashboard goes to
        C(dashboards/FOLDER/UID.json), everything else to C(bundle.json), whose keys are options of
        M(vya.observability.grafana_bundle).
      - Files of objects that no longer exist are not removed.
    type: path
  mark:
    description:
      - The mark of the bundle, which is left out of the result.
    type: str
    default: vya-observability
"""

EXAMPLES = r"""
- name: Export a Grafana
  vya.observability.grafana_bundle_info:
    url: https://grafana.example.org
    bearer_token: "{{ grafana_token }}"
    directory: /var/backups/grafana

- name: Read the alert rules
  vya.observability.grafana_bundle_info:
    url: https://grafana.example.org
    bearer_token: "{{ grafana_token }}"
    sections: [rule_groups]
  register: grafana_rules
"""

RETURN = r"""
bundle:
  description:
    - The sections that were asked for, each in the form of the option of the same name of
      M(vya.observability.grafana_bundle). With O(directory) the dashboards are given by their path.
  returned: success
  type: dict
  sample:
    folders:
      - {uid: collectors, title: Collectors}
    datasources:
      - uid: prometheus
        name: Prometheus
        type: prometheus
        url: https://prometheus.example.org
        access: proxy
        secure_json_data: {basicAuthPassword: null}
written:
  description: Files that were, or would be, written.
  returned: success
  type: list
  elements: str
  sample: [/var/backups/grafana/bundle.json]
version:
  description: Grafana's version, empty if it does not say.
  returned: success
  type: str
  sample: 11.6.0
requests:
  description: Number of requests sent.
  returned: always
  type: int
  sample: 27
seconds:
  description: Duration of the whole module, in seconds.
  returned: success
  type: float
  sample: 0.4
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._grafana.client import grafana_argument_spec
from ..module_utils._grafana.export import run_module
from ..module_utils._grafana.registry import export_argument_spec


def main() -> None:
    """Run the module."""
    run_module(
        Module(
            argument_spec={**grafana_argument_spec(), **export_argument_spec()},
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
