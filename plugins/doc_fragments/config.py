# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that install a server's configuration as a set of files."""

from __future__ import annotations


class ModuleDocFragment:
    """The set of files, the server that reads it, and how to query that server."""

    DOCUMENTATION = r"""
requirements:
  - PyYAML
  - The Docker SDK for Python, 5.0.3 or newer (C(python3-docker) on Debian and Ubuntu)
options:
  path:
    description:
      - Directory on the host that is mounted, as a directory and read-only, into the container.
      - This task owns everything in it. Files that are not in the set are removed; a directory
        that contains only other files is refused.
    type: path
    required: true
  files:
    description:
      - The files. The key is the name relative to O(path), the value is the text.
      - A mapping or list is written as YAML, or as JSON if the name ends in C(.json).
      - Files are readable by O(owner) and O(group), with mode C(0640).
    type: dict
    required: true
  state:
    description:
      - V(present) installs the set, and proves that the server runs it, if a server that reads
        O(path) is running.
      - V(restored) restores the last proven set if a newer one was installed for a server that
        then failed to start or to be replaced, and reloads the server if one is running. Otherwise
        it does nothing.
    type: str
    choices: [present, restored]
    default: present
  secrets:
    description:
      - Files whose content is never shown, mode C(0440).
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
      - Numeric user id of the server's user inside the container, as which the set is checked.
      - The files do not belong to it. They are root's, so that the server cannot change them, nor
        any other process with that user id.
    type: int
    default: 65534
  group:
    description:
      - Numeric group id of the server's user. This group reads the files.
      - The default is the group of the process in O(container). If none is running, it is the first
        group of O(owner) on the host.
    type: int
  image:
    description:
      - Image on the host of which a server is started aside, to try the new set before it is
        written. Use the image that the server runs.
      - For rules or an Alertmanager without O(container), it may be empty, and there may be no
        Docker. Then C(promtool) or C(amtool) of the host checks the set, if there is one; else that
        is warned of.
    type: str
    required: true
  container:
    description:
      - Name of the server's container. If set, the module checks that the container mounts
        O(path), and a failure includes the server's last log lines.
    type: str
  url:
    description:
      - URL of the server's API, as the target reaches it. Without it, nothing is proven.
    type: str
  reload:
    description:
      - V(auto) proves what is loaded if a server that reads O(path) is running. It only writes the
        files if none is running (a first deployment), or if O(container) runs another image than
        O(image) (an upgrade - the old version may refuse what the new one accepts). A later run
        with V(required) proves the set, or restores the old one.
      - V(required) fails, before anything is written, if no such server answers within
        O(wait_timeout).
      - V(deferred) only checks and writes, for a server that is about to be replaced. The last
        proven set is kept until a later run with V(required) proves the new one, or
        O(state=restored) restores it.
      - V(never) only checks and writes.
    type: str
    choices: [auto, required, deferred, never]
    default: auto
  wait_timeout:
    description:
      - Seconds to wait until the server reports the new configuration as loaded.
    type: float
    default: 30.0
  docker_host:
    description:
      - Address of the Docker daemon. It mounts the directory, so it must be the target's own.
    type: str
    default: unix:///var/run/docker.sock
"""
