#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate_local
short_description: Manage a local certificate authority and a server certificate signed by it
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Keeps C(ca.key), C(ca.crt), C(server.key) and C(server.crt) in a directory, for machines that
    cannot get a public certificate, such as workstations and test machines.
  - Renews the server certificate if its names or the authority change, or before it expires. The
    authority keeps its key when it is renewed, so clients continue to trust it.
  - With O(replace_ca), the authority and the server get new keys. The old authority certifies the
    new one (C(before.crt), which C(server.crt) then contains), so that clients trust the server
    whichever of the two they know.
  - Keys are EC P-256. Private keys are never returned.
  - The task fails, and overwrites nothing, if files are broken, do not belong together, or come
    from another authority.
requirements:
  - cryptography 38 or newer (C(python3-cryptography) on Debian and Ubuntu)
extends_documentation_fragment:
  - vya.observability.attributes
options:
  path:
    description:
      - Directory of these files. Created if it is missing. It and every directory above it
        must belong to root or to the user of the task, and others must not be able to write there.
    type: path
    required: true
  names:
    description:
      - DNS names (also wildcards, such as C(*.example.org)) and IP addresses of the server
        certificate.
    type: list
    elements: str
    required: true
  common_name:
    description:
      - Common name of the server certificate, at most 64 characters. Clients only check O(names).
      - The default is the first of O(names).
    type: str
  ca_common_name:
    description:
      - Common name of a new certificate authority. Browsers show it.
    type: str
    default: vya.observability local CA
  days:
    description:
      - Validity of a new server certificate, in days.
    type: int
    default: 365
  ca_days:
    description:
      - Validity of a new certificate authority, in days.
    type: int
    default: 3650
  renew_days:
    description:
      - Renew a certificate that has fewer days left.
    type: int
    default: 30
  replace_ca:
    description:
      - Whether to replace an existing authority, each time that the task runs.
    type: bool
    default: false
  owner:
    description:
      - Numeric user id of the owner of the server's files and of C(ca.crt). C(ca.key) always
        belongs to the user that runs the module.
      - By default, the owner is not changed.
    type: int
  group:
    description:
      - Numeric group id of the server's files and of C(ca.crt).
      - By default, the group is not changed.
    type: int
"""

EXAMPLES = r"""
- name: Ensure a certificate from the local CA
  vya.observability.certificate_local:
    path: /var/lib/vya-observability/certificates
    names:
      - prometheus.localhost
      - 127.0.0.1
  register: certificate

- name: Trust the CA
  ansible.builtin.copy:
    content: "{{ certificate.ca_certificate }}"
    dest: /usr/local/share/ca-certificates/vya-observability.crt
    mode: "0644"
"""

RETURN = r"""
reasons:
  description: Why something was, or would be, created or changed.
  returned: success
  type: list
  elements: str
  sample: [the names changed]
ca_certificate:
  description: The authority's certificate (PEM). Empty in check mode when there is none yet.
  returned: success
  type: str
  sample: "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n"
ca_certificate_path:
  description: Its path.
  returned: success
  type: str
  sample: /var/lib/vya-observability/tls/ca.crt
ca_fingerprint:
  description: SHA-256 of its DER form, hexadecimal.
  returned: success
  type: str
  sample: 3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
ca_not_after:
  description: When it expires (UTC, ISO 8601).
  returned: success
  type: str
  sample: "2036-11-20T06:35:01Z"
ca_days_left:
  description: Whole days until it expires.
  returned: success
  type: int
  sample: 3650
certificate:
  description: The server certificate (PEM). Empty in check mode when there is none yet.
  returned: success
  type: str
  sample: "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n"
certificate_path:
  description: Its path.
  returned: success
  type: str
  sample: /var/lib/vya-observability/tls/server.crt
key_path:
  description: Path of the server certificate's private key.
  returned: success
  type: str
  sample: /var/lib/vya-observability/tls/server.key
fingerprint:
  description: SHA-256 of the server certificate's DER form, hexadecimal.
  returned: success
  type: str
  sample: 3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040
not_after:
  description: When the server certificate expires (UTC, ISO 8601).
  returned: success
  type: str
  sample: "2027-11-23T06:30:00Z"
days_left:
  description: Whole days until the server certificate expires.
  returned: success
  type: int
  sample: 397
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._certificate.local import run_module
from ..module_utils._certificate.options import ARGUMENT_SPEC


def main() -> None:
    """Run the module."""
    run_module(Module(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
