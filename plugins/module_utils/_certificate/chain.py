# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chain of certificates as it was presented or given, judged link by link."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .x509 import (
    CertificateError,
    check_pair,
    days_left,
    load_chain,
    names_of,
    not_after,
    not_before,
    now,
)

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.x509.oid import (
        AuthorityInformationAccessOID,
        ExtendedKeyUsageOID,
        NameOID,
    )
except ImportError:
    pass  # _certificate.require_cryptography says so

LEAST_RSA, LEAST_EC = 2048, 224  # bits
WEAK_DIGESTS = frozenset({"md5", "sha1"})
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"  # of Debian and Ubuntu
# Outcomes by what a link is.
EXPIRED = {
    "leaf": "leaf_expired",
    "intermediate": "intermediate_expired",
    "authority": "authority_expired",
}
NOT_YET_VALID = {
    "leaf": "leaf_not_yet_valid",
    "intermediate": "intermediate_not_yet_valid",
    "authority": "authority_not_yet_valid",
}
EXPIRES_SOON = {
    "leaf": "expires_soon",
    "intermediate": "intermediate_expires_soon",
    "authority": "authority_expires_soon",
}
DEFAULT_OF_TRAEFIK = "TRAEFIK DEFAULT CERT"


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a chain: an outcome of the check `certificate`, and its values."""

    outcome: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """The way from a server's certificate to an authority, as far as it can be followed.

    Args:
        path: The server's certificate, then the issuer of each; the last one may be the authority.
        unused: What was sent and is not on the way.
        sent: The certificates that the server sends.
        trusted: The authorities that are known to be trusted.
    """

    path: list[Any]
    unused: list[Any]
    sent: Sequence[Any]
    trusted: Sequence[Any]

    @classmethod
    def of(cls, sent: Sequence[Any], trusted: Sequence[Any] = ()) -> Chain:
        """Follow a chain from its first certificate."""
        path = [sent[0]]
        while not _self_signed(path[-1]):
            # As OpenSSL: what is trusted ends the way, whatever else was sent.
            known = [one for one in (*trusted, *sent[1:]) if one not in path]
            issuer = next((one for one in known if signed_by(path[-1], one)), None)
            if issuer is None:
                break
            path.append(issuer)
        return cls(path, [one for one in sent if one not in path], sent, trusted)

    @property
    def complete(self) -> bool:
        """Return whether it ends at an authority that is trusted."""
        return self.path[-1] in self.trusted

    def earliest(self) -> Any:
        """Return the certificate of the way that ends first."""
        return min(self.path, key=not_after)

    def place(self, certificate: Any) -> str:
        """Return what a certificate of the way is: `leaf`, `intermediate` or `authority`."""
        if certificate == self.path[0]:
            return "leaf"
        ends = certificate in self.trusted or _self_signed(certificate)
        return "authority" if ends else "intermediate"

    def flaws(self) -> Iterator[Flaw]:
        """Yield what is wrong with the links themselves, the worst first."""
        for number, certificate in enumerate(self.path):
            place, values = self.place(certificate), self._values(certificate)
            # One that has issued itself, as in a change of keys, does not count (RFC 5280).
            below = sum(one.subject != one.issuer for one in self.path[1:number])
            if not_after(certificate) < now():
                yield Flaw(EXPIRED[place], values)
            if not_before(certificate) > now():
                yield Flaw(NOT_YET_VALID[place], values)
            if place != "leaf" and not _may_sign(certificate):
                yield Flaw("not_an_authority", values)
            if not _for_servers(certificate):
                yield Flaw("not_for_servers", values)
            most = _path_length(certificate)
            if most is not None and below > most:
                yield Flaw("too_long", {**values, "below": below, "most": most})
            yield from self._weak(certificate, place, values)
        if not names_of(self.path[0]):
            yield Flaw("no_name", self._values(self.path[0]))

    def broken(self) -> Flaw | None:
        """Return why it ends before an authority that is trusted; None if it does not."""
        if self.complete:
            return None
        last = self.path[-1]
        values = self._values(last)
        same = [one for one in self.trusted if one.subject == last.issuer]
        if _self_signed(last):
            alone = len(self.path) == 1
            if alone and common_name(last) == DEFAULT_OF_TRAEFIK:
                return Flaw("proxy_default", values)
            return Flaw(
                "other_authority" if same else "self_signed" if alone else "untrusted", values
            )
        if same:
            return Flaw("other_authority", values)
        others = [described(one) for one in self.unused if not _self_signed(one)]
        if others:
            return Flaw("wrong_intermediate", {**values, "sent": others})
        return Flaw("issuer_missing", values)

    def not_sent(self) -> Flaw | None:
        """Return the intermediate that clients need and only this host has; None without one."""
        for certificate in self.path[1:]:
            if certificate not in self.sent and not _self_signed(certificate):
                if certificate == self.path[-1]:
                    return None  # it is trusted itself
                return Flaw("intermediate_not_sent", self._values(certificate))
        return None

    def _values(self, certificate: Any) -> dict[str, Any]:
        return {
            "link": described(certificate),
            "issuer": certificate.issuer.rfc4514_string(),
            "until": f"{not_after(certificate):%Y-%m-%d %H:%M}",
            "since": f"{not_before(certificate):%Y-%m-%d %H:%M}",
            "left": days_left(certificate),
        }

    def _weak(self, certificate: Any, place: str, values: dict[str, Any]) -> Iterator[Flaw]:
        key = certificate.public_key()
        bits = getattr(key, "key_size", None)  # curves of Edwards have none
        least = LEAST_EC if isinstance(key, ec.EllipticCurvePublicKey) else LEAST_RSA
        if bits and bits < least:
            yield Flaw("weak_key", {**values, "bits": bits, "least": least})
        digest = getattr(certificate.signature_hash_algorithm, "name", "")
        # Nobody verifies the signature of an authority that is trusted as it is.
        if digest in WEAK_DIGESTS and place != "authority":
            yield Flaw("weak_signature", {**values, "digest": digest})


# What is wrong with a chain that is given, in words that an error has; the check has its own.
GIVEN = {
    "intermediate_expired": "the intermediate {link} expired on {until} UTC: put the authority's "
    "current one into the file",
    "intermediate_not_yet_valid": "the intermediate {link} is valid from {since} UTC on",
    "not_an_authority": "{link} has signed the certificate before it, and is none of an authority",
    "weak_key": "the key of {link} has {bits} bits; at least {least} are needed",
    "weak_signature": "{link} is signed with {digest}, which can be forged",
    "no_name": "{link} has no subject alternative name, and clients no longer read the common name",
    "not_for_servers": "the extended key usage of {link} does not have serverAuth",
    "too_long": "{link} allows {most} intermediates below it; the file has {below}",
    "wrong_intermediate": "{link} was issued by {issuer}; the file has another one instead",
    "other_authority": "{link} was issued by {issuer}, and the authority of this name that is "
    "trusted has another key",
    "issuer_missing": "{link} was issued by {issuer}, which is neither in the file nor trusted "
    "here: put that intermediate below it",
}


def check_given(
    certificate: bytes,
    key: bytes,
    labels: tuple[str, str],
    trusted: Sequence[Any] = (),
    known: bool = False,
) -> Chain:
    """Return the chain of a file if it can be presented, with its key.

    Args:
        labels: Names of the certificate and of the key, for messages.
        trusted: Authorities.
        known: These are all that those who will ask trust.

    Raises:
        CertificateError: One of `check_pair`, or `certificate.OUTCOME` of a flaw.
    """
    check_pair(certificate, key, labels)
    chain = Chain.of(load_chain(certificate, labels[0]), trusted)
    broken = chain.broken()
    if broken and broken.outcome in ("issuer_missing", "other_authority"):
        # A private authority may sign servers itself. A public one does not, and its intermediates
        # say where their issuer is.
        known = known or bool(trusted and has_public_issuer(chain.path[-1]))
        broken = broken if known else None
    for flaw in [*chain.flaws(), *([broken] if broken else [])]:
        if flaw.outcome in GIVEN:
            said = GIVEN[flaw.outcome].format_map(flaw.values)
            values = {name: flaw.values[name] for name in ("link", "issuer", "until")}
            raise CertificateError(
                f"certificate.{flaw.outcome}", f"{labels[0]}: {said}.", name=labels[0], **values
            )
    return chain


def authorities(path: str = "") -> list[Any]:
    """Return the authorities of a file, or those that this machine trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if path:
        context.load_verify_locations(path)
    else:
        context.load_default_certs()
        with suppress(OSError, ValueError):  # a directory's are read only when they are needed
            context.load_verify_locations(BUNDLE)
    found = []
    for der in context.get_ca_certs(binary_form=True):
        with suppress(ValueError):
            found.append(x509.load_der_x509_certificate(der))
    return found


