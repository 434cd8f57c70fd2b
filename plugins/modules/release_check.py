#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module release_check; the work is in module_utils/_release_check."""

from __future__ import annotations

DOCUMENTATION = r"""
module: release_check
short_description: Check that what runs on a Docker host is what was deployed and built
version_added: 0.1.0
description:
  - Checks each release that M(vya.observability.container_release) has deployed on this host. Its
    container must exist and be healthy, run the image that was deployed and that its tag still
    points to, have the configuration with which it was deployed, not restart by itself, and listen
    on each published port.
  - Compares the configuration directories that a container has mounted with how they were written,
    and what a Prometheus or an Alertmanager says that it has loaded with what it said when that was
    proven. It asks at the URL that the proof used, without a login.
  - Checks the published ports of all containers on the host. Published ports bypass the host's
    firewall, so public ports must be declared.
  - Looks for secrets in the environments of all containers, by the names of the variables and by
    passwords in their values. It reports the names of variables, never their values.
  - Changes nothing. In a container that has just been started, it runs the healthcheck, as Docker
    does.
  - Runs on the Docker host, as root, because only root can read the files of a release.
  - This module does not know the contents of secrets, and no hash of them is kept. It notices if
    the file of a secret was written, replaced or removed after the deploy, or if its permissions
    changed. To find out whether today's variables would deploy something else, run
    M(vya.observability.container_release) in check mode.
  - For UDP ports, it only checks that they are published, not that something listens.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.docker.state
  - vya.observability.check
  - vya.observability.attributes.info
options:
  host:
    description:
      - The host's name in the report. The default is its own host name.
    type: str
  releases:
    description:
      - The releases that must exist. The default is all deployed releases; an empty list means the
        same as none of them.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Its name, as O(vya.observability.container_release#module:name).
        type: str
        required: true
      image:
        description:
          - The image that it must run, as a tag, a digest or an id. A tag means the image that it
            points to on this host now. The default is the name with which it was deployed.
        type: str
      source_digest:
        description:
          - Digest of the source from which its image must have been built, as computed by
            P(vya.observability.image_source_digest#lookup). Without it, the source is not checked.
        type: str
      ports:
        description:
          - The ports that it must publish, as O(vya.observability.container_release#module:ports).
            An empty list means none. The default is the ports of its container.
        type: list
        elements: str
      max_restarts:
        description:
          - How often the daemon may have restarted it.
        type: int
        default: 0
  source_digests:
    description:
      - The current digest of the source, by name of the release, for releases that are found
        without O(releases).
    type: dict
    default: {}
  expected:
    description:
      - Without O(releases), names of releases that must be among those deployed here.
    type: list
    elements: str
    default: []
  wanted:
    description:
      - Names of all releases that this host may have, or shell patterns, beside O(expected). Each
        other one that has files in O(state_directory) is a warning, and not checked further; one
        that has none there is another inventory's, and is skipped. An empty list means that there
        may be no others. The default is not to judge that.
    type: list
    elements: str
  public_ports:
    description:
      - Ports that any container may publish on public addresses, as C([address:]port[/tcp|udp]).
        Ports that a release declares need not be listed.
      - Public addresses are C(0.0.0.0), C(::), and every address that is neither loopback nor
        private.
    type: list
    elements: str
    default: []
  settle:
    description:
      - Seconds since its last start for which a release must stay up. One that was started later
        than that is watched until then (restarts, start time, memory, health), all side by side.
      - 0 watches nothing.
    type: float
    default: 0.0
    version_added: 0.1.0
  public_of_others:
    description:
      - Status if only containers that are not releases publish undeclared public ports.
    type: str
    choices: [fail, warn]
    default: fail
  accepted_secrets:
    description:
      - Variables that look like a secret but are accepted in a container's environment, as
        C(CONTAINER:VARIABLE). Both may be shell patterns; C(n8n*:DB_PASSWORD) also matches the
        container that is kept for a rollback.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Seconds to wait until a container that has just been started is healthy.
    type: float
    default: 10.0
seealso:
  - module: vya.observability.container_release
  - module: vya.observability.container_release_info
  - plugin: vya.observability.image_source_digest
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Check everything that was deployed on this host
  vya.observability.release_check:
    host: "{{ inventory_hostname }}"
    public_ports: [80, 443]
    # This program only reads its password from the environment.
    accepted_secrets: ["n8n:DB_POSTGRESDB_PASSWORD"]
  become: true

- name: Ensure that the collector runs today's source
  vya.observability.release_check:
    releases:
      - name: prod-collector-api
        image: adminvyadigital/n8n-collector-api:0.1.0
        source_digest: "{{ lookup('vya.observability.image_source_digest', collector_source) }}"
        ports: ["127.0.0.1:5001:5001", "192.0.2.10:9102:9102"]
  become: true
"""

RETURN = r"""
checks:
  description:
    - For each release C(running), C(image), C(source) if requested, C(configuration), C(restarts)
      and C(ports), or only C(running) if its container is missing. Then C(public ports), and
      C(secrets), which warns.
    - If nothing was deployed, C(releases), skipped. If no daemon answers, only C(docker), failed.
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks).
  returned: always
  type: list
  elements: dict
  sample:
    - id: image wf001 prod-collector-api
      name: image
      subject: wf001 prod-collector-api
      status: fail
      code: image.tag_moved
      values:
        deployed: 2d516d73ec71
        deployed_from: example/collector:0.1.0
        made: "2026-11-24T20:37:25Z"
        named: example/collector:0.1.0
        now: 8c5407aa7b07
        now_made: "2026-11-25T09:12:01Z"
        reference: example/collector:0.1.0
        runs: 2d516d73ec71
      expected: image 2d516d73ec71, as deployed, which example/collector:0.1.0 still points to
      seen: it runs 2d516d73ec71, built 2026-11-24T20:37:25Z; example/collector:0.1.0 now points to
        8c5407aa7b07, built 2026-11-25T09:12:01Z
      cause: "the tag has moved: another image was pulled or built since, but not deployed"
      fix: "redeploy it: docker restart keeps the old image"
      seconds: 0.021
counts:
  description: Number of checks by status.
  returned: always
  type: dict
  sample: {pass: 5, warn: 0, fail: 1, skip: 0}
asked_from:
  description: Name of the host that ran the checks.
  returned: always
  type: str
  sample: wfdb01
seconds:
  description: Duration of the whole module, in seconds.
  returned: always
  type: float
  sample: 12.4
"""

import time

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._check import check_argument_spec, exit_with
from ..module_utils._docker.client import docker_argument_spec
from ..module_utils._release_check.module import check_releases, release_check_argument_spec


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={
            **release_check_argument_spec(),
            **docker_argument_spec(),
            **check_argument_spec(),
        },
        supports_check_mode=True,
    )
    started = time.monotonic()
    exit_with(module, check_releases(module), started)


if __name__ == "__main__":
    main()
