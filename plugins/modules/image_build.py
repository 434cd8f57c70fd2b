#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: have an image, pulled or built, proven and pushed."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image_build
short_description: Have a Docker image on a host, from a registry or built from a source
version_added: 0.1.0
description:
  - Has an image on the Docker host. It is pulled from a registry, or built from a directory of
    the controller.
  - The directory is read on the controller and only its digest is sent; its content follows when
    a build is needed.
  - A new image runs its O(smoke) commands before it gets its name. When one fails, the name stays
    with the image before.
  - What an image was made from is in its labels. It is built again when the source, the build
    arguments, the labels or the base image are others; a new git revision with the same source
    does not count.
  - When O(registry) is given, the image is pushed, and the digests that the push reported, that
    the registry answers and that the daemon noted must be one.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.attributes
attributes:
  idempotent:
    details: With O(refresh=true), a build is made in each run.
options:
  source:
    description:
      - Where the image comes from.
      - V(registry) pulls O(reference). V(packages) builds O(src).
      - V(auto) keeps what is here and current; else pulls where a registry answers, and builds
        where none does.
    type: str
    choices: [auto, registry, packages]
    default: packages
  reference:
    description:
      - The image in a registry, C(repository:tag) or C(repository@digest). Needed unless
        O(source=packages).
      - A tag that is here already is not asked for again; see O(refresh).
    type: str
  name:
    description: Name of the built image, without a registry. May end in C(:tag). Needed unless
      O(source=registry).
    type: str
  tag:
    description: Tag of the built image. Default is the one in O(name), else C(latest).
    type: str
  src:
    description:
      - Directory of the controller with a C(Dockerfile), absolute or below C(files/) of the role
        or playbook. A C(.dockerignore) in it is honoured. Needed unless O(source=registry).
      - A program C(prepare.sh) in it is run before the build, on the Docker host, in the
        directory of the build, with the rights of the task; what it writes there is part of the
        build.
    type: str
  base:
    description:
      - The image that the build begins with. It is had first, as this module does it, when a
        build is needed.
      - The build argument C(BASE_IMAGE) names it, where the C(Dockerfile) declares that.
    type: dict
    suboptions:
      source:
        description: As O(source).
        type: str
        choices: [auto, registry, packages]
        default: packages
      reference:
        description: As O(reference).
        type: str
      name:
        description: As O(name).
        type: str
      src:
        description: As O(src).
        type: str
  buildargs:
    description:
      - Build arguments. They are kept in a label, so a secret must not be among them.
      - C(VERSION) and C(REVISION) are given besides, where the C(Dockerfile) declares them.
      - Proxies in the environment of the task (C(http_proxy) and its like) are passed on besides,
        and not kept.
    type: dict
    default: {}
  labels:
    description: Labels of the image, besides the module's own.
    type: dict
    default: {}
  version:
    description: Value of the label C(org.opencontainers.image.version). Default is the tag.
    type: str
  revision:
    description:
      - Value of the label C(org.opencontainers.image.revision). Default is the git commit that
        last touched O(src), with C(-dirty) where the source was changed since; without git, the
        version.
    type: str
  smoke:
    description: Commands that must succeed in a container of the new image, which has no network.
    type: list
    elements: dict
    default: []
    suboptions:
      command:
        description: The command's words.
        type: list
        elements: str
        required: true
      entrypoint:
        description: Replaces the image's entrypoint.
        type: list
        elements: str
      files:
        description: Files that are put into the container first, path to content.
        type: dict
        default: {}
      timeout:
        description: Seconds that the command may take.
        type: int
        default: 60
  registry:
    description: Registry that a built image is pushed to, C(host[:port][/path]).
    type: str
  registry_username:
    description: User for the push. Default is what the task's user has from C(docker login).
    type: str
  registry_password:
    description: Password for the push.
    type: str
  registry_timeout:
    description: Seconds that a registry has to answer before it counts as not reached.
    type: int
    default: 8
  unreachable_registries:
    description: Registries that are known not to answer, so that O(source=auto) does not wait for
      them again.
    type: list
    elements: str
    default: []
  refresh:
    description:
      - Whether to look for something newer even though all is here. A registry is asked whether
        the tag moved; a build is made without Docker's cache, so that it gets the packages of
        today.
    type: bool
    default: false
  ca_bundle:
    description:
      - CA certificates (PEM) on the Docker host that programs in the build need, behind a proxy
        that breaks TLS open. They are put into the build as C(ca-bundle.crt) where the
        C(Dockerfile) speaks of C(ca-bundle); they belong to no digest.
      - V(auto) takes the file that C(PIP_CERT), C(REQUESTS_CA_BUNDLE) or C(SSL_CERT_FILE) names
        in the task's environment. Empty means none.
    type: str
    default: auto
  build_timeout:
    description: Seconds that a build may take.
    type: int
    default: 1800
  log_directory:
    description: Directory on the Docker host that keeps the output of the last build of each
      image.
    type: path
    default: /var/log/vya-observability
  prepared:
    description: What the action plugin hands to the module. Not for tasks; it refuses them.
    type: dict
    suboptions:
      source_digest:
        description: Digest of O(src).
        type: str
        default: ''
      base_source_digest:
        description: Digest of the source of O(base).
        type: str
        default: ''
      base_reference:
        description: The base image, once it is there.
        type: str
        default: ''
      base_image_id:
        description: ID of that image.
        type: str
        default: ''
      context:
        description: The build context as an archive, on the Docker host.
        type: path
