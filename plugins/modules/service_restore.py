#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_restore
short_description: Put a backup of a service back, and prove what came back
version_added: 0.2.0
author: Vya Digital (@vya-digital)
description:
  - Compares the files of a backup with its manifest, puts it into a container without any network
    and with volumes of its own, and compares what came back with the manifest.
  - With O(state=restored) the service is stopped then, its volumes get the backup, what they hold
    is proven in the same way, and the service is started again. Without a container, the volumes
    are filled for the next deploy.
  - If the module is interrupted, the service may be stopped. The next run finishes the work.
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
    description: Each run puts the backup back.
options:
  name:
    description: Name of the container.
    type: str
    required: true
  path:
    description: The directory of the backup, on the host; of a service's directory, its newest one.
    type: path
  controller_path:
    description: The same on the controller. One of this and O(path) is needed.
    type: path
  state:
    description:
      - V(proven) only proves that the backup can be restored.
    type: str
    choices: [restored, proven]
    default: restored
  replace:
    description: Whether volumes that are not empty may lose what they hold.
    type: bool
    default: false
  image:
    description: Image for the trial. The default is the one that wrote the backup.
    type: str
  wait_timeout:
    description: Seconds that the service may take to be healthy.
    type: float
    default: 300
seealso:
  - module: vya.observability.service_backup
"""

EXAMPLES = r"""
- name: Put yesterday's Prometheus back
  vya.observability.service_restore:
    name: prometheus
    controller_path: backups/wfdb01/prometheus/20260131T020000Z
    replace: true
  become: true
"""

RETURN = r"""
backup:
  description: The backup's manifest, without the container's configuration.
  returned: success
  type: dict
  sample: {service: prometheus, kind: prometheus, method: snapshot, time: 20260131T020000Z}
volumes:
  description: The service's volumes that the backup fills, by where they are mounted.
  returned: success
  type: dict
  sample: {/prometheus: prometheus-data}
proven:
  description: What came back - the number of compared files, and the figures of the server.
  returned: success
  type: dict
  sample: {files: 42, figures: {series: 811, samples: 120400, newest: 1767225600.1}, seconds: 4.2}
started:
  description: Whether the service was started again.
  returned: success
  type: bool
  sample: true
down_seconds:
  description: How long the service was stopped.
  returned: success
  type: float
  sample: 6.1
seconds:
  description: How long all of it took.
  returned: success
  type: float
  sample: 11.4
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._backup.module import restore_spec, run_restore


def main() -> None:
    """Run the module."""
    run_restore(Module(argument_spec=restore_spec(), supports_check_mode=True))


if __name__ == "__main__":
    main()
