#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_backup
short_description: Back up a service that runs in a container, and prove that it can be restored
version_added: 0.2.0
author: Vya Digital (@vya-digital)
description:
  - Writes what a service holds into a directory of its own, with a manifest that has the SHA-256 of
    each file and what must come back - series, samples, groups, silences or rows.
  - Prometheus (with its admin API) and VictoriaMetrics take a snapshot, PostgreSQL and MariaDB are
    dumped in their own container, groups and silences are read through the API. All other volumes
    are copied while the container is paused, so that the copy is what a power failure would leave.
    If the module is killed meanwhile, a process of its own lets the container go on.
  - The files of the release (options, mounted files and secrets) are part of the backup, so only
    its owner can read it.
  - Afterwards the backup is put back once, into a container without any network and with volumes of
    its own, which are removed again. A backup whose proof fails is not kept.
  - The backup is brought to O(controller_directory) in pieces, and compared with its manifest
    there. Nothing of it stays on the host then.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.docker.state
  - vya.observability.attributes
attributes:
  diff_mode:
    support: none
    description: Returns no difference.
  idempotent:
    support: none
    description: Each run makes another backup.
options:
  name:
    description: Name of the container.
    type: str
    required: true
  kind:
    description:
      - What runs in it. Of V(volumes) only the volumes are known. V(files) are O(paths) of the
        host itself, and O(name) is only the name of the backup.
    type: str
    choices:
      - volumes
      - prometheus
      - victoriametrics
      - pushgateway
      - alertmanager
      - postgresql
      - mariadb
      - files
    default: volumes
  host:
    description: The host's name in the path and in the manifest.
    type: str
    default: ""
  controller_directory:
    description:
      - Directory on the controller. The backup becomes C(HOST/NAME/TIME) in it. One of this and
        O(directory) is needed.
    type: path
  directory:
    description: Directory on the host, which keeps the backup then.
    type: path
  keep:
    description: How many backups of the service are kept; V(0) for all.
    type: int
    default: 7
  keep_days:
    description: Days after which a backup is removed, but never the newest; V(0) for never.
    type: float
    default: 0
  prove:
    description: Whether to put the backup back once.
    type: bool
    default: true
  paths:
    description: Files and directories of the host, for V(files). Missing ones are left out.
    type: list
    elements: path
    default: []
  documents:
    description: Further files of the backup, by name, for example what Grafana's API told.
    type: dict
    default: {}
  url_username:
    description: User of the service's API, if it wants one.
    type: str
  url_password:
    description: Its password.
    type: str
seealso:
  - module: vya.observability.service_restore
"""

EXAMPLES = r"""
- name: Back up the databases to the controller
  vya.observability.service_backup:
    name: postgresql
    kind: postgresql
    host: "{{ inventory_hostname }}"
    controller_directory: backups
    keep: 14
  become: true
"""

RETURN = r"""
path:
  description: The backup's directory. In check mode, null.
  returned: success
  type: str
  sample: backups/wfdb01/postgresql/20260131T020000Z
backup:
  description: Its manifest, without the container's configuration. In check mode, null.
  returned: success
  type: dict
  sample:
    service: postgresql
    kind: postgresql
    method: dump
    figures: {n8n.public.workflow_entity: 12}
    proven: {files: 0, figures: {n8n.public.workflow_entity: 12}, seconds: 3.1}
    files: {dump.sql.gz: {bytes: 1234, sha256: 0a1b}}
volumes:
  description: Names of the volumes whose files are in the backup, or would be.
  returned: success
  type: list
  elements: str
  sample: [prometheus-data]
removed:
  description: Names of older backups that were removed.
  returned: success
  type: list
  elements: str
  sample: [20260101T020000Z]
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._backup.module import backup_spec, run_backup


def main() -> None:
    """Run the module."""
    run_backup(Module(argument_spec=backup_spec(), supports_check_mode=True))


if __name__ == "__main__":
    main()
