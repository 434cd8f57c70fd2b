# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for servers of the tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SIGNS = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(what: Key | x509.Certificate) -> str:
    if isinstance(what, x509.Certificate):
        return what.public_bytes(serialization.Encoding.PEM).decode()
    return what.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def certificate(
    key: Key,
    name: str,
    names: Sequence[x509.GeneralName] = (),
    *,
    days: float = 30,
    issuer: tuple[x509.Certificate, Key] | None = None,
    authority: bool = False,
    usage: x509.ObjectIdentifier | None = None,
    below: int | None = None,
    more: Sequence[x509.ExtensionType] = (),
) -> x509.Certificate:
    """A certificate that signs itself unless it has an issuer; valid since two months or, when it
    is no longer, since a day before its end.

    Args:
        below: How many intermediates an authority allows below it.
        more: Further critical extensions.
    """
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    end = now + timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, end) - timedelta(days=1))
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=below), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        # Python 3.13 wants to find it in what another key has signed.
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                (issuer[0] if issuer else key).public_key()
            ),
            critical=False,
        )
    )
    if authority:
        builder = builder.add_extension(SIGNS, critical=True)
    for extension in more:
        builder = builder.add_extension(extension, critical=True)
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def own_certificate(directory: Path, name: str) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that is its own authority, for a server and its clients; and its
    key."""
    key = new_key()
    address = x509.IPAddress(ip_address("127.0.0.1"))
    paths = directory / f"{name}.crt", directory / f"{name}.key"
    paths[0].write_text(pem(certificate(key, name, [address], authority=True)))
    paths[1].write_text(pem(key))
    return paths


def signed_with_sha1(which: x509.Certificate, key: rsa.RSAPrivateKey) -> x509.Certificate:
    """The same certificate, signed anew by its issuer's key: the library makes none like it."""
    new, old = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01" + end for end in (b"\x05", b"\x0b"))
    content = which.tbs_certificate_bytes.replace(old, new)
    signature = key.sign(content, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - what it is for
    der = which.public_bytes(serialization.Encoding.DER).replace(old, new)
    return x509.load_der_x509_certificate(der.replace(which.signature, signature))
