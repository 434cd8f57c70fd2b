# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that speak HTTP."""

from __future__ import annotations


class ModuleDocFragment:
    """How a module reaches servers; who it is, each server's options say."""

    DOCUMENTATION = r"""
requirements:
  - requests
options:
  timeout:
    description:
      - Seconds to wait for a connection, and for each part of the answer.
      - The whole answer may take twice as long.
    type: float
    default: 10.0
  retries:
    description:
      - How often a request is tried again after a connection error or a status of 429, 502,
        503 or 504.
      - Requests that may not be repeated, such as POST, are sent once.
    type: int
    default: 2
  ca_path:
    description:
      - File (or hashed directory) of the certificate authorities to trust, on the host where
        the module runs.
      - The default is the system's store. C(REQUESTS_CA_BUNDLE) is not read.
    type: path
  validate_certs:
    description:
      - Whether certificates are verified.
      - Set it to V(false) only to find out what a server presents.
    type: bool
    default: true
  client_cert:
    description:
      - Client certificate, PEM, perhaps with its key.
    type: path
  client_key:
    description:
      - Key of O(client_cert), PEM.
    type: path
  resolve:
    description:
      - Addresses to connect to instead of what the resolver says, by host name.
      - The name stays in the C(Host) header, in TLS's server name and in the verification of
        the certificate.
      - Names that end in C(.localhost) are this machine without being listed here.
    type: dict
    default: {}
"""

    AUTH = r"""
options:
  url_username:
    description:
      - User of HTTP basic authentication.
    type: str
  url_password:
    description:
      - Password of O(url_username).
    type: str
  bearer_token:
    description:
      - Token sent as a C(Bearer) authorization. Mutually exclusive with O(url_username).
    type: str
  headers:
    description:
      - Further headers of each request.
      - They are shown in verbose output and so are no place for secrets.
    type: dict
    default: {}
"""
