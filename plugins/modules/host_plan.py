#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_plan
short_description: See in one look what would change on a Docker host
version_added: 0.2.0
author: Vya Digital (@vya-digital)
description:
  - Looks at the Docker engine, the images and the services of a host in one call, so that a host
    where nothing changes costs one task. It changes nothing.
  - If the engine or an image is not as it should be, nothing further is looked at. The modules for
    each of them say and do the rest.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.docker.state
  - vya.observability.attributes
options:
  engine:
    description: What is asked about the engine, as in M(vya.observability.docker_engine_info).
    type: dict
    suboptions:
      python_modules:
        description: Python modules that are needed.
        type: list
        elements: str
        default: []
      ports:
        description: Ports that will be published.
        type: list
        elements: dict
        default: []
      containers:
        description: Names of containers whose ports count as free.
        type: list
        elements: str
        default: []
  images:
    description:
      - The images, in the options of M(vya.observability.image_build), by a key. Each can have
        C(optional=true).
    type: dict
    default: {}
  optional_images:
    description: Keys of images that may be missing. The action plugin takes them from O(images).
    type: list
    elements: str
    default: []
  services:
    description:
      - The services, as in M(vya.observability.container_services). An C(image) that is
        C(image of KEY) stands for that one of O(images).
    type: list
    elements: dict
    required: true
    suboptions:
      state:
        description: Whether the service runs, or is removed.
        type: str
        choices: [present, absent]
        default: present
      release:
        description: The container.
        type: dict
        required: true
      certificate:
        description: A certificate of a local CA.
        type: dict
      config:
        description: The configuration directory.
        type: dict
      gated:
        description: Whether each new release must be validated.
        type: bool
        default: false
  files:
    description: Paths of files whose digests are returned.
    type: list
    elements: path
    default: []
  private_directories:
    description: Directories that only root may enter.
    type: list
    elements: path
    default: []
seealso:
  - module: vya.observability.container_services
"""

EXAMPLES = r"""
- name: See what would change
  vya.observability.host_plan:
    images:
      exporter: {source: registry, reference: "prom/node-exporter:v1.9.1"}
    services:
      - release: {name: node-exporter, image: image of exporter, network_mode: host}
  register: planned
"""

RETURN = r"""
settled:
  description: Whether the engine and the images are as they should be.
  returned: success
  type: bool
  sample: true
engine:
  description: Facts about the engine, as M(vya.observability.docker_engine_info) returns them.
  returned: success
  type: dict
  sample: {program: /usr/sbin/dockerd, sdk_version: 5.0.3}
images:
  description: What M(vya.observability.image_build) would return in check mode, by key.
  returned: success
  type: dict
  sample: {prometheus: {changed: false, actions: []}}
files:
  description: The SHA-256 of each of O(files), null for one that is not there.
  returned: success
  type: dict
  sample:
    {/etc/ssl/certs/internal.pem: 3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040}
pending:
  description: Names of the services that would change or wait for validation.
  returned: success
  type: list
  elements: str
  sample: [alertmanager]
releases:
  description: As M(vya.observability.container_services) returns it.
  returned: if RV(settled)
  type: list
  elements: str
  sample: [alertmanager, node-exporter]
services:
  description: As M(vya.observability.container_services) returns it. Empty unless RV(settled).
  returned: success
  type: dict
  sample: {alertmanager: {changed: true, actions: [create container alertmanager]}}
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._services.look import argument_spec, run_module


def main() -> None:
    """Run the module."""
    free = ("services", "images")
    run_module(Module(argument_spec=argument_spec(), free=free, supports_check_mode=True))


if __name__ == "__main__":
    main()
