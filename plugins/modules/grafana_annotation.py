#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module grafana_annotation; the work is in module_utils/_grafana/annotation.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: grafana_annotation
short_description: Put a mark, such as one per deploy, on Grafana's dashboards
version_added: 0.1.0
description:
  - Ensures that an annotation exists. With O(key), it is identified by that tag, and a later run
    updates it. Without O(key), it is identified by its text, tags and time.
  - A dashboard shows the annotations whose tags are in its annotation query.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.grafana
  - vya.observability.attributes
  - vya.observability.http_client
  - vya.observability.http_client.auth
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return what would change, without changing it.
  diff_mode:
    support: full
    description: Returns what changed, or would change, with C(--diff).
  idempotent:
    support: partial
    description: With O(key) or O(time). With neither, each run creates an annotation.
options:
  text:
    description:
      - Text of the annotation. Grafana shows it as HTML without scripts.
    type: str
    required: true
  tags:
    description:
      - Tags, by which dashboards select annotations.
    type: list
    elements: str
    default: []
  time:
    description:
      - Start time, in seconds since the epoch or as ISO 8601 (UTC if it has no offset).
      - The default is now. An annotation that exists keeps its time by default.
    type: str
  time_end:
    description:
      - End time, in the same form, for an annotation that covers a period.
    type: str
  dashboard_uid:
    description:
      - Only on this dashboard.
    type: str
  panel_id:
    description:
      - Only on this panel of O(dashboard_uid).
    type: int
  key:
    description:
      - A tag that no other annotation has, such as C(release:wf001-42).
      - Grafana reads a tag as C(name:value). Use at most one colon, and no other tag with the same
        name (a search for the tag C(deploy) does not find an annotation that also has
        C(deploy:42)).
    type: str
"""

EXAMPLES = r"""
- name: Mark the deploy on the dashboards
  vya.observability.grafana_annotation:
    url: https://grafana.example.org
    bearer_token: "{{ grafana_token }}"
    text: "collector {{ collector_version }} on {{ inventory_hostname }}"
    tags: [deploy, "{{ inventory_hostname }}"]
    key: "release:{{ inventory_hostname }}-{{ collector_version }}"
"""

RETURN = r"""
annotation:
  description: The annotation.
  returned: success
  type: dict
  contains:
    id:
      description: Its id on the server. Null in check mode if it does not exist yet.
      type: int
    text:
      description: Its text.
      type: str
    tags:
      description: Its tags, including O(key).
      type: list
      elements: str
    time:
      description: Start time, in milliseconds since the epoch, if O(time) was given.
      type: int
    time_end:
      description: End time, in milliseconds since the epoch, if O(time_end) was given.
      type: int
  sample: {id: 7, text: collector 0.1.0 on wf001, tags: [deploy, wf001]}
requests:
  description: Number of requests sent.
  returned: always
  type: int
  sample: 3
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._grafana.annotation import run_module
from ..module_utils._grafana.client import grafana_argument_spec


def main() -> None:
    """Run the module."""
    run_module(
        Module(
            argument_spec={
                **grafana_argument_spec(),
                "text": {"type": "str", "required": True},
                "tags": {"type": "list", "elements": "str", "default": []},
                "time": {"type": "str"},
                "time_end": {"type": "str"},
                "dashboard_uid": {"type": "str"},
                "panel_id": {"type": "int"},
                "key": {"type": "str", "no_log": False},
            },
            required_by={"panel_id": ["dashboard_uid"]},
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
