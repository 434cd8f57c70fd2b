#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deploy one container as a transaction; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: container_release
short_description: Deploy a container as a transaction, with rehearsal and rollback
version_added: 0.1.0
description:
  - Brings one container to an image and a configuration. Both are compared by digest, and when
    nothing differs nothing is done.
  - To replace a container, everything that can be checked is checked first, then the new image
    is started once beside the old container (the rehearsal), then the old one is stopped, the
    new one started and waited for until it is healthy. On failure the old container serves again.
  - A container without a healthcheck, of its image or of O(healthcheck), never counts as healthy
    and is refused.
  - The release before is kept, stopped, as C(NAME.previous); O(state=rolled_back) restores it.
  - A run that was killed at any moment is repaired by the next one.
  - O(files) and O(secrets) are written below O(state_directory) on the Docker host, which root
    alone can enter, and mounted read-only. Secrets are never in the environment, in labels, in
    the output or in the diff; a changed secret makes a new release.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.attributes
options:
  name:
    description: The container's name. It is also its alias in each of O(networks).
    type: str
    required: true
  state:
    description:
      - V(present) deploys, V(rolled_back) lets the previous release serve in place of the current
        one (and does nothing when that has been done), V(absent) removes the container, its
        previous release, its stored files, and the networks made for it that nobody else uses.
      - V(rehearsed) does what V(present) would do before it touches the container, the
        O(rehearsal) included, and leaves nothing of it; where V(present) would replace nothing, it
        does nothing. The rehearsal joins those of O(networks) that there are. So a playbook
        proves a release before it touches what else is on the host. What a run that was killed
        has left is put in order, and an image is pulled, as with V(present).
    type: str
    choices: [present, rehearsed, absent, rolled_back]
    default: present
  image:
    description:
      - A tag, C(repository@sha256:...), or the id (C(sha256:...)) of a local image.
      - Required with O(state=present) and O(state=rehearsed).
    type: str
  image_pending:
    description:
      - Says, in check mode, that a task before this one would build or pull O(image), so that
        what is there under its name now is not what would run. Without effect otherwise.
    type: bool
    default: false
  pull:
    description:
      - When to pull. A digest that is there and an id are never pulled.
      - In check mode with V(always) the registry is asked for the tag's digest.
    type: str
    choices: [missing, always, never]
    default: missing
  command:
    description: The command, a list, or a text that is split as a shell splits it.
    type: raw
  entrypoint:
    description: The entrypoint, in the same forms as O(command).
    type: raw
  user:
    description: User, and group after a colon, in the image's names. Default is the image's.
    type: str
  environment:
    description: Environment variables. Not for secrets, C(docker inspect) shows them.
    type: dict
    default: {}
  working_dir:
    description: Working directory.
    type: str
  hostname:
    description: Host name inside the container. Docker's default is the start of its id.
    type: str
  ports:
    description:
      - Published ports, as C([address:]host:container[/tcp|udp]).
      - Without an address they are published on 127.0.0.1 only. Docker publishes past the host's
        firewall, so that a public port has to say C(0.0.0.0).
    type: list
    elements: str
    default: []
  networks:
    description: Networks to connect to. A missing one is created as a bridge.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The network's name.
        type: str
        required: true
      aliases:
        description: Names of the container there, besides O(name).
        type: list
        elements: str
        default: []
  volumes:
    description: Volumes and directories of the host.
    type: list
    elements: dict
    default: []
    suboptions:
      source:
        description: Name of a volume, or absolute path on the host.
        type: str
        required: true
      target:
        description: Absolute path in the container.
        type: str
        required: true
      read_only:
        description: Whether the container may only read it.
        type: bool
        default: false
      owner:
        description:
          - C(uid:gid) that the root of the volume is given to. Its content is left alone.
          - A host path that does not exist is created when this is set, and refused otherwise.
        type: str
  files:
    description: Files to mount read-only, owned by the container's user.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Absolute path in the container.
        type: str
        required: true
      content:
        description: The text.
        type: str
        required: true
      mode:
        description: Permissions, quoted octal.
        type: raw
        default: "0444"
  secrets:
    description: Like O(files), never shown. An empty one is refused.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Absolute path in the container.
        type: str
        required: true
      content:
        description: The secret.
        type: str
        required: true
      mode:
        description: Permissions, quoted octal.
        type: raw
        default: "0400"
  labels:
    description: Labels, besides the module's own C(io.vya.observability.*).
    type: dict
    default: {}
  healthcheck:
    description: The healthcheck. Default is the image's.
    type: dict
    suboptions:
      test:
        description: A text for a shell, or a list that begins with C(CMD) or C(CMD-SHELL).
        type: raw
        required: true
      interval:
        description: Seconds between checks.
        type: float
        default: 30
      timeout:
        description: Seconds that one check may take.
        type: float
        default: 10
      retries:
        description: Failures in a row that make it unhealthy.
        type: int
        default: 3
      start_period:
        description: Seconds at the start in which failures do not count.
        type: float
        default: 0
  restart_policy:
    description: When the daemon starts it again.
    type: str
    choices: [unless-stopped, always, on-failure, "no"]
    default: unless-stopped
  memory:
    description: Memory limit with its unit (C(256m), k = 1024); swap is not added to it.
    type: str
  cpus:
    description: Limit in CPUs.
    type: float
  pids_limit:
    description: Limit of processes and threads.
    type: int
  read_only:
    description: Whether the root file system is read-only.
    type: bool
    default: true
  tmpfs:
    description: Paths to mount a tmpfs at, as C(path[:options]).
    type: list
    elements: str
    default: []
  capabilities_drop:
    description: Capabilities to drop.
    type: list
    elements: str
    default: [ALL]
  capabilities_add:
    description: Capabilities to add.
    type: list
    elements: str
    default: []
  no_new_privileges:
    description: Whether its processes are kept from gaining privileges.
    type: bool
    default: true
  log_max_size:
    description: Size at which its log is rotated, with its unit.
    type: str
    default: 10m
  log_max_files:
    description: Number of log files kept.
    type: int
    default: 3
  stop_timeout:
    description: Seconds from SIGTERM to SIGKILL when it is stopped.
    type: int
    default: 10
  etc_hosts:
    description: Names and addresses for its C(/etc/hosts).
    type: dict
    default: {}
  rehearsal:
    description:
      - How the new image proves itself before the old container is touched. It runs with the same
        files, secrets, user, limits and networks, but publishes no port, has no name on the
        networks, and gets empty volumes in place of those that it could write to.
      - By default it runs as it will serve until it is healthy, for at most O(wait_timeout).
    type: dict
    suboptions:
      command:
        description: Command for the rehearsal, in the forms of O(command).
        type: raw
      entrypoint:
        description: Entrypoint for the rehearsal, in the forms of O(command).
        type: raw
      until:
        description: What counts as proof; V(exited) means with code 0. V(none) rehearses nothing.
        type: str
        choices: [healthy, exited, none]
        default: healthy
      timeout:
        description: Seconds that it may take.
        type: float
        default: 60
  wait_timeout:
    description: Seconds in which the container must become healthy. Also the wait for another run.
    type: float
    default: 60
  settle:
    description: Seconds that it must then stay healthy before it counts.
    type: float
    default: 2
  adopt:
    description:
      - Whether to replace a container of that name that this module did not make. It becomes the
        previous release. Otherwise it is refused.
    type: bool
    default: false
  remove_volumes:
    description: With O(state=absent), whether to remove its named volumes, and their data, too.
    type: bool
    default: false
  state_directory:
    description: Directory on the Docker host for what releases keep there.
    type: path
    default: /var/lib/vya-observability
