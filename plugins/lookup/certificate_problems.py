# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what is wrong with a certificate and its key, before either leaves the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: certificate_problems
short_description: What is wrong with a certificate, its key and the names it shall serve
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Looks at a certificate and a key that are variables, on the controller, before a deploy
    touches anything.
  - An empty list means that they belong together, are valid today, and cover the names.
options:
  _terms:
    description: The certificate chain and its private key (PEM texts).
    type: list
    elements: str
    required: true
  names:
    description: Host names that the certificate has to cover.
    type: list
    elements: str
    default: []
requirements:
  - cryptography 38 or newer
"""

EXAMPLES = r"""
- name: Refuse a certificate that does not match
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ query('vya.observability.certificate_problems', certificate, key,
               names=['prometheus.example.com']) }}
"""

RETURN = r"""
_raw:
  description: The problems, a sentence each. The key is never part of one.
  type: list
  elements: str
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils._certificate.x509 import (
    CRYPTOGRAPHY_IMPORT_ERROR,
    CertificateError,
    check_pair,
    covers,
    names_of,
)


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[str]:
        """Return the problems; raises AnsibleError for a wrong call."""
        self.set_options(var_options=variables, direct=kwargs)
        if CRYPTOGRAPHY_IMPORT_ERROR is not None:
            raise AnsibleError("certificate_problems needs cryptography on the controller.")
        if len(terms) != 2:
            raise AnsibleError("certificate_problems takes a certificate and its key.")
        certificate, key = (term.encode() for term in terms)
        try:
            leaf = check_pair(certificate, key, ("the certificate", "the key"))
        except CertificateError as error:
            return [str(error)]
        has = names_of(leaf)
        return [
            f"the certificate is not for {name}; it is for {', '.join(has)}."
            for name in self.get_option("names")
            if not covers(has, name)
        ]
