#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What container_release has deployed on a host; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: container_release_info
short_description: Show what container_release has deployed
version_added: 0.1.0
description:
  - Lists the current and previous releases of a Docker host and their state, so that what runs can
    be compared with what was deployed.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.attributes.info
options:
  name:
    description: Name of the only release to return. The default is all releases.
    type: str
seealso:
  - module: vya.observability.container_release
author:
  - Vya Digital (@vya-digital)
"""

EXAMPLES = r"""
- name: Gather all releases on this host
  vya.observability.container_release_info:
  register: deployed

- name: Ensure that the collector runs the image that was built
  vya.observability.container_release_info:
    name: prod-collector-api
  register: collector
  failed_when: collector.releases[0].current.image_id != built.image_id
"""

RETURN = r"""
releases:
  description: One entry per name, sorted by name. Empty if nothing was deployed.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the release.
      type: str
      sample: prod-collector-api
    current:
      description:
        - The release that serves, in the form that M(vya.observability.container_release) returns,
          with the keys below in addition. Null if its container is missing.
      type: dict
      contains:
        running_image_id:
          description: Id of the image that the container really runs.
          type: str
          sample: sha256:cd1da8ff31443204597d3fb860aebb2c1379f2bec438d6c0ce0af9cc16e45595
        status:
          description: Docker's status of the container.
          type: str
          sample: running
        health:
          description: Docker's health status, V(none) without a healthcheck.
          type: str
          sample: healthy
        restarts:
          description: How often the daemon has restarted it.
          type: int
          sample: 0
        exit_code:
          description: Its last exit code.
          type: int
          sample: 0
        started:
          description: Time of its last start, ISO 8601 UTC.
          type: str
          sample: "2026-11-23T06:35:01.123456789Z"
        ports:
          description: Published ports, as O(vya.observability.container_release#module:ports).
          type: list
          elements: str
          sample: ["127.0.0.1:5001:5001/tcp"]
        networks:
          description: The container's address in each network.
          type: dict
          sample: {"vya-observability": "172.18.0.5"}
        repo_digests:
          description: Names and registry digests of the image that it runs.
          type: list
          elements: str
          sample: []
    previous:
      description: The release kept for a rollback, in the same form. Null if there is none.
      type: dict
      sample:
        {container: prod-collector-api-1, image_reference: 'example/collector:0.1.0',
          status: exited}
    interrupted:
      description: Containers left behind by a killed run. The next run repairs this.
      type: list
      elements: str
      sample: []
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._docker.client import docker_argument_spec
from ..module_utils._release.info import run_module


def main() -> None:
    """Run the module."""
    run_module(
        Module(
            argument_spec={"name": {"type": "str"}, **docker_argument_spec()},
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
