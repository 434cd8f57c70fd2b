#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pushgateway_group
short_description: Remove groups from a Pushgateway
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - A Pushgateway keeps the last push forever, even if its pusher is long gone. This module removes
    one group, identified by all of its labels, or all groups without a push for some time.
  - Then verifies that they are gone. Warns if one has been pushed again in the meantime.
extends_documentation_fragment:
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes
options:
  url:
    description:
      - URL of the Pushgateway, with the path prefix if a proxy routes to it.
    type: str
    required: true
  state:
    description:
      - Groups can only be removed.
    type: str
    choices: [absent]
    default: absent
  labels:
    description:
      - All labels of the group, including C(job). A group with one more label is another group.
      - Any value is possible, including an empty one or one with slashes.
      - Mutually exclusive with O(older_than).
    type: dict
  older_than:
    description:
      - Remove groups without a push for this many seconds, by the gateway's clock. A refused push
        counts as a push.
    type: float
  job:
    description:
      - Regular expression that must match the whole label C(job), for O(older_than).
    type: str
  limit:
    description:
      - If more groups than this would be removed, none is removed and the task fails.
    type: int
    default: 10
"""

EXAMPLES = r"""
- name: Remove the group of a host that is gone
  vya.observability.pushgateway_group:
    url: https://prometheus.example.org/pushgateway
    labels: {job: collector_api_wf005_usa, instance: wf005}

- name: Remove collectors' groups without a push for a week
  vya.observability.pushgateway_group:
    url: https://prometheus.example.org/pushgateway
    job: collector_api_.+
    older_than: 604800
"""

RETURN = r"""
removed:
  description:
    - The groups that were, or would be, removed. Each has the keys of
      RV(vya.observability.pushgateway_group_info#module:groups).
  returned: success
  type: list
  elements: dict
  sample:
    - labels: {job: collector_api_wf005_usa, instance: wf005}
      last_push_successful: true
      push_time: 1763900000.5
      push_failure_time: 0.0
      age: 86400.2
      families: 21
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._api.pushgateway_groups import run_module
from ..module_utils._http.session import http_argument_spec


def main() -> None:
    """Run the module."""
    run_module(
        Module(
            argument_spec={
                **http_argument_spec(),
                "url": {"type": "str", "required": True},
                "state": {"type": "str", "choices": ["absent"], "default": "absent"},
                "labels": {"type": "dict"},
                "older_than": {"type": "float"},
                "job": {"type": "str"},
                "limit": {"type": "int", "default": 10},
            },
            mutually_exclusive=[("labels", "older_than"), ("labels", "job")],
            required_one_of=[("labels", "older_than")],
            required_together=[("older_than", "job")],
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
