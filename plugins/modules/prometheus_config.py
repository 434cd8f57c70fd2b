#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: prometheus_config
short_description: Install Prometheus's configuration as one set and prove that it is loaded
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - First starts a Prometheus of the given image aside, with the new set (configuration, rules,
    targets, secrets) at the server's path, with the features of the running server, and without a
    network. Nothing is written if it refuses the set or can never evaluate one of the rules.
  - The files are then renamed into place, files that are no longer in the set are removed, and a
    running server is reloaded (C(/-/reload), or SIGHUP if that is disabled).
  - Finally proves that the server runs what was written. It must print the configuration and each
    rule as the one aside did, have read the files of targets, and the last reload must have
    succeeded since the directory last changed.
  - What cannot be judged (the server runs another version than O(image), or the set names a file
    that only the server's own container has) is not compared, and a warning says so.
  - The server must be able to evaluate the rules of a changed set; each expression is evaluated
    once. A rule whose last evaluation had already failed before does not count.
  - If the server refuses the set, runs something else, or cannot evaluate a rule, the previous set
    is restored and loaded, and the task fails with the server's reason.
  - Warns about a rule that uses a metric for which the server has never had a series, once the
    server's oldest sample is an hour old. Metrics that rules of the set record are left out.
  - What was proven is remembered in C(.NAME.proven) beside O(path), so that an unchanged set is
    proven without starting anything. A server that has not loaded it (after a killed run, or an
    edit that was undone) is reloaded.
notes:
  - A file that the configuration names (C(password_file), for example) and that should be in the
    set is warned of, as Prometheus itself takes it.
  - Mount the directory, not single files. A file that is mounted on its own keeps its old content
    in the container, because a bind mount follows the inode and not the name.
  - Needs Prometheus 2.42 or newer.
extends_documentation_fragment:
  - vya.observability.config
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes
options:
  mount_path:
    description:
      - Where the container mounts O(path).
    type: path
    default: /etc/prometheus
  config_file:
    description:
      - The configuration file with which the server is started (C(--config.file)).
    type: str
    default: prometheus.yml
  web_config_file:
    description:
      - The file of the set that is the server's C(--web.config.file), if any.
    type: str
"""

EXAMPLES = r"""
- name: Install Prometheus's configuration and prove that it is loaded
  vya.observability.prometheus_config:
    path: /etc/vya-observability/prometheus
    image: prom/prometheus:v3.2.1
    container: prometheus
    url: http://127.0.0.1:9090
    files:
      prometheus.yml: "{{ lookup('ansible.builtin.template', 'prometheus.yml.j2') }}"
      rules/collector.yml: "{{ lookup('ansible.builtin.file', 'collector.yml') }}"
    secrets:
      - path: secrets/pushgateway_password
        content: "{{ pushgateway_password }}"
"""

RETURN = r"""
written:
  description: Files (and, with a slash, directories) that were, or would be, written.
  returned: success
  type: list
  elements: str
  sample: [rules/collector.yml]
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
    scrape_jobs:
      description: Names of the scrape jobs.
      type: list
      elements: str
      sample: [prometheus, pushgateway]
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
    file_targets:
      description: Number of targets that come from files of the set.
      type: int
      sample: 3
seconds:
  description: Duration of each step that was needed, in seconds.
  returned: success
  type: dict
  sample: {check: 0.9, proof: 0.1}
"""


from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._config.kinds import KINDS


def main() -> None:
    """Run the module."""
    kind = KINDS["prometheus"]
    kind.run(Module(argument_spec=kind.spec, free=("files",), supports_check_mode=True))


if __name__ == "__main__":
    main()
