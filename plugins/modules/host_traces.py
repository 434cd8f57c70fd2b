#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_traces
short_description: List what the collection has made on a host, and remove what is left of it
version_added: 0.2.0
author: Vya Digital (@vya-digital)
description:
  - Lists containers, releases, volumes, networks, images, directories and files, by place.
  - Returns the containers that run, so that a later look can tell what has changed.
  - Containers and their files are removed by M(vya.observability.container_services). This module
    removes what is left then.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.docker.state
  - vya.observability.attributes
attributes:
  diff_mode:
    support: none
    description: Returns no difference.
options:
  state:
    description:
      - Whether to list the traces or to remove them.
      - V(noted) lists them, and notes in O(state_directory) which images the releases use. When
        their containers are gone, nothing else tells them.
    type: str
    choices: [listed, noted, absent]
    default: listed
  names:
    description: Names of releases. Those of others on the host are not touched.
    type: list
    elements: str
    default: []
  volumes:
    description: Whether the volumes of these releases count. Otherwise they are listed as kept.
    type: bool
    default: false
  images:
    description: Whether the images count that V(noted) has noted, if no container uses them.
    type: bool
    default: false
  directories:
    description: Directories that only the collection uses.
    type: list
    elements: path
    default: []
  files:
    description: Further files, for example of cron. They are removed first.
    type: list
    elements: path
    default: []
seealso:
  - module: vya.observability.traces_check
"""

EXAMPLES = r"""
- name: See what is left of a collector
  vya.observability.host_traces:
    names: [prod-collector-api]
    directories: [/etc/vya-observability, /var/lib/vya-observability]
  become: true
  register: traces
"""

RETURN = r"""
engine:
  description:
    - Whether the host has a Docker engine. One that is installed has to answer, and so has that of
      a host with releases; otherwise the module fails, because nobody can tell what is there.
  returned: success
  type: bool
  sample: true
traces:
  description:
    - What is there (after the removal). Places are V(container), V(release), V(volume),
      V(volume_kept), V(network), V(image), V(directory) and V(file).
  returned: success
  type: list
  elements: dict
  sample: [{place: volume_kept, name: prometheus-data}]
containers:
  description: All releases of the host that serve, by name.
  returned: success
  type: dict
  sample: {prometheus: {id: 3f2a, image: "sha256:0a1b", started: "2026-01-31T02:00:00Z"}}
checks:
  description: A check that fails if anything but kept volumes is left.
  returned: success
  type: list
  elements: dict
  sample: [{id: traces host, status: pass, code: traces.ok}]
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._decommission.module import host_spec, run_host


def main() -> None:
    """Run the module."""
    run_host(Module(argument_spec=host_spec(), supports_check_mode=True))


if __name__ == "__main__":
    main()
