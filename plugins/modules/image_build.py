#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible module: ensure that an image is there, pulled or built, tested and pushed."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image_build
short_description: Ensure a Docker image on a host, pulled from a registry or built from source
version_added: 0.1.0
description:
  - Ensures that an image is on the Docker host, either pulled from a registry or built from a
    directory on the controller.
  - The directory is read on the controller. Only its digest is sent to the host; the content
    follows if a build is needed.
  - Runs the O(smoke) commands in a new image before tagging it. If one fails, the tag stays on the
    previous image.
  - Records in labels what an image was built from. It is rebuilt if the source, the build
    arguments, the labels or the base image change, but not for a new git revision with the same
    source.
  - Builds with BuildKit if the host has C(docker buildx), else with the classic builder, which
    Docker calls deprecated. C(DOCKER_BUILDKIT=0) in the task's environment chooses the classic one.
  - With O(registry), pushes the image and verifies that the registry reports the digest that the
    push or, where it reports none, the daemon has for the image.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.attributes
attributes:
  idempotent:
    details: With O(refresh=true), each run builds the image.
options:
  source:
    description:
      - Where the image comes from.
      - V(registry) pulls O(reference). V(packages) builds O(src).
      - V(auto) keeps an image that is present and current. Otherwise it pulls if the registry
        answers, and builds if it does not.
    type: str
    choices: [auto, registry, packages]
    default: packages
  reference:
    description:
      - The image in a registry, as C(repository:tag) or C(repository@digest). Required unless
        O(source=packages).
      - A tag that is already present is not checked in the registry again; see O(refresh).
    type: str
  name:
    description: Name of the built image, without a registry. May end in C(:tag). Required unless
      O(source=registry).
    type: str
  tag:
    description: Tag of the built image. The default is the tag in O(name), else C(latest).
    type: str
  src:
    description:
      - Directory on the controller with a C(Dockerfile), absolute or below C(files/) of the role or
        playbook. Its C(.dockerignore) is respected. Required unless O(source=registry).
      - A program C(prepare.sh) in it is run before the build, on the Docker host, in the build's
        directory, with the privileges of the task. What it writes there is part of the build.
    type: str
  base:
    description:
      - The base image. If a build is needed, the module first pulls or builds the base image in the
        same way.
      - Its name is passed as the build argument C(BASE_IMAGE), if the C(Dockerfile) declares it.
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
      - Build arguments. They are kept in a label, so do not put secrets here.
      - C(VERSION) and C(REVISION) are added, if the C(Dockerfile) declares them.
      - Proxy variables of the task's environment (such as C(http_proxy)) are also passed on, but
        not kept.
    type: dict
    default: {}
  labels:
    description: Labels of the image, in addition to the module's own.
    type: dict
    default: {}
  version:
    description: Value of the label C(org.opencontainers.image.version). The default is the tag.
    type: str
  revision:
    description:
      - Value of the label C(org.opencontainers.image.revision). The default is the git commit that
        last changed O(src), with C(-dirty) appended if the source has uncommitted changes. Without
        git, it is the version.
    type: str
  smoke:
    description: Commands that must succeed in a container of the new image, without a network.
    type: list
    elements: dict
    default: []
    suboptions:
      command:
        description: The command, as a list of arguments.
        type: list
        elements: str
        required: true
      entrypoint:
        description: Replaces the image's entrypoint. An empty list means none.
        type: list
        elements: str
      files:
        description: Files to create in the container first, as path and content.
        type: dict
        default: {}
      timeout:
        description: Timeout of the command, in seconds.
        type: int
        default: 60
  registry:
    description: Registry to push a built image to, as C(host[:port][/path]).
    type: str
  registry_username:
    description: User for the push. The default is the task's user's C(docker login).
    type: str
  registry_password:
    description: Password for the push.
    type: str
  registry_timeout:
    description: Seconds to wait for a registry before it counts as unreachable.
    type: int
    default: 8
  unreachable_registries:
    description: Registries that are known to be unreachable, so that O(source=auto) does not wait
      for them again.
    type: list
    elements: str
    default: []
  refresh:
    description:
      - Whether to look for something newer even if the image is present. The registry is asked
        whether the tag has moved, and a build runs without Docker's cache, so that it gets current
        packages.
    type: bool
    default: false
  ca_bundle:
    description:
      - CA certificates (PEM) on the Docker host that programs in the build need, behind a proxy
        that intercepts TLS. They are added to the build as C(ca-bundle.crt) if the C(Dockerfile)
        mentions C(ca-bundle). They are part of no digest.
      - V(auto) uses the file in C(PIP_CERT), C(REQUESTS_CA_BUNDLE) or C(SSL_CERT_FILE) of the
        task's environment, otherwise the host's store if the host has CAs of its own
        (C(/usr/local/share/ca-certificates)). Empty means none.
    type: str
    default: auto
  build_timeout:
    description: Timeout of a build, in seconds.
    type: int
    default: 1800
  log_directory:
    description: Directory on the Docker host for the output of each image's last build.
    type: path
    default: /var/log/vya-observability
  images:
    description:
      - Several images in one task, as a dictionary of the options of each, by a key of your choice.
        Options beside this one are those of the Docker host.
      - Each can have C(optional=true), so that the task does not fail if it is not available. Its
        result in RV(images) then has C(failed) and C(msg).
    type: dict
  prepared:
    description: Passed by the action plugin. Not for use in tasks, which are refused.
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
- name: Ensure the collector's image, built from source
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

