# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys: what they contain, and whether they belong together.

Works with cryptography 38 (Debian 12) and newer.
"""

from __future__ import annotations

import re
import traceback
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .._failure import Failure

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    CRYPTOGRAPHY_IMPORT_ERROR: str | None = None
except ImportError:
    CRYPTOGRAPHY_IMPORT_ERROR = traceback.format_exc()

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\s*", re.DOTALL)


class CertificateError(Failure):
    """A certificate or key cannot be used. No key is in the message or the values."""


def require_cryptography(module: AnsibleModule) -> None:
    """Fail the module if the library is missing (`certificate.no_cryptography`)."""
    if CRYPTOGRAPHY_IMPORT_ERROR:
        from ansible.module_utils.basic import missing_required_lib

        module.fail_json(
            code="certificate.no_cryptography",
            msg=missing_required_lib("cryptography")
            + " On Debian and Ubuntu: apt-get install python3-cryptography",
            exception=CRYPTOGRAPHY_IMPORT_ERROR,
        )


def load_chain(pem: bytes, label: str) -> list[Any]:
    """Return the certificates of a PEM text, the server's first.

    Raises:
        CertificateError: `certificate.no_certificate` or `certificate.broken`.
    """
    blocks = PEM.findall(pem)
    if not blocks:
        seen = "a private key" if b"PRIVATE KEY" in pem else "no such block"
        raise CertificateError(
            "certificate.no_certificate",
            f"{label}: expected a certificate (PEM); seen: {seen}.",
            name=label,
        )
    try:
        return [x509.load_pem_x509_certificate(block) for block in blocks]
    except ValueError as error:
        raise CertificateError(
            "certificate.broken", f"{label}: the certificate is broken: {error}.", name=label
        ) from error


def load_key(pem: bytes, label: str) -> Any:
    """Return a private key.

    Raises:
        CertificateError: `certificate.no_key`. The key is never in the message.
    """
    try:
        return serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        seen = "one that is encrypted; remove the passphrase, because nobody can enter it at start"
    except ValueError:
        seen = "a certificate" if b"BEGIN CERTIFICATE" in pem else "something else, or a broken one"
    raise CertificateError(
        "certificate.no_key", f"{label}: expected a private key (PEM); seen: {seen}.", name=label
    )


def public_bytes(holder: Any) -> bytes:
    """Return the public key of a certificate or private key, to compare it."""
    return holder.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def names_of(certificate: Any) -> list[str]:
    """Return the DNS names and addresses that a certificate is valid for, in its order."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in names]


def covers(names: list[str], host: str) -> bool:
    """Return whether one of a certificate's names matches the host. `*` stands for one label."""
    host = host.lower().rstrip(".")
    wildcard = "*." + host.partition(".")[2]
    return any(name.lower() in (host, wildcard) for name in names)


def not_before(certificate: Any) -> datetime:
    """Return the start of validity, with its time zone."""
    return _utc(certificate, "not_valid_before")


def not_after(certificate: Any) -> datetime:
    """Return the end of validity, with its time zone."""
    return _utc(certificate, "not_valid_after")


def _utc(certificate: Any, name: str) -> datetime:
    # The attributes with _utc came with cryptography 42; the older ones have no time zone.
    moment = getattr(certificate, f"{name}_utc", None)
    return moment or getattr(certificate, name).replace(tzinfo=timezone.utc)


def now() -> datetime:
    """Return the current time, with its time zone."""
    return datetime.now(timezone.utc)


def days_left(certificate: Any) -> float:
    """Return the days until a certificate expires; negative if it has expired."""
    return (not_after(certificate) - now()).total_seconds() / 86400


def days_of(certificate: Any) -> float:
    """Return the days between the first and the last moment of a certificate."""
    life = not_after(certificate) - _utc(certificate, "not_valid_before")
    return float(life.total_seconds() / 86400)


def fingerprint(certificate: Any) -> str:
    """Return the SHA-256 digest of the certificate's DER form, in hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def check_pair(certificate: bytes, key: bytes, labels: tuple[str, str]) -> Any:
    """Return the server's certificate if it belongs to the key and is valid today.

    Args:
        labels: Names of the certificate and of the key, for messages.

    Raises:
        CertificateError: `certificate.other_key`, `certificate.expired`,
            `certificate.not_yet_valid`, or those of `load_chain` and `load_key`.
    """
    chain = load_chain(certificate, labels[0])
    if public_bytes(chain[0]) != public_bytes(load_key(key, labels[1])):
        about = ", ".join(names_of(chain[0])) or chain[0].subject.rfc4514_string()
        raise CertificateError(
            "certificate.other_key",
            f"{labels[0]} (for {about}) and {labels[1]} do not belong together: the public keys "
            "differ. Likely one of the two was renewed and the other was not"
            + (", or the chain is in the wrong order." if len(chain) > 1 else "."),
            name=labels[0],
            key=labels[1],
        )
    if not_after(chain[0]) < now():
        raise CertificateError(
            "certificate.expired",
            f"{labels[0]} expired on {not_after(chain[0]):%Y-%m-%d %H:%M} UTC; renew it.",
            name=labels[0],
        )
    if not_before(chain[0]) > now():
        raise CertificateError(
            "certificate.not_yet_valid",
            f"{labels[0]} is valid from {not_before(chain[0]):%Y-%m-%d %H:%M} UTC on, which is in "
            "the future: check the clock of this host.",
            name=labels[0],
        )
    return chain[0]
