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
  - Looks at each release that M(vya.observability.container_release) has deployed on this host.
    Its container must be there and healthy, run the very image that was deployed and that its
    name stands for today, have the configuration it was deployed with, not restart by itself,
    and have a listener behind each published port.
  - Looks at the published ports of all containers, foreign ones too. Docker publishes past the
    host's firewall, so that a public port must be declared.
  - Looks for what seems to be a secret in the environments of all containers, by the names of the
    variables and by passwords within their values. It names variables and never shows a value.
  - Reads only. The healthcheck of a container that has just been started is run in it, as Docker
    will.
  - Runs on the Docker host, as root - the files of a release are for root alone.
  - The content of a secret is not known to this module and no hash of it is kept. It notices that
    the file was written, replaced or removed after the deploy, or has other permissions. Whether
    today's variables would deploy something else, M(vya.observability.container_release) says in
    check mode.
  - Of UDP ports it is checked that they are published, not that something listens.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.check
  - vya.observability.attributes.info
options:
  host:
    description:
      - The host's name in the report. Default is what the host calls itself.
    type: str
  releases:
    description:
      - The releases that must be there. Default is to check each one that was deployed.
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
          - The image that it must run. A tag, a digest or an id; what it names on this host now
            counts. Default is the name that it was deployed with.
        type: str
      source_digest:
        description:
          - Digest of the source that its image must have been built from, as
            P(vya.observability.image_source_digest#lookup) computes it. Not looked at when not
            given.
        type: str
      ports:
        description:
          - The ports that it must publish, as O(vya.observability.container_release#module:ports),
            an empty list for none. Default is those of its container.
        type: list
        elements: str
      max_restarts:
        description:
          - How often the daemon may have had to start it again.
        type: int
        default: 0
  source_digests:
    description:
      - By name of a release, the digest of its source as it is now, for those that are found
        without O(releases).
    type: dict
    default: {}
  expected:
    description:
      - Names of releases that must be among those that were deployed here, without O(releases).
    type: list
    elements: str
    default: []
  public_ports:
    description:
      - Ports that may be published on public addresses by any container, as
        C([address:]port[/tcp|udp]). Those that a release declares need not be listed.
      - Public is C(0.0.0.0), C(::), and every address that is not loopback and not private.
    type: list
    elements: str
    default: []
  public_of_others:
    description:
      - What it is when only containers that are no releases publish ports to the world.
    type: str
    choices: [fail, warn]
    default: fail
  accepted_secrets:
    description:
      - Variables that look like a secret and may stand in a container's environment, as
        C(CONTAINER:VARIABLE). Both may be shell patterns; C(n8n*:DB_PASSWORD) is also for the
        container that is kept for a rollback.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Seconds that a container which has just been started may take to be healthy.
    type: float
    default: 10.0
  state_directory:
    description:
      - What O(vya.observability.container_release#module:state_directory) was.
    type: path
    default: /var/lib/vya-observability
seealso:
  - module: vya.observability.container_release
  - module: vya.observability.container_release_info
  - plugin: vya.observability.image_source_digest
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Check all that was deployed on this host
  vya.observability.release_check:
    host: "{{ inventory_hostname }}"
    public_ports: [80, 443]
    # A program that takes its password from nowhere else.
    accepted_secrets: ["n8n:DB_POSTGRESDB_PASSWORD"]
  become: true

- name: The collector runs today's source
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
    - For each release C(running), C(image), C(source) if asked for, C(configuration), C(restarts)
      and C(ports), or C(running) alone when its container is missing; then C(public ports) and
      C(secrets), which warns.
    - C(releases), skipped, where nothing was deployed. C(docker), failed and alone, where no
      daemon answers.
    - Each has an C(id), a C(status) (V(pass), V(warn), V(fail) or V(skip)), what was C(expected)
      and C(seen), the likely C(cause) and the C(fix), and C(seconds); for programs a C(code), which
      names the cause, and the C(values) that the texts are made of.
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
  sample: {pass: 8, warn: 0, fail: 0, skip: 0}
asked_from:
  description: Name of the host that asked.
  returned: always
  type: str
  sample: wf001
seconds:
  description: Seconds that the whole took.
  returned: always
  type: float
  sample: 0.094
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._check import check_argument_spec, exit_with
from ..module_utils._docker.client import docker_argument_spec
from ..module_utils._release_check.module import check_releases, release_check_argument_spec


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
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
