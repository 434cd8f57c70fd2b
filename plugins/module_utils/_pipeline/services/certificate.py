# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the certificate that a server presents: chain, name, days left, TLS version."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..._check import Ask, Check
from ..._deadline import tls
from ..._http.error import HttpError, classify
from ..._http.options import Options
from ..._texts.text import Text, text

try:
    from cryptography import x509
except ImportError:  # without it, only OpenSSL's reason describes a refused certificate
    x509 = None  # type: ignore[assignment]

DAY = 86400.0
NOT_REACHED = frozenset(
    f"http.{kind}" for kind in ("dns", "refused", "unreachable", "timeout", "closed")
)


def tls_hosts(urls: Iterable[str]) -> list[tuple[str, int]]:
    """Return host and port of each https URL, without duplicates, in their order."""
    parts = [urlsplit(url) for url in urls]
    found = {(p.hostname or "", p.port or 443): None for p in parts if p.scheme == "https"}
    return list(found)


def _old_protocol(host: str, port: int, options: Options) -> str:
    """Return the version older than TLS 1.2 that the server accepts; empty if none is known."""
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
    """Return the certificate as a dict (empty unless verified) and as DER, and the TLS version."""
    return _speak(_context(options, verify), host, port, options)


def _speak(
    context: ssl.SSLContext, host: str, port: int, options: Options
) -> tuple[Any, bytes, str]:
    address = options.address(host)
    with tls(context, address, port, host, options.timeout) as secure:
        der = secure.getpeercert(binary_form=True) or b""
        return secure.getpeercert(), der, secure.version() or ""


def _described(seen: Text | str, host: str, port: int, options: Options) -> Text | str:
    """Return why a certificate was refused, with its names, issuer and end."""
    if x509 is None:
        return seen
    try:
        _peer, der, _protocol = _handshake(host, port, options, verify=False)
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        subject: Text | list[str] = [str(name.value) for name in names]
    except x509.ExtensionNotFound:
        subject = text("certificate_no_name", subject=certificate.subject.rfc4514_string())
    except (OSError, ValueError) as error:
        return text("certificate_unread", seen=seen, error=str(error))
    # not_valid_after_utc came with cryptography 42; the older one is UTC as well.
    until = getattr(certificate, "not_valid_after_utc", None) or certificate.not_valid_after
    issuer = certificate.issuer.rfc4514_string()
    values = {"seen": seen, "names": subject, "issuer": issuer, "until": f"{until:%Y-%m-%d %H:%M}"}
    return Text("certificate_refused", values)


def ask_certificate(host: str, port: int, warn_days: float) -> Ask:
    """Return what is asked of the certificate that a server presents.

    Args:
        warn_days: Fewer days left are a warning.
    """
    return Ask("certificate", f"{host}:{port}", host=host, days=warn_days)


def check_certificate(ask: Ask, host: str, port: int, options: Options, warn_days: float) -> Check:
    """Make a TLS handshake, verified as the session does it, and judge the certificate.

    Args:
        options: Those of the session: CA, client certificate, timeout.
        warn_days: Fewer days left are a warning.
    """
    if not options.validate_certs:
        return ask.warn("not_verified")
    try:
        peer, _der, protocol = _handshake(host, port, options, verify=True)
    except (OSError, ValueError) as raw:
        error = classify(raw, "TLS", f"https://{host}:{port}", options.timeout, options)
        return _refused(ask, error, host, port, options)
    left = (ssl.cert_time_to_seconds(peer["notAfter"]) - time.time()) / DAY
    issuer = ", ".join(v for part in peer["issuer"] for k, v in part if k == "commonName")
    seen: dict[str, Any] = {"left": left, "protocol": protocol}
    seen["issuer"] = issuer or text("issuer_no_name")
    if left < warn_days:
        return ask.warn("expires_soon", **seen)
    old = _old_protocol(host, port, options)
    return ask.warn("old_protocol", old=old, **seen) if old else ask.ok(**seen)


def _refused(ask: Ask, error: HttpError, host: str, port: int, options: Options) -> Check:
    if error.code in NOT_REACHED:
        return ask.error(error, "skip")
    old = _old_protocol(host, port, options) if error.code == "http.tls" else ""
    if old:
        return ask.fail("only_old_protocol", old=old, error=error.seen)
    if error.code == "http.tls_not_spoken":
        return ask.error(error)
    seen = _described(error.seen, host, port, options)
    return ask.made("fail", error.code, {**error.values, "seen": seen})
