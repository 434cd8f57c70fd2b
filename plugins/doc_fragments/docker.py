# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every module that talks to a Docker daemon."""

from __future__ import annotations


class ModuleDocFragment:
    """How to reach the daemon."""

    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - The daemon's address, C(unix://) or C(tcp://).
      - The module writes files that the daemon mounts, so it must run on the daemon's own machine.
    type: str
    default: unix:///var/run/docker.sock
  tls:
    description: Whether to use TLS, for a C(tcp://) address.
    type: bool
    default: false
  validate_certs:
    description: Whether to verify the daemon's certificate.
    type: bool
    default: true
  ca_path:
    description: CA certificates (PEM) to verify the daemon with. The default is the system's store.
    type: path
  client_cert:
    description: Client certificate (PEM). Needs O(client_key).
    type: path
  client_key:
    description: Path of the client certificate's key (PEM).
    type: path
  timeout:
    description: Seconds to wait for each answer of the daemon, until it is there completely.
    type: int
    default: 60
requirements:
  - The Docker SDK for Python, 5.0.3 or newer (C(python3-docker) on Debian and Ubuntu)
  - Docker 20.10 or newer
"""

    # Of modules that know releases.
    STATE = r"""
options:
  state_directory:
    description:
      - Directory on the Docker host for the files, secrets and records of releases.
      - Root must own it and all directories above it, and nobody else may be able to write to them,
        unless their sticky bit is set. Links of others, and all links below it, are refused.
    type: path
    default: /var/lib/vya-observability
"""
