# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that speak HTTP."""

from __future__ import annotations


class ModuleDocFragment:
    """How a module connects to servers, and how it authenticates."""

    DOCUMENTATION = r"""
requirements:
  - requests
options:
  timeout:
    description:
      - Seconds for each try of a request, from resolving the name to the last byte of the answer.
    type: float
    default: 10.0
  retries:
    description:
      - How often to retry a request after a connection error or a status of 429, 502, 503 or 504.
      - Requests that are not safe to repeat, such as POST, are sent once.
    type: int
    default: 2
  ca_path:
    description:
      - File (or hashed directory) with the certificate authorities to trust, on the host where the
        module runs.
      - The default is the system's store. C(REQUESTS_CA_BUNDLE) is ignored.
    type: path
  validate_certs:
    description:
      - Whether to verify certificates.
      - Set it to V(false) only to find out what a server presents.
    type: bool
    default: true
  client_cert:
    description:
      - Client certificate (PEM), which may include its key.
    type: path
  client_key:
    description:
      - Key of O(client_cert) (PEM).
    type: path
  resolve:
    description:
      - Addresses to connect to, by host name, instead of asking the resolver.
      - The name is still used for the C(Host) header, for TLS's server name and to verify the
        certificate.
      - Names that end in C(.localhost) always mean this machine.
    type: dict
    default: {}
"""

    AUTH = r"""
options:
  url_username:
    description:
      - User name for HTTP basic authentication.
    type: str
  url_password:
    description:
      - Password. Needs O(url_username).
    type: str
  bearer_token:
    description:
      - Token for the header C(Authorization). Mutually exclusive with O(url_username).
    type: str
  headers:
    description:
      - Additional headers for each request.
      - They appear in verbose output, so do not put secrets here.
    type: dict
    default: {}
"""
