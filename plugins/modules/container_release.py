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
  - Ensures that one container runs a given image with a given configuration. Both are compared by
    digest. If nothing differs, nothing is done.
  - To replace a container, first checks everything that can be checked, and starts the new image
    once beside the old container (the rehearsal). Then stops the old container, starts the new one
    and waits until it is healthy. If that fails, the old container is started again.
  - Refuses a container without a healthcheck (of its image or in O(healthcheck)), because it could
    never count as healthy.
  - Keeps the previous release, stopped, as C(NAME.previous); O(state=rolled_back) restores it.
  - If a run is killed at any point, the next run repairs what it left.
  - Writes O(files) and O(secrets) below O(state_directory) on the Docker host, which only root can
    enter, and mounts them read-only. Secrets never appear in the environment, in labels, in the
    output or in the diff. A changed secret makes a new release.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.docker.state
  - vya.observability.attributes
options:
  name:
    description: The container's name. It is also its alias in each of O(networks).
    type: str
    required: true
  state:
    description:
      - V(present) deploys.
      - V(rolled_back) replaces the current release with the previous one, and does nothing if that
        has already been done.
      - V(absent) removes the container, its previous release, its stored files, and those networks
        created for it that nothing else uses.
      - V(rehearsed) does what V(present) does before it touches the container, including the
        O(rehearsal), and cleans up after it. If V(present) would replace nothing, it does nothing.
        The rehearsal joins those of O(networks) that exist. This way, a playbook can prove a
        release before it changes anything else on the host. As with V(present), it pulls the image
        and repairs what a killed run has left.
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
      - Set it in check mode if an earlier task would build or pull O(image), so that the image
        that has this name now is not the one that would run. Ignored outside check mode.
    type: bool
    default: false
  pull:
    description:
      - When to pull. An id, or a digest that exists locally, is never pulled.
      - In check mode with V(always), the registry is asked for the tag's digest.
    type: str
    choices: [missing, always, never]
    default: missing
  command:
    description: The command, as a list, or as a string that is split as a shell splits it.
    type: raw
  entrypoint:
    description:
      - The entrypoint, in the same forms as O(command). An empty one (V([]) or V("")) leaves out
        the image's; O(command) is then what runs, or the image's command.
    type: raw
  user:
    description: User, or C(user:group), as named in the image. The default is the image's user.
    type: str
  groups:
    description: Further groups of O(user), as numbers or as names in the image.
    type: list
    elements: str
    default: []
    aliases: [group_add]
  environment:
    description:
      - Environment variables, as a mapping or a list of C(KEY=value). A variable without a value is
        refused.
      - Do not put secrets here; C(docker inspect) shows them.
    type: raw
    default: {}
  working_dir:
    description: Working directory.
    type: str
  hostname:
    description: Host name inside the container. Docker's default is the start of the container id.
    type: str
  ports:
    description:
      - Published ports, as C([address:]host:container[/tcp|udp]). Both ports may be ranges of one
        length. A mapping has Compose's keys C(target), C(published), C(host_ip) and C(protocol).
        Quote them, because YAML reads some as numbers.
      - Without an address, they are published on 127.0.0.1 only. Published ports bypass the host's
        firewall, so a public port must say C(0.0.0.0).
    type: list
    elements: raw
    default: []
  networks:
    description:
      - Networks to connect to. A missing one is created as a bridge.
      - A list of names or of the following mappings; or one mapping from names to
        C(aliases).
    type: raw
    default: []
    suboptions:
      name:
        description: The network's name.
        type: str
        required: true
      aliases:
        description: Aliases of the container in that network, in addition to O(name).
        type: list
        elements: str
        default: []
  volumes:
    description:
      - Volumes and host directories to mount, as C(source:target[:options]) or as mappings.
      - The options of the short form are C(ro) or C(rw), and one of O(volumes[].propagation).
    type: list
    elements: raw
    default: []
    suboptions:
      source:
        description: Name of a volume, or an absolute path on the host.
        type: str
        required: true
      target:
        description: Absolute path in the container.
        type: str
        required: true
      read_only:
        description: Whether to mount it read-only.
        type: bool
        default: false
      owner:
        description:
          - C(uid:gid) of the owner of the volume's root directory. Its content is not changed.
          - If this is set, a missing host path is created; otherwise it is refused.
        type: str
      propagation:
        description:
          - How mounts below a host directory that are made later get into the container, and back.
            The default is V(rprivate), not at all.
        type: str
        choices: [rprivate, private, rshared, shared, rslave, slave]
      type:
        description: As Compose has it; O(volumes[].source) already says it.
        type: str
        choices: [bind, volume]
      bind:
        description: As Compose has it.
        type: dict
        suboptions:
          propagation:
            description: The same as O(volumes[].propagation).
            type: str
            choices: [rprivate, private, rshared, shared, rslave, slave]
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
        description: Content of the file. Mutually exclusive with O(files[].src), one is required.
        type: str
      src:
        description: A text file of the Docker host whose content is taken.
        type: path
      mode:
        description: Permissions, as a quoted octal number.
        type: raw
        default: "0444"
  secrets:
    description: Like O(files), but never shown. An empty secret is refused.
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
        description: Permissions, as a quoted octal number.
        type: raw
        default: "0400"
  labels:
    description:
      - Labels, as a mapping or a list of C(KEY=value), in addition to the module's own
        C(io.vya.observability.*).
    type: raw
    default: {}
  healthcheck:
    description: The healthcheck. The default is the image's.
    type: dict
    suboptions:
      test:
        description:
          - A string for a shell, or a list that begins with C(CMD) or C(CMD-SHELL). Required.
        type: raw
      interval:
        description: Time between checks, in seconds or as a duration such as V(1m30s).
        type: raw
        default: 30
      timeout:
        description: Timeout of one check, in the forms of O(healthcheck.interval).
        type: raw
        default: 10
      retries:
        description: Number of consecutive failures that make it unhealthy.
        type: int
        default: 3
      start_period:
        description:
          - Time after the start during which failures do not count, in the forms of
            O(healthcheck.interval).
        type: raw
        default: 0
      disable:
        description: Only V(false), because without a healthcheck nothing could be deployed.
        type: bool
        default: false
  restart_policy:
    description:
      - When the daemon restarts the container, which is V(unless-stopped), V(always), V(no),
        V(on-failure), or V(on-failure:3) to give up after three times.
    type: raw
    default: unless-stopped
    aliases: [restart]
  init:
    description:
      - Whether Docker's init process runs as process 1, which forwards signals and reaps processes.
        The default is the daemon's.
    type: bool
  network_mode:
    description:
      - V(host) for the host's network, V(none) for no network, or C(container:NAME) for the network
        of another container. O(ports) and O(networks) cannot be set with any of these.
      - If that other container is replaced, the next run replaces this one.
      - The O(rehearsal) of V(host) and C(container:NAME) runs in Docker's default network instead,
        because its ports are still in use.
    type: str
  pid_mode:
    description: V(host), or C(container:NAME), to see those processes.
    type: str
    aliases: [pid]
  devices:
    description:
      - Devices of the host, as C(host[:container][:permissions]), with permissions out of C(rwm),
        or as mappings with Compose's keys C(source), C(target) and C(permissions).
    type: list
    elements: raw
    default: []
  ulimits:
    description:
      - Limits by name, such as C(nofile), each as a number, as C(soft:hard), or as a mapping of
        C(soft) and C(hard). A list of C(name=soft[:hard]) is the same. V(-1) is no limit.
    type: raw
    default: {}
  sysctls:
    description: Kernel parameters of its namespaces, as a mapping or a list of C(KEY=value).
    type: raw
    default: {}
  shm_size:
    description: Size of C(/dev/shm), in the forms of O(memory). The default is the daemon's.
    type: str
  dns:
    description: Addresses of DNS servers. The default is the daemon's.
    type: list
    elements: str
    default: []
  dns_search:
    description: DNS search domains. V(.) alone is none.
    type: list
    elements: str
    default: []
  dns_options:
    description: Options of the resolver, such as V(ndots:1).
    type: list
    elements: str
    default: []
    aliases: [dns_opt]
  memory:
    description:
      - Memory limit with a unit, such as V(256m) or V(1.5g) (1k = 1024). No swap is added to it.
    type: str
    aliases: [mem_limit]
  cpus:
    description: Limit of CPUs.
    type: float
  pids_limit:
    description: Limit of processes and threads together.
    type: int
  read_only:
    description: Whether the root file system is read-only.
    type: bool
    default: true
  tmpfs:
    description: Paths to mount a tmpfs at, as C(path[:options]), or a list of these.
    type: raw
    default: []
  capabilities_drop:
    description: Capabilities to drop.
    type: list
    elements: str
    default: [ALL]
    aliases: [cap_drop]
  capabilities_add:
    description: Capabilities to add.
    type: list
    elements: str
    default: []
    aliases: [cap_add]
  no_new_privileges:
    description: Whether to prevent its processes from gaining privileges.
    type: bool
    default: true
  log_max_size:
    description:
      - Size at which the log is rotated, with a unit, if O(log_driver) is V(json-file) or V(local).
        With other drivers, it is ignored.
    type: str
    default: 10m
  log_max_files:
    description: Number of log files to keep, with the drivers of O(log_max_size).
    type: int
    default: 3
  log_driver:
    description: The log driver. The default is V(json-file), whatever the daemon's is.
    type: str
  log_options:
    description:
      - Options of O(log_driver), as a mapping or a list of C(KEY=value). C(docker inspect) shows
        them.
      - C(max-size) and C(max-file) stand for O(log_max_size) and O(log_max_files).
    type: raw
    default: {}
  stop_timeout:
    description:
      - Seconds between SIGTERM and SIGKILL when it is stopped, or a duration such as V(1m30s).
    type: raw
    default: 10
    aliases: [stop_grace_period]
  etc_hosts:
    description:
      - Names to add to its C(/etc/hosts), as a mapping to an address or a list of addresses, or as
        a list of C(name:address). V(host-gateway) is the host's address.
    type: raw
    default: {}
    aliases: [extra_hosts]
  rehearsal:
    description:
      - How to try the new image before the old container is touched. It runs with the same files,
        secrets, user, limits and networks, but publishes no ports, has no aliases in the networks,
        and gets empty volumes in place of writable ones.
      - By default, it runs the normal command until it is healthy, for at most O(wait_timeout).
    type: dict
    suboptions:
      command:
        description: Command for the rehearsal, in the forms of O(command).
        type: raw
      entrypoint:
        description: Entrypoint for the rehearsal, in the forms of O(command).
        type: raw
      until:
        description: What counts as success. V(exited) means with code 0. V(none) skips it.
        type: str
        choices: [healthy, exited, none]
        default: healthy
      timeout:
        description: Timeout of the rehearsal, in seconds.
        type: float
        default: 60
  wait_timeout:
    description: Seconds to wait until the container is healthy, and for another run to end.
    type: float
    default: 60
  settle:
    description: Seconds that it must then stay healthy.
    type: float
    default: 2
  drain:
    description:
      - Lets the new container take over before the old one stops, without a gap, and gives the old
        one at most so many seconds (or a duration such as V(1m30s)) to end its requests. When it
        has no more connections, it is stopped at once. By default, the old one stops first.
      - For services that others in O(networks) find by O(name), such as a Traefik with a URL like
        C(http://NAME:8000) in its file provider. While both serve, each request gets one of them,
        and both have the O(volumes).
      - O(ports) cannot be set with it, because a published port belongs to one container.
      - The first time that it is set, the old container has not been made for it. Requests that
        begin at the moment when it stops may then still fail; and so may those to
        the C(aliases) of O(networks), because only the name moves.
      - Traefik's Docker provider does not use names. It learns that a container ends when it has
        ended, so it needs its middleware C(retry).
    type: raw
  adopt:
    description:
      - Whether to replace a container of that name that this module did not create. It becomes the
        previous release. Without this option, it is refused.
    type: bool
    default: false
  remove_volumes:
    description: With O(state=absent), whether to also remove its named volumes with their data.
    type: bool
    default: false
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

- name: Roll back to the previous release
  vya.observability.container_release:
    name: prod-collector-api
    state: rolled_back

- name: Remove the collector with its data
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
kept:
  description: With O(state=absent), volumes and directories of the release that stay.
  returned: success
  type: list
  elements: str
  sample: [alertmanager-data, /etc/vya-observability/alertmanager]
release:
  description:
    - The current release; in check mode, the one that is there now. Null if there is none.
  returned: success
  type: dict
  contains: &release
    id:
      description: Id of the release, which begins with its creation time (UTC).
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
      description: Its digest in a registry. Empty if it has never been in one.
      type: str
      sample: sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
    config_digest:
      description: Digest of its configuration, without secrets.
      type: str
      sample: sha256:9b74c9897bac770ffc029102a200c5de0fd9a3e1a6f4f5dd2f6d5f3d9b0f2b11
    container_id:
      description: Id of its container.
      type: str
      sample: 5c7b1a2d9e8f
    created:
      description: Time when its container was created, ISO 8601 UTC.
      type: str
      sample: "2026-11-23T06:35:01.123456789Z"
previous:
  description: The release kept for a rollback, in the same form. Null if there is none.
  returned: success
  type: dict
  contains: *release
downtime_seconds:
  description:
    - Seconds from stopping the old container until the new one was healthy; 0 with O(drain). Null
      if nothing was swapped.
  returned: success
  type: float
  sample: 0.84
rehearsal_seconds:
  description: Duration of the rehearsal, in seconds. Null if there was none.
  returned: success
  type: float
  sample: 3.1
seconds:
  description: Duration of the whole module, in seconds.
  returned: success
  type: float
  sample: 6.2
"""


from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._release.module import run_module
from ..module_utils._release.options import argument_spec


def main() -> None:
    """Run the module."""
    run_module(
        Module(
            argument_spec=argument_spec(),
            required_if=[("state", "present", ["image"]), ("state", "rehearsed", ["image"])],
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
