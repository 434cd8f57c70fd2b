# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys: what they say, and whether they belong together.

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
    """A certificate or key that cannot be used. No key is in its message or values."""


def require_cryptography(module: AnsibleModule) -> None:
    """Fail the module where the library is missing."""
    if CRYPTOGRAPHY_IMPORT_ERROR:
        from ansible.module_utils.basic import missing_required_lib

        module.fail_json(
            code="certificate.no_cryptography",
            msg=missing_required_lib("cryptography")
            + " On Debian and Ubuntu: apt-get install python3-cryptography",
            exception=CRYPTOGRAPHY_IMPORT_ERROR,
        )


def load_chain(pem: bytes, label: str) -> list[Any]:
    """The certificates of a PEM text, the server's first. Raises CertificateError."""
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
    """A private key. Raises CertificateError; the key is never in the text."""
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
    """The public key of a certificate or private key, to compare."""
    return holder.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def names_of(certificate: Any) -> list[str]:
    """The DNS names and addresses that a certificate is for, as texts, in its order."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in names]


def covers(names: list[str], host: str) -> bool:
    """Whether one of a certificate's names is for the host. `*` stands for one label."""
    host = host.lower().rstrip(".")
    wildcard = "*." + host.partition(".")[2]
    return any(name.lower() in (host, wildcard) for name in names)


def not_before(certificate: Any) -> datetime:
    """Start of validity, with its time zone."""
    return _utc(certificate, "not_valid_before")


def not_after(certificate: Any) -> datetime:
    """End of validity, with its time zone."""
    return _utc(certificate, "not_valid_after")


def _utc(certificate: Any, name: str) -> datetime:
    # The attributes with _utc came with cryptography 42; the older ones have no time zone.
    moment = getattr(certificate, f"{name}_utc", None)
    return moment or getattr(certificate, name).replace(tzinfo=timezone.utc)


def now() -> datetime:
    """The time, with its time zone."""
    return datetime.now(timezone.utc)


def days_left(certificate: Any) -> float:
    """Days until a certificate expires; negative when it has."""
    return (not_after(certificate) - now()).total_seconds() / 86400


def fingerprint(certificate: Any) -> str:
    """SHA-256 of the certificate's DER form, as hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def check_pair(certificate: bytes, key: bytes, labels: tuple[str, str]) -> Any:
    """The server's certificate, when it belongs to the key and is valid today.

    Raises CertificateError naming the file that is wrong.
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