- name: Ensure Prometheus, built from the distribution's package if no registry is reachable
  vya.observability.image_build:
    source: auto
    reference: prom/prometheus:v3.2.1
    name: example/prometheus:packages
    src: prometheus
    base: {name: "example/base:packages", src: base}

- name: Ensure an image from a registry
  vya.observability.image_build:
    source: registry
    reference: prom/pushgateway:v1.8.0
"""

RETURN = r"""
reference:
  description: >-
    The image by digest, for M(vya.observability.container_release). C(repository@sha256:…) if it
    has a digest in a registry, else its id. In check mode, its name if it does not exist yet.
  returned: success
  type: str
  sample: sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
image_id:
  description: The image's id. Empty in check mode if it does not exist yet.
  returned: success
  type: str
  sample: sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
image_digest:
  description: The image's digest in a registry. Empty if it is in none.
  returned: success
  type: str
  sample: sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
origin:
  description: Where the image comes from, C(registry) or C(packages).
  returned: success
  type: str
  sample: packages
source_digest:
  description: Digest of the source (names, contents and executable bits of its files). Empty for a
    pulled image.
  returned: success
  type: str
  sample: sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
revision:
  description: The image's label C(org.opencontainers.image.revision).
  returned: success
  type: str
  sample: 0d2f9391
actions:
  description: What was done, or would be done.
  returned: success
  type: list
  elements: str
  sample: ["build example/collector:0.1.0", "push registry.example.com/example/collector:0.1.0"]
summary:
  description: One line for people, with the origin of the image and the reason.
  returned: success
  type: str
  sample: "built from packages: the source changed"
unreachable_registries:
  description: Registries that did not answer, including those given.
  returned: success
  type: list
  elements: str
  sample: [registry.example.com]
images:
  description: The result of each image, by its key.
  returned: if O(images) was given
  type: dict
  sample:
    prometheus:
      changed: false
      reference: sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
      origin: registry
      actions: []
log_path:
  description: File on the Docker host with the build's output. Empty if nothing was built.
  returned: success
  type: str
  sample: /var/log/vya-observability/example_collector_0.1.0.log
builder:
  description: What built the image, C(buildkit) or C(classic). Empty if nothing was built.
  returned: success
  type: str
  sample: buildkit
"""

from typing import Any, NoReturn

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._docker.client import DOCKER_ERRORS, connect, docker_failure
from ..module_utils._failure import Failure, fail
from ..module_utils._image.ensure import ensure_image, result_of
from ..module_utils._image.look import check_required, look_at_images
from ..module_utils._image.options import argument_spec


def main() -> None:
    """Run the module."""
    spec: dict[str, Any] = {**argument_spec(), "images": {"type": "dict"}}
    module = Module(argument_spec=spec, free=("images",), supports_check_mode=True)
    if module.params["images"] is not None:
        _look(module)
    try:
        check_required(module.params)
        outcome = ensure_image(connect(module), module.params, module.check_mode)
    except Failure as error:
        fail(module, error)
    except DOCKER_ERRORS as error:
        fail(module, docker_failure("Docker says", error))
    for warning in outcome.warnings:
        module.warn(warning)
    module.exit_json(**result_of(outcome, module.params))


def _look(module: Module) -> NoReturn:
    """Return what would be done for each of several images."""
    found = look_at_images(connect(module), module.params["images"], module.no_log_values)
    module.exit_json(
        changed=any(image.get("changed") for image in found.values()),
        images=found,
        invocation={"module_args": {**module.params, "images": list(found)}},
    )


if __name__ == "__main__":
    main()
