#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alertmanager_config
short_description: Install Alertmanager's configuration as one set and prove that it is loaded
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - First starts an Alertmanager of the given image aside, with the new set (configuration,
    templates, secrets) at the server's path, and without a network. Nothing is written if it
    refuses the set. A file that the configuration names and that is not in the set is warned of.
  - The files are then renamed into place, files that are no longer in the set are removed, and a
    running server is reloaded (C(/-/reload)).
  - Finally proves that the server runs what was written. It must print the configuration as the one
    aside did, with the same hash of the file, and the last reload must have succeeded since the
    directory last changed.
  - What cannot be judged (the server runs another version than O(image), or the set names a file
    that only the server's own container has) is not compared, and a warning says so.
  - What was proven is remembered in C(.NAME.proven) beside O(path), so that an unchanged set is
    proven without starting anything.
  - If the server refuses the set, or runs something else, the previous set is restored and loaded,
    and the task fails with the server's reason.
notes:
  - If a secret can only be in the configuration itself (Telegram's token and a webhook's URL before
    Alertmanager 0.26), put the configuration into O(secrets), so that only the server's user can
    read it.
  - Mount the directory, not single files. A file that is mounted on its own keeps its old content
    in the container, because a bind mount follows the inode and not the name.
  - Needs Alertmanager 0.25 or newer.
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
    default: /etc/alertmanager
  config_file:
    description:
      - The configuration file with which the server is started (C(--config.file)), one of O(files)
        or O(secrets).
    type: str
    default: alertmanager.yml
"""

EXAMPLES = r"""
- name: Install Alertmanager's configuration and prove that it is loaded
  vya.observability.alertmanager_config:
    path: /etc/vya-observability/alertmanager
    image: prom/alertmanager:v0.28.1
    container: alertmanager
    url: http://127.0.0.1:9093
    files:
      alertmanager.yml:
        route: {receiver: operators, group_by: [alertname, instance]}
        receivers:
          - name: operators
            slack_configs:
              - {channel: "#alerts", api_url_file: /etc/alertmanager/secrets/slack}
    secrets:
      - path: secrets/slack
        content: "{{ slack_api_url }}"
"""

RETURN = r"""
written:
  description: Files (and, with a slash, directories) that were, or would be, written.
  returned: success
  type: list
  elements: str
  sample: [templates/short.tmpl]
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
  sample: no container alertmanager runs
loaded:
  description: What the server has loaded. Empty unless RV(proven).
  returned: success
  type: dict
  contains:
    config_loaded_at:
      description: When the server last loaded its configuration (seconds since the epoch).
      type: float
      sample: 1795415701.5
    receivers:
      description: Names of the receivers.
      type: list
      elements: str
      sample: [nobody, on-call]
    routes:
      description: Number of routes, including the root route.
      type: int
      sample: 4
    inhibit_rules:
      description: Number of inhibition rules.
      type: int
      sample: 1
    version:
      description: Version of the server.
      type: str
      sample: 0.28.1
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
    kind = KINDS["alertmanager"]
    kind.run(Module(argument_spec=kind.spec, free=("files",), supports_check_mode=True))


if __name__ == "__main__":
    main()
