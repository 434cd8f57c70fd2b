# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""An authority that tests trust, or not."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.vya.observability.plugins.module_utils._certificate import sign


class Authority:
    """An authority, and a certificate of it with the server's key: files in PEM form."""

    def __init__(self, directory: Path) -> None:
        self.certificate = directory / "ca.pem"
        self._directory = directory
        self._key = sign.new_key()
        self._name = sign.name_of("a CA")
        authority = sign.sign_authority(self._name, self._key, 2)
        self.certificate.write_bytes(sign.certificate_pem(authority))
        self.server = self.issue("localhost")

    def issue(self, name: str) -> Path:
        """A server's certificate and its key, in one file."""
        key = sign.new_key()
        subject = sign.name_of(name)
        certificate = sign.sign_server(subject, [name], key, 2, self._name, self._key)
        path = self._directory / f"{name}.pem"
        path.write_bytes(sign.certificate_pem(certificate) + sign.key_pem(key))
        return path
