# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that a server presents: chain, name, days left, protocol."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..._check import Check
from ..._http.error import HttpError, classify
from ..._http.options import Options

try:
    from cryptography import x509
except ImportError:  # then a refused certificate is described by OpenSSL's reason alone
    x509 = None  # type: ignore[assignment]

DAY = 86400.0
OLD_FIX = "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)"
NOT_REACHED = frozenset(
    f"http.{kind}" for kind in ("dns", "refused", "unreachable", "timeout", "closed")
)


def tls_hosts(urls: Iterable[str]) -> list[tuple[str, int]]:
    """Host and port of each https URL, once, in order."""
    parts = [urlsplit(url) for url in urls]
    found = {(p.hostname or "", p.port or 443): None for p in parts if p.scheme == "https"}
    return list(found)


def _old_protocol(host: str, port: int, options: Options) -> str:
    """What older than TLS 1.2 the server speaks. Empty where this host's OpenSSL cannot tell."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")  # else OpenSSL itself offers nothing so old
        context.minimum_version, context.maximum_version = (
            ssl.TLSVersion.TLSv1,
            ssl.TLSVersion.TLSv1_1,
        )
        if options.client_cert:
            context.load_cert_chain(options.client_cert, options.client_key)
        return _speak(context, host, port, options)[2]
    except (OSError, ValueError):
        return ""


def _context(options: Options, verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if options.ca_path:
        # Not create_default_context(cafile=...): that would still leave room for other stores.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        folder = Path(options.ca_path).is_dir()
        context.load_verify_locations(**{"capath" if folder else "cafile": options.ca_path})
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.client_cert:
        context.load_cert_chain(options.client_cert, options.client_key)
    return context


def _handshake(host: str, port: int, options: Options, verify: bool) -> tuple[Any, bytes, str]:
    """The certificate as a dict (empty unless verified) and as DER, and the protocol."""
    return _speak(_context(options, verify), host, port, options)


def _speak(
    context: ssl.SSLContext, host: str, port: int, options: Options
) -> tuple[Any, bytes, str]:
    address = (options.address(host), port)
    plain = socket.create_connection(address, options.timeout)
    with plain, context.wrap_socket(plain, server_hostname=host) as secure:
        der = secure.getpeercert(binary_form=True) or b""
        return secure.getpeercert(), der, secure.version() or ""


def _described(host: str, port: int, options: Options) -> str:
    """What a certificate that was refused says of itself."""
    if x509 is None:
        return ""
    try:
        _peer, der, _protocol = _handshake(host, port, options, verify=False)
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        subject = ", ".join(str(name.value) for name in names)
    except x509.ExtensionNotFound:
        subject = f"no name ({certificate.subject.rfc4514_string()})"
    except (OSError, ValueError) as error:
        return f"; the certificate could not be read ({error})"
    # not_valid_after_utc came with cryptography 42; the older one is UTC as well.
    until = getattr(certificate, "not_valid_after_utc", None) or certificate.not_valid_after
    issuer = certificate.issuer.rfc4514_string()
    return (
        f"; certificate for {subject}, issued by {issuer}, valid until {until:%Y-%m-%d %H:%M} UTC"
    )


def check_certificate(host: str, port: int, options: Options, warn_days: float) -> Check:
    """Shake hands, verified as the session does; fewer than C(warn_days) days left warn."""
    check_id = f"certificate {host}:{port}"
    expected = f"trusted, for {host}, at least {warn_days:g} days left, TLS 1.2 or newer"
    if not options.validate_certs:
        cause, fix = "the option validate_certs is off", "turn it on, with the CA in ca_path"
        return Check(check_id, "warn", expected, "not verified", cause, fix)
    try:
        peer, _der, protocol = _handshake(host, port, options, verify=True)
    except (OSError, ValueError) as raw:
        error = classify(raw, "TLS", f"https://{host}:{port}", options.timeout, options)
        return _refused(check_id, expected, error, host, port, options)
    left = (ssl.cert_time_to_seconds(peer["notAfter"]) - time.time()) / DAY
    issuer = ", ".join(v for part in peer["issuer"] for k, v in part if k == "commonName")
    seen = f"{left:.1f} days left, {protocol}, issued by {issuer or 'an issuer without a name'}"
    if left < warn_days:
        cause = "the certificate is not renewed in time"
        fix = f"renew the certificate of {host}, and find out why nothing did"
        return Check(check_id, "warn", expected, seen, cause, fix)
    old = _old_protocol(host, port, options)
    if old:
        seen += f"; {old} is spoken as well"
        cause = "the server, or the proxy before it, allows protocols that are no longer safe"
        return Check(check_id, "warn", expected, seen, cause, OLD_FIX)
    return Check(check_id, "pass", expected, seen)


def _refused(
    check_id: str, expected: str, error: HttpError, host: str, port: int, options: Options
) -> Check:
    if error.code in NOT_REACHED:
        seen = f"not reached: {error.seen}"
        return Check(check_id, "skip", expected, seen, error.cause, error.fix)
    old = _old_protocol(host, port, options) if error.code == "http.tls" else ""
    if old:
        seen = error.seen + f"; nothing newer than {old} is spoken"
        cause = "the server, or the proxy before it, is set to protocols that are no longer safe"
        return Check(check_id, "fail", expected, seen, cause, OLD_FIX)
    about = _described(host, port, options) if error.code != "http.tls_not_spoken" else ""
    return Check(check_id, "fail", expected, error.seen + about, error.cause, error.fix)