"""

EXAMPLES = r"""
- name: Have the collector's image, from its source
  vya.observability.image_build:
    src: collector
    name: example/collector
    tag: "0.1.0"
    base:
      source: auto
      reference: python:3.11-slim-bookworm
      name: example/base:packages
      src: base
    smoke:
      - command: [python3, -c, import collector]
        entrypoint: []
      - command: [check-config, --config, /tmp/collector.json]
        files:
          /tmp/collector.json: "{{ lookup('ansible.builtin.file', 'sample.json') }}"
    registry: registry.example.com
  register: collector_image

- name: Have Prometheus, built from the distribution's package where no registry is reached
  vya.observability.image_build:
    source: auto
    reference: prom/prometheus:v3.2.1
    name: example/prometheus:packages
    src: prometheus
    base: {name: "example/base:packages", src: base}

- name: Have an image of a registry
  vya.observability.image_build:
    source: registry
    reference: prom/pushgateway:v1.8.0
"""

RETURN = r"""
reference:
  description: >-
    The image by digest, for M(vya.observability.container_release): C(repository@sha256:…) if it
    has a digest in a registry, else its id. In check mode its name, if it is yet to be made.
  returned: success
  type: str
  sample: sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
image_id:
  description: The image's id; empty in check mode if the image is yet to be made.
  returned: success
  type: str
image_digest:
  description: The image's digest in a registry; empty if it is in none.
  returned: success
  type: str
origin:
  description: Where the image comes from, C(registry) or C(packages).
  returned: success
  type: str
source_digest:
  description: Digest of the source, from its files' names, contents and executable bits. Empty
    for a pulled image.
  returned: success
  type: str
revision:
  description: The image's label C(org.opencontainers.image.revision).
  returned: success
  type: str
actions:
  description: What was done, or would be done.
  returned: success
  type: list
  elements: str
  sample: ["build example/collector:0.1.0", "push registry.example.com/example/collector:0.1.0"]
summary:
  description: One line for people, where the image comes from and why.
  returned: success
  type: str
unreachable_registries:
  description: Registries that did not answer, those given included.
  returned: success
  type: list
  elements: str
log_path:
  description: File on the Docker host with the build's output; empty if nothing was built.
  returned: success
  type: str
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._docker.client import (
    DOCKER_ERRORS,
    connect,
    docker_argument_spec,
    docker_failure,
)
from ..module_utils._failure import Failure, fail
from ..module_utils._image.ensure import ensure_image, result_of


def argument_spec() -> dict[str, Any]:
    """The module's options; those with an underscore are the action plugin's."""
    origin = {
        "source": {
            "type": "str",
            "choices": ["auto", "registry", "packages"],
            "default": "packages",
        },
        "reference": {"type": "str"},
        "name": {"type": "str"},
        "src": {"type": "str"},
    }
    smoke = {
        "command": {"type": "list", "elements": "str", "required": True},
        "entrypoint": {"type": "list", "elements": "str"},
        "files": {"type": "dict", "default": {}},
        "timeout": {"type": "int", "default": 60},
    }
    prepared = {
        "source_digest": {"type": "str", "default": ""},
        "base_source_digest": {"type": "str", "default": ""},
        "base_reference": {"type": "str", "default": ""},
        "base_image_id": {"type": "str", "default": ""},
        "context": {"type": "path"},
    }
    return {
        **origin,
        "tag": {"type": "str"},
        "base": {"type": "dict", "options": origin},
        "buildargs": {"type": "dict", "default": {}},
        "labels": {"type": "dict", "default": {}},
        "version": {"type": "str"},
        "revision": {"type": "str"},
        "smoke": {"type": "list", "elements": "dict", "default": [], "options": smoke},
        "registry": {"type": "str"},
        "registry_username": {"type": "str"},
        "registry_password": {"type": "str", "no_log": True},
        "registry_timeout": {"type": "int", "default": 8},
        "unreachable_registries": {"type": "list", "elements": "str", "default": []},
        "refresh": {"type": "bool", "default": False},
        "ca_bundle": {"type": "str", "default": "auto"},
        "build_timeout": {"type": "int", "default": 1800},
        "log_directory": {"type": "path", "default": "/var/log/vya-observability"},
        "prepared": {"type": "dict", "apply_defaults": True, "options": prepared},
        **docker_argument_spec(),
    }


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_if=[
            ("source", "registry", ["reference"]),
            ("source", "packages", ["name", "src"]),
            ("source", "auto", ["reference", "name", "src"]),
        ],
        required_by={"registry_password": "registry_username"},
    )
    client = connect(module)
    try:
        outcome = ensure_image(client, module.params, module.check_mode)
    except Failure as error:
        fail(module, error)
    except DOCKER_ERRORS as error:
        fail(module, docker_failure("Docker says", error))
    for warning in outcome.warnings:
        module.warn(warning)
    module.exit_json(**result_of(outcome, module.params))


if __name__ == "__main__":
    main()