seealso:
  - module: vya.observability.container_release_info
author:
  - Vya Digital (@vya-digital)
"""

EXAMPLES = r"""
- name: Deploy the collector by digest
  vya.observability.container_release:
    name: prod-collector-api
    image: "{{ built.reference }}"
    ports:
      - 127.0.0.1:5001:5001
      - 192.0.2.10:9102:9102
    networks:
      - name: vya-observability
    volumes:
      - source: collector-spool
        target: /var/lib/collector
        owner: "10001:10001"
    files:
      - path: /etc/collector/collector.json
        content: "{{ collector_config | to_nice_json }}"
    secrets:
      - path: /run/secrets/api_keys
        content: "{{ collector_api_keys | join('\n') }}"
    tmpfs:
      - /tmp
    memory: 256m
    pids_limit: 128
    rehearsal:
      command: [api, --rehearse]

- name: Back to the release before
  vya.observability.container_release:
    name: prod-collector-api
    state: rolled_back

- name: Remove it, data included
  vya.observability.container_release:
    name: prod-collector-api
    state: absent
    remove_volumes: true
"""

RETURN = r"""
actions:
  description: What was done, or in check mode would be done, in order.
  returned: success
  type: list
  elements: str
  sample: ["replace container prod-collector-api (image, option memory)"]
release:
  description:
    - The current release; in check mode the one that is there now. Null when there is none.
  returned: success
  type: dict
  contains: &release
    id:
      description: Id of the release, which begins with the UTC time it was made.
      type: str
      sample: 20261123T063501Z-9f31c2
    name:
      description: Name of its container.
      type: str
      sample: prod-collector-api
    image_id:
      description: Id of its image.
      type: str
      sample: sha256:cd1da8ff31443204597d3fb860aebb2c1379f2bec438d6c0ce0af9cc16e45595
    image_reference:
      description: The image as O(image) named it.
      type: str
      sample: adminvyadigital/n8n-collector-api:0.1.0
    image_digest:
      description: Its digest in a registry, empty when it has never been in one.
      type: str
      sample: sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
    config_digest:
      description: Digest of its configuration, secrets excepted.
      type: str
      sample: sha256:9b74c9897bac770ffc029102a200c5de0fd9a3e1a6f4f5dd2f6d5f3d9b0f2b11
    container_id:
      description: Id of its container.
      type: str
      sample: 5c7b1a2d9e8f
    created:
      description: Time when its container was made, ISO 8601 UTC.
      type: str
      sample: "2026-11-23T06:35:01.123456789Z"
previous:
  description: The release kept for a rollback, in the same form. Null when there is none.
  returned: success
  type: dict
  contains: *release
downtime_seconds:
  description:
    - Seconds from the stop of the old container to the first healthy moment of the new one.
      Null when nothing was swapped.
  returned: success
  type: float
  sample: 0.84
rehearsal_seconds:
  description: Seconds that the rehearsal took. Null when there was none.
  returned: success
  type: float
  sample: 3.1
seconds:
  description: Seconds that all of it took.
  returned: success
  type: float
  sample: 6.2
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._release.module import run_module
from ..module_utils._release.options import argument_spec


def main() -> None:
    """Entry point."""
    run_module(
        AnsibleModule(
            argument_spec=argument_spec(),
            required_if=[("state", "present", ["image"]), ("state", "rehearsed", ["image"])],
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
