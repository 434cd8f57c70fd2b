#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate_local
short_description: Have an own certificate authority, and a server certificate that it signed
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - Keeps C(ca.key), C(ca.crt), C(server.key) and C(server.crt) in a directory, for machines that
    no public certificate authority serves - a workstation, a test.
  - The server certificate is renewed when its names or the authority change, or when few days are
    left. The authority is renewed with its key, so clients that trust it go on doing so.
  - Keys are EC P-256. The authority may sign servers only. Private keys are never returned.
  - Files that are broken, do not belong together, or come from somebody else end the task;
    nothing is overwritten then.
requirements:
  - cryptography 38 or newer (C(python3-cryptography) on Debian and Ubuntu)
extends_documentation_fragment:
  - vya.observability.attributes
options:
  path:
    description:
      - Directory of the four files. Made if it is missing.
    type: path
    required: true
  names:
    description:
      - DNS names (C(*.example.org) too) and addresses that the server certificate is for.
    type: list
    elements: str
    required: true
  common_name:
    description:
      - Common name of the server certificate, at most 64 characters. Clients look at O(names).
      - The default is the first of O(names).
    type: str
  ca_common_name:
    description:
      - Common name of the certificate authority, when it is made. It is what browsers show.
    type: str
    default: vya.observability local CA
  days:
    description:
      - Days that a new server certificate is valid.
    type: int
    default: 365
  ca_days:
    description:
      - Days that a new certificate authority is valid.
    type: int
    default: 3650
  renew_days:
    description:
      - A certificate with fewer days left is renewed.
    type: int
    default: 30
  owner:
    description:
      - Numeric user id that the server's files and C(ca.crt) belong to. C(ca.key) always belongs
        to the user that runs the module.
      - By default it is left as it is.
    type: int
  group:
    description:
      - Numeric group id that the server's files and C(ca.crt) belong to.
      - By default it is left as it is.
    type: int
"""

EXAMPLES = r"""
- name: Have a certificate of the local CA
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
  description: Why something was, or would be, made or changed.
  returned: success
  type: list
  elements: str
  sample: [the names changed]
ca_certificate:
  description: The authority's certificate (PEM). Empty in check mode when there is none yet.
  returned: success
  type: str
ca_certificate_path:
  description: Its path.
  returned: success
  type: str
ca_fingerprint:
  description: SHA-256 of its DER form, hexadecimal.
  returned: success
  type: str
ca_not_after:
  description: When it expires (UTC, ISO 8601).
  returned: success
  type: str
ca_days_left:
  description: Whole days until it expires.
  returned: success
  type: int
certificate:
  description: The server certificate (PEM). Empty in check mode when there is none yet.
  returned: success
  type: str
certificate_path:
  description: Its path.
  returned: success
  type: str
key_path:
  description: Path of the server certificate's private key.
  returned: success
  type: str
fingerprint:
  description: SHA-256 of the server certificate's DER form, hexadecimal.
  returned: success
  type: str
not_after:
  description: When the server certificate expires (UTC, ISO 8601).
  returned: success
  type: str
  sample: "2027-11-23T06:30:00Z"
days_left:
  description: Whole days until the server certificate expires.
  returned: success
  type: int
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._certificate.local import run_module


def main() -> None:
    """Entry point."""
    run_module(
        AnsibleModule(
            argument_spec={
                "path": {"type": "path", "required": True},
                "names": {"type": "list", "elements": "str", "required": True},
                "common_name": {"type": "str"},
                "ca_common_name": {"type": "str", "default": "vya.observability local CA"},
                "days": {"type": "int", "default": 365},
                "ca_days": {"type": "int", "default": 3650},
                "renew_days": {"type": "int", "default": 30},
                "owner": {"type": "int"},
                "group": {"type": "int"},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
