# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign the certificates of a local authority and of a server (EC P-256, SHA-256)."""

from __future__ import annotations

import contextlib
import ipaddress
from datetime import timedelta
from typing import Any

from .x509 import now

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError:
    pass  # _certificate.require_cryptography says so

SKEW = timedelta(minutes=5)  # certificates start in the past, for clients whose clock is behind


def new_key() -> Any:
    """Return a new private key on the curve P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: Any) -> bytes:
    """Return a private key as PEM (PKCS #8), without a passphrase."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def certificate_pem(certificate: Any) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def name_of(common_name: str) -> Any:
    """Return a subject that is only a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def common_name_of(subject: Any) -> str:
    """Return the common name of a subject, or an empty text."""
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def address(name: str) -> Any:
    """Return the text as an IP address, or None if it is not one."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name)
    return None


def is_authority(certificate: Any, key: Any) -> bool:
    """Return whether a certificate may sign others, and its key is an EC key."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca and isinstance(key, ec.EllipticCurvePrivateKey)


def signed_by(certificate: Any, key: Any) -> bool:
    """Return whether a certificate was signed with the key."""
    try:
        key.public_key().verify(
            certificate.signature,
            certificate.tbs_certificate_bytes,
            ec.ECDSA(certificate.signature_hash_algorithm),
        )
    except InvalidSignature:
        return False
    return True


def sign_authority(subject: Any, key: Any, days: float, issuer_key: Any = None) -> Any:
    """Return an authority's own certificate.

    Args:
        issuer_key: The key of the authority that had this name before. Who trusts that one then
            trusts this one, too (RFC 4210, "new with old").
    """
    issuer_key = issuer_key or key
    return (
        _builder(subject, subject, key, issuer_key, days)
        # No limit of the path: clients written in Go count a predecessor, OpenSSL does not.
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), True)
        .sign(issuer_key, hashes.SHA256())
    )


def sign_server(
    subject: Any, names: list[str], key: Any, days: int, issuer: Any, issuer_key: Any
) -> Any:
    """Return a server's certificate for DNS names and addresses."""
    alternatives = [
        x509.IPAddress(address(name)) if address(name) else x509.DNSName(name) for name in names
    ]
    return (
        _builder(subject, issuer, key, issuer_key, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(_usage(digital_signature=True), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectAlternativeName(alternatives), False)
        .sign(issuer_key, hashes.SHA256())
    )


def _builder(subject: Any, issuer: Any, key: Any, issuer_key: Any, days: float) -> Any:
    moment = now()
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - SKEW)
        .not_valid_after(moment + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(issuer_id, False)
    )


def _usage(**on: bool) -> Any:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: on.get(name, False) for name in names.split()})
