# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that install a server's configuration as a set of files."""

from __future__ import annotations


class ModuleDocFragment:
    """The set, who reads it, and how the server is asked."""

    DOCUMENTATION = r"""
requirements:
  - PyYAML
  - The Docker SDK for Python, 5.0.3 or newer (C(python3-docker) on Debian and Ubuntu)
options:
  path:
    description:
      - Directory on the host that is mounted, as a directory and read-only, into the container.
      - Everything in it belongs to this task. Files that are not in the set are removed; a
        directory that holds only foreign files is refused.
    type: path
    required: true
  files:
    description:
      - The files. Key is the name relative to O(path), value the text.
      - A mapping or list as value is written as YAML, or as JSON for a name that ends in C(.json).
      - Readable by O(owner) and O(group), mode C(0640).
    type: dict
    required: true
  state:
    description:
      - V(present) installs the set, and proves it where a server runs that reads O(path).
      - V(restored) puts the last proven set back, where a newer one has been installed for a server
        that was yet to be started or replaced, and that has failed. Else it does nothing. No
        server is asked.
    type: str
    choices: [present, restored]
    default: present
  secrets:
    description:
      - Files whose content is never shown, readable by O(owner) alone, mode C(0400).
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Name relative to O(path).
        type: str
        required: true
      content:
        description:
          - The content. Mutually exclusive with O(secrets[].src).
        type: str
      src:
        description:
          - A file on the target to copy.
        type: path
  owner:
    description:
      - Numeric user id of the server's user inside the container.
    type: int
    default: 65534
  group:
    description:
      - Numeric group id of the server's user inside the container.
    type: int
    default: 65534
  image:
    description:
      - Image, as found on the host, in which the new set is checked before it is written.
        The one that the server runs is the right one.
    type: str
    required: true
  container:
    description:
      - Name of the server's container. With it the module knows whether the container really has
        O(path) mounted, and a failure carries the server's own log lines.
    type: str
  url:
    description:
      - URL of the server's API, as the target reaches it. Without it nothing is proven.
    type: str
  reload:
    description:
      - V(auto) proves what is loaded when a server runs that reads O(path), and only writes the
        files when none does (a first deployment) or when O(container) runs another image than
        O(image) (an upgrade - the old version may refuse what the new one accepts). A later run
        with V(required) proves the set, or puts the old one back.
      - V(required) fails, before anything is written, when no such server answers within
        O(wait_timeout).
      - V(never) only checks and writes.
    type: str
    choices: [auto, required, never]
    default: auto
  wait_timeout:
    description:
      - Seconds that the server may take until it shows the new configuration as loaded.
    type: float
    default: 30.0
  docker_host:
    description:
      - Address of the Docker daemon. The directory is mounted by it, so it is the target's own.
    type: str
    default: unix:///var/run/docker.sock
"""
