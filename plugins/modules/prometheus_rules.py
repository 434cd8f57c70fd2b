#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: prometheus_rules
short_description: Install rule files for an existing Prometheus and prove that they are loaded
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - For a Prometheus whose configuration someone else manages. Its C(rule_files) must already
    include the directory, such as C(/etc/prometheus/rules/vya/*.yml). If you manage the whole
    configuration, use M(vya.observability.prometheus_config).
  - First starts a Prometheus of the given image aside, with the set, with the features of the
    running server, and without a network. Nothing is written if it refuses the set or can never
    evaluate one of the rules.
  - The files are then renamed into place, files that are no longer in the set are removed, and the
    server is reloaded (C(/-/reload), or SIGHUP if that is disabled).
  - Finally proves that the server has loaded from that directory exactly the groups and rules that
    the one aside had, and can evaluate each of them. Otherwise the previous set is restored and
    loaded, and the task fails with the server's reason. A rule whose last evaluation had already
    failed before does not count.
  - Warns about a rule that uses a metric for which the server has never had a series, once the
    server's oldest sample is an hour old. Metrics that rules of the set record are left out.
  - What was proven is remembered in C(.NAME.proven) beside O(path), so that an unchanged set is
    proven without starting anything.
notes:
  - Metric names are read from the text of an expression. A metric that is selected by a pattern
    (C({__name__=~"…"})) is not found.
  - Needs Prometheus 2.42 or newer.
extends_documentation_fragment:
  - vya.observability.config
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes
options:
  mount_path:
    description:
      - Where the server sees O(path), which is a mounted directory or a directory below one.
    type: path
    default: /etc/prometheus/rules/vya
"""

EXAMPLES = r"""
- name: Install alerts for an existing Prometheus and prove that they are loaded
  vya.observability.prometheus_rules:
    path: /srv/prometheus/rules/vya
    mount_path: /etc/prometheus/rules/vya
    image: prom/prometheus:v3.2.1
    container: prometheus
    url: http://127.0.0.1:9090
    files:
      collector.yml: "{{ lookup('ansible.builtin.file', 'collector.yml') }}"
"""

RETURN = r"""
written:
  description: Files (and, with a slash, directories) that were, or would be, written.
  returned: success
  type: list
  elements: str
  sample: [collector.yml]
removed:
  description: Files and directories that were, or would be, removed.
  returned: success
  type: list
  elements: str
  sample: []
reloaded:
  description: Whether the server was, or would be, reloaded.
  returned: success
  type: bool
  sample: true
proven:
  description: Whether the server was proven to run this set.
  returned: success
  type: bool
  sample: true
unproven:
  description: Why nothing was proven. Empty if RV(proven).
  returned: success
  type: str
  sample: no container prometheus runs
loaded:
  description: What the server has loaded. Empty unless RV(proven).
  returned: success
  type: dict
  contains:
    config_loaded_at:
      description: When the server last loaded its configuration (seconds since the epoch).
      type: float
      sample: 1795415701.5
    rule_groups:
      description: Names of the rule groups.
      type: list
      elements: str
      sample: [collector, pipeline]
    rules:
      description: Number of rules.
      type: int
      sample: 34
    rule_errors:
      description: Rules whose last evaluation failed, with the reason. Also returned as warnings.
      type: list
      elements: str
      sample: []
    metrics_never_seen:
      description: Metrics that rules use and for which the server has never had a series.
      type: list
      elements: str
      sample: [n8n_workflows]
seconds:
  description: Duration of each step that was needed, in seconds.
  returned: success
  type: dict
  sample: {check: 0.9, proof: 0.1}
"""


from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._config.options import config_argument_spec
from ..module_utils._config.prometheus import run_rules


def main() -> None:
    """Run the module."""
    run_rules(
        Module(
            argument_spec=config_argument_spec("/etc/prometheus/rules/vya"),
            free=("files",),
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
