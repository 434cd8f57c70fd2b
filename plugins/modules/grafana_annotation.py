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
  - Creates an annotation once. With O(key), it is the annotation with that tag, and a later run
    updates it. Without O(key), it is the one with the same text, tags and time.
  - A dashboard shows the annotations whose tags are in its annotation query.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.grafana
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
      - What the mark says. Grafana shows it as HTML without scripts.
    type: str
    required: true
  tags:
    description:
      - Tags, by which dashboards select marks.
    type: list
    elements: str
    default: []
  time:
    description:
      - When it was, in seconds since the epoch or as ISO 8601 (without an offset it is UTC).
      - The default is now, and for a mark that exists the time that it has.
    type: str
  time_end:
    description:
      - When it ended, in the same form, for a mark that lasts.
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
      - A tag that no other mark has, such as C(release:wf001-42). Grafana takes a tag as name
        and value. So it has one colon at most, and no other tag has its name (a search for the tag
        C(deploy) does not find a mark that also has C(deploy:42)).
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
  description: The mark.
  returned: success
  type: dict
  contains:
    id:
      description: Its number on the server; null in check mode when it is not there yet.
      type: int
    text:
      description: Its text.
      type: str
    tags:
      description: Its tags, with O(key) among them.
      type: list
      elements: str
    time:
      description: When it was, in milliseconds since the epoch, if O(time) was given.
      type: int
    time_end:
      description: When it ended, in milliseconds since the epoch, if O(time_end) was given.
      type: int
  sample: {id: 7, text: collector 0.1.0 on wf001, tags: [deploy, wf001]}
requests:
  description: Number of requests that were sent.
  returned: always
  type: int
  sample: 3
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._grafana.annotation import run_module
from ..module_utils._grafana.client import grafana_argument_spec


def main() -> None:
    """Run the module."""
    run_module(
        AnsibleModule(
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
