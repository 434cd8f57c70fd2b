#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pushgateway_group_info
short_description: List the groups of a Pushgateway
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Lists who pushes to a gateway, when the last push was, and whether it succeeded.
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes.info
options:
  url:
    description:
      - URL of the Pushgateway, with the path prefix if a proxy routes to it.
    type: str
    required: true
  job:
    description:
      - Regular expression that must match the whole label C(job). The default is all groups.
    type: str
"""

EXAMPLES = r"""
- name: Gather the groups of all collectors
  vya.observability.pushgateway_group_info:
    url: https://prometheus.example.org/pushgateway
    job: collector_api_.+
  register: groups
"""

RETURN = r"""
groups:
  description: The groups, sorted by their labels.
  returned: success
  type: list
  elements: dict
  contains:
    labels:
      description: All labels of the group.
      type: dict
    last_push_successful:
      description: Whether the gateway accepted the last push.
      type: bool
    push_time:
      description: When the gateway last accepted a push (seconds since the epoch, 0 for never).
      type: float
    push_failure_time:
      description: When the gateway last refused a push (seconds since the epoch, 0 for never).
      type: float
    age:
      description: Seconds since the last push, accepted or refused.
      type: float
    families:
      description: Number of pushed metric families.
      type: int
  sample:
    - labels: {job: collector_api_wf005_usa, instance: wf005}
      last_push_successful: true
      push_time: 1763900000.5
      push_failure_time: 0.0
      age: 86400.2
      families: 21
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._api.pushgateway_groups import run_info
from ..module_utils._http.session import http_argument_spec


def main() -> None:
    """Run the module."""
    run_info(
        Module(
            argument_spec={
                **http_argument_spec(),
                "url": {"type": "str", "required": True},
                "job": {"type": "str"},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
