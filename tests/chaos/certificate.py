# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a certificate that is wrong: ``python -m tests.chaos.certificate KIND AUTHORITY TARGET``."""

from __future__ import annotations

import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ..certificates import certificate, new_key, pem


def main(kind: str, authority: Path, target: Path) -> None:
    """Write `server.crt` and `server.key` into the target.

    Args:
        kind: `expired`, `name` (another name) or `authority` (another authority of the same name).
        authority: The directory of the local authority.
    """
    found = x509.load_pem_x509_certificate((authority / "ca.crt").read_bytes())
    signs = load_pem_private_key((authority / "ca.key").read_bytes(), None)
    assert isinstance(signs, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey))
    server = x509.load_pem_x509_certificate((authority / "server.crt").read_bytes())
    alternative = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    key, names = new_key(), [*alternative]
    if kind == "authority":
        signs = new_key()
        name = found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
        found = certificate(signs, str(name), days=30, authority=True)
    if kind == "name":
        names = [x509.DNSName("elsewhere.example.com")]
    made = certificate(
        key, "chaos", names, days=-2 if kind == "expired" else 30, issuer=(found, signs)
    )
    (target / "server.crt").write_text(pem(made))
    (target / "server.key").write_text(pem(key))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