def described(certificate: Any) -> str:
    """Return a certificate's subject, or its names if the subject is empty."""
    return certificate.subject.rfc4514_string() or ", ".join(names_of(certificate)) or "?"


def common_name(certificate: Any, issuer: bool = False) -> str:
    """Return the common name of a certificate or of its issuer, or an empty text."""
    name = certificate.issuer if issuer else certificate.subject
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def has_public_issuer(certificate: Any) -> bool:
    """Return whether a certificate says where its issuer's certificate can be fetched."""
    access = _extension(certificate, x509.AuthorityInformationAccess)
    wanted = AuthorityInformationAccessOID.CA_ISSUERS
    return any(one.access_method == wanted for one in access or ())


def signed_by(certificate: Any, issuer: Any) -> bool:
    """Return whether a certificate names the issuer and was signed with its key."""
    if certificate.issuer != issuer.subject:
        return False
    key, digest = issuer.public_key(), certificate.signature_hash_algorithm
    signature, content = certificate.signature, certificate.tbs_certificate_bytes
    try:
        if isinstance(key, rsa.RSAPublicKey):
            parameters = getattr(certificate, "signature_algorithm_parameters", None)
            how = parameters if isinstance(parameters, padding.PSS) else padding.PKCS1v15()
            key.verify(signature, content, how, digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(digest))
        else:
            key.verify(signature, content)
    except (InvalidSignature, TypeError, ValueError):
        return False
    except Exception as error:  # an algorithm that this library no longer verifies
        return type(error).__name__ == "UnsupportedAlgorithm"
    return True


def _self_signed(certificate: Any) -> bool:
    """Return whether it is a root; one that only names itself may be signed by the key before."""
    return signed_by(certificate, certificate)


def _extension(certificate: Any, kind: Any) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def _may_sign(certificate: Any) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    return bool(constraints and constraints.ca and (usage is None or usage.key_cert_sign))


def _path_length(certificate: Any) -> int | None:
    """Return how many intermediates may be below an authority; None for any number."""
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints.path_length if constraints and constraints.ca else None


def _for_servers(certificate: Any) -> bool:
    usage = _extension(certificate, x509.ExtendedKeyUsage)
    wanted = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return usage is None or any(one in usage for one in wanted)
