#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module docker_engine_info; the work is in module_utils/_docker/engine.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_engine_info
short_description: Gather facts about a host's Docker engine
version_added: 0.1.0
description:
  - Gathers facts about the Docker daemon, the Docker SDK for Python, disk space and the service
    manager.
  - Does not fail if something is missing, but returns that it is.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.attributes.info
options:
  docker_host:
    description: The daemon's address.
    type: str
    default: unix:///var/run/docker.sock
  timeout:
    description: Seconds to wait for each answer of the daemon.
    type: int
    default: 10
  wait:
    description: Seconds to wait for a daemon that is starting.
    type: int
    default: 0
  python_modules:
    description: Python modules to look for, in addition to the SDK.
    type: list
    elements: str
    default: []
  ports:
    description:
      - TCP ports of this host that will be published. RV(ports_taken) lists those that cannot be.
      - They are not checked if Docker is installed but does not answer, because its own listeners
        are not known then.
    type: list
    elements: dict
    default: []
    suboptions:
      address:
        description: Address of this host.
        type: str
        required: true
      port:
        description: Number of the port.
        type: int
        required: true
      variable:
        description: What the port is for. Returned unchanged.
        type: str
        default: ""
  containers:
    description:
      - Names of containers whose ports count as free, in addition to containers created by
        M(vya.observability.container_release).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Gather facts about the Docker engine
  vya.observability.docker_engine_info:
  register: engine

- name: Fail if the engine does not answer
  ansible.builtin.assert:
    that: engine.daemon.error == ''
    fail_msg: "{{ engine.daemon.error }}"
"""

RETURN = r"""
daemon:
  description: The daemon. RV(daemon.error) is empty if it answered.
  returned: success
  type: dict
  contains:
    error:
      description: Why the daemon did not answer.
      type: str
      sample: ""
    version:
      description: Version of the daemon.
      type: str
      sample: 26.1.5
    api_version:
      description: Newest API version that it supports.
      type: str
      sample: "1.45"
    storage_driver:
      description: Storage driver for image layers.
      type: str
      sample: overlay2
    root_directory:
      description: Directory of images and containers.
      type: str
      sample: /var/lib/docker
program:
  description: Path of C(dockerd), empty if it is not installed.
  returned: success
  type: str
  sample: /usr/sbin/dockerd
sdk_version:
  description: Version of the Docker SDK for Python, empty if it is missing.
  returned: success
  type: str
  sample: 5.0.3
python:
  description: Path of the Python interpreter that runs modules.
  returned: success
  type: str
  sample: /usr/bin/python3
python_is_the_distributions:
  description: Whether that Python can import the distribution's Python packages.
  returned: success
  type: bool
  sample: true
python_missing:
  description: Those of O(python_modules) that are missing.
  returned: success
  type: list
  elements: str
  sample: []
disk_free_bytes:
  description: Free disk space where the daemon keeps images, in bytes.
  returned: success
  type: int
  sample: 21474836480
disk_path:
  description: The directory that was measured.
  returned: success
  type: str
  sample: /var/lib/docker
service_manager:
  description: C(systemd), or empty.
  returned: success
  type: str
  sample: systemd
packages:
  description: C(apt), or empty.
  returned: success
  type: str
  sample: apt
ufw_active:
  description: Whether ufw is active. Ports published by Docker bypass it.
  returned: success
  type: bool
  sample: false
ports_taken:
  description: Those of O(ports) that cannot be published.
  returned: success
  type: list
  elements: dict
  contains:
    address:
      description: Address of this host.
      type: str
      sample: 0.0.0.0
    port:
      description: Number of the port.
      type: int
      sample: 443
    variable:
      description: What the port is for.
      type: str
      sample: traefik_https_port
    reason:
      description: Which process uses it, or why it cannot be bound.
      type: str
      sample: is taken by process 812 (nginx)
    absent:
      description: Whether the host does not have this address.
      type: bool
      sample: false
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._docker.engine import engine_facts


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={
            "docker_host": {"type": "str", "default": "unix:///var/run/docker.sock"},
            "timeout": {"type": "int", "default": 10},
            "wait": {"type": "int", "default": 0},
            "python_modules": {"type": "list", "elements": "str", "default": []},
            "ports": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "address": {"type": "str", "required": True},
                    "port": {"type": "int", "required": True},
                    "variable": {"type": "str", "default": ""},
                },
            },
            "containers": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    params = module.params
    module.exit_json(
        **engine_facts(
            params["docker_host"],
            params["timeout"],
            params["wait"],
            params["python_modules"],
            params["ports"],
            params["containers"],
        )
    )


if __name__ == "__main__":
    main()
