# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the certificates that a server presents: each link, name, days left, TLS version."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..._certificate.chain import EXPIRES_SOON, Chain, Flaw, common_name, described
from ..._certificate.x509 import covers, days_left, names_of, not_after
from ..._check import Ask, Check
from ..._deadline import deadline, tls
from ..._http.error import HttpError, classify
from ..._http.options import Options
from ..._texts.text import Text, text

try:
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:  # then the session does without, too
    create_urllib3_context = ssl.create_default_context  # type: ignore[assignment]

try:
    from cryptography import x509
except ImportError:  # without it, only OpenSSL's reason describes a refused certificate
    x509 = None  # type: ignore[assignment]

# What only OpenSSL has to say; of the rest, a link is guilty, and OpenSSL does not say which.
HANDSHAKE = frozenset(
    f"http.{kind}" for kind in ("tls", "tls_client", "tls_not_spoken", "tls_no_certificate")
)
NOT_REACHED = frozenset(
    f"http.{kind}" for kind in ("dns", "refused", "unreachable", "timeout", "closed")
)
# What is said of the server's own certificate has the codes of every other request.
OF_THE_LEAF = {
    "leaf_expired": "http.tls_expired",
    "leaf_not_yet_valid": "http.tls_not_yet_valid",
    "untrusted": "http.tls_untrusted",
}


@dataclass(frozen=True)
class Presented:
    """What a handshake brought: the certificates as they were sent, and the version of TLS."""

    sent: list[Any]
    verified: list[Any]
    protocol: str = ""


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
        return _speak(context, host, port, options)
    except (OSError, ValueError):
        return ""


def _context(options: Options, verify: bool) -> ssl.SSLContext:
    # As the session has it, which is as strict as its Python: 3.13 wants what RFC 5280 wants.
    context = create_urllib3_context()
    context.check_hostname, context.verify_mode = True, ssl.CERT_REQUIRED
    if options.ca_path:
        folder = Path(options.ca_path).is_dir()
        context.load_verify_locations(**{"capath" if folder else "cafile": options.ca_path})
    else:
        context.load_default_certs()
    # A certificate without alternative names is refused by browsers, Go and urllib3.
    context.hostname_checks_common_name = False
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.client_cert:
        context.load_cert_chain(options.client_cert, options.client_key)
    return context


def _speak(context: ssl.SSLContext, host: str, port: int, options: Options) -> str:
    address = options.address(host)
    with tls(context, address, port, host, options.timeout) as secure:
        return secure.version() or ""


def _handshake(host: str, port: int, options: Options, verify: bool) -> Presented:
    """Return what a server presents.

    Unverified, it is also what came before a handshake that failed later, as it does where the key
    is not the certificate's.

    Raises:
        OSError: There was no certificate, or it was refused.
    """
    context = _context(options, verify)
    with (
        deadline(options.timeout) as end,
        end.connect(options.address(host), port) as plain,
        context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as secure,
    ):
        try:
            secure.do_handshake()
        except OSError:
            sent = [] if verify else _links(secure, "get_unverified_chain")
            if not sent:
                raise
            return Presented(sent, [])
        leaf = [x509.load_der_x509_certificate(secure.getpeercert(True) or b"")] if x509 else []
        sent = _links(secure, "get_unverified_chain") or leaf
        verified = _links(secure, "get_verified_chain") if verify else []
        return Presented(sent, verified, secure.version() or "")


def _links(secure: ssl.SSLSocket, method: str) -> list[Any]:
    # Public since Python 3.13, there since 3.10; before, only the server's own is known.
    raw = getattr(secure, "_sslobj", None)
    ask = getattr(secure, method, None) or getattr(raw, method, None)
    found = (ask() or ()) if ask and x509 else ()
    ders = [
        one if isinstance(one, bytes) else ssl.PEM_cert_to_DER_cert(one.public_bytes())
        for one in found
    ]
    return [x509.load_der_x509_certificate(der) for der in ders]


def _trusted(options: Options) -> list[Any]:
    ders = _context(options, verify=True).get_ca_certs(binary_form=True)
    found = []
    for der in ders:
        with suppress(ValueError):
            found.append(x509.load_der_x509_certificate(der))
    return found


def _described(seen: Text | str, sent: list[Any]) -> Text:
    """Return why a certificate was refused, with its names, issuer and end."""
    certificate = sent[0]
    subject: Text | list[str] = names_of(certificate)
    if not subject:
        subject = text("certificate_no_name", subject=certificate.subject.rfc4514_string())
    issuer = certificate.issuer.rfc4514_string()
    until = f"{not_after(certificate):%Y-%m-%d %H:%M}"
    values = {"seen": seen, "names": subject, "issuer": issuer, "until": until}
    return Text("certificate_refused", values)


def ask_certificate(host: str, port: int, warn_days: float) -> Ask:
    """Return what is asked of the certificate that a server presents.

    Args:
        warn_days: Fewer days left are a warning.
    """
    return Ask("certificate", f"{host}:{port}", host=host, days=warn_days)


def check_certificate(ask: Ask, host: str, port: int, options: Options, warn_days: float) -> Check:
    """Make a TLS handshake, verified as the session does it, and judge each certificate.

    Args:
        options: Those of the session: CA, client certificate, timeout.
        warn_days: Fewer days left are a warning; those of the certificate that ends first.
    """
    if not options.validate_certs:
        return ask.warn("not_verified")
    try:
        seen = _handshake(host, port, options, verify=True)
    except (OSError, ValueError) as raw:
        error = classify(raw, "TLS", f"https://{host}:{port}", options.timeout, options)
        return _refused(ask, error, host, port, options)
    if not seen.sent:
        return ask.skip("unread", protocol=seen.protocol)
    # The way that OpenSSL took; it is in the order of issuers.
    verified = seen.verified or seen.sent
    chain = Chain(verified, [], seen.sent, verified[-1:])
    first = chain.earliest()
    values: dict[str, Any] = {"left": days_left(first), "protocol": seen.protocol}
    values["issuer"] = common_name(seen.sent[0], issuer=True) or text("issuer_no_name")
    values["link"] = described(first)
    if values["left"] < warn_days:
        return ask.warn(EXPIRES_SOON[chain.place(first)], **values)
    values["seen"] = text("certificate_accepted", protocol=seen.protocol)
    flaw = next(chain.flaws(), None) or chain.not_sent()
    if flaw:
        return ask.warn(flaw.outcome, **{**values, **flaw.values})
    old = _old_protocol(host, port, options)
    return ask.warn("old_protocol", old=old, **values) if old else ask.ok(**values)


def _refused(ask: Ask, error: HttpError, host: str, port: int, options: Options) -> Check:
    old = _old_protocol(host, port, options) if error.code in ("http.tls", "http.closed") else ""
    if old:
        return ask.fail("only_old_protocol", old=old, error=error.seen)
    if error.code in NOT_REACHED:
        return ask.error(error, "skip")
    if error.code in HANDSHAKE or x509 is None:
        return ask.error(error)
    try:
        sent = _handshake(host, port, options, verify=False).sent
    except (OSError, ValueError) as raw:
        seen = text("certificate_unread", seen=error.seen, error=str(raw))
        return ask.made("fail", error.code, {**error.values, "seen": seen})
    values = {**error.values, "seen": _described(error.seen, sent)}
    flaw = _flaw(error, host, Chain.of(sent, _trusted(options)))
    if flaw is None:
        return ask.made("fail", error.code, values)
    return ask.made("fail", OF_THE_LEAF.get(flaw.outcome, flaw.outcome), {**values, **flaw.values})


def _flaw(error: HttpError, host: str, chain: Chain) -> Flaw | None:
    """Return what the presented certificates are guilty of; None if OpenSSL's word is all."""
    if error.code == "http.tls_other_key":
        return None
    broken, right = chain.broken(), covers(names_of(chain.path[0]), host)
    if broken and broken.outcome == "proxy_default":
        return broken
    if not right and any(covers(names_of(one), host) for one in chain.sent[1:]):
        return Flaw("wrong_order", {"link": described(chain.path[0])})
    flaws = list(chain.flaws())
    if error.code == "http.tls_name":
        return next((flaw for flaw in flaws if flaw.outcome == "no_name"), None)
    if error.code == "http.tls_untrusted" and chain.complete and not flaws:
        # Only an intermediate is trusted here, which is enough from Python 3.13 on.
        last = chain.path[-1]
        values = {"link": described(last), "issuer": last.issuer.rfc4514_string()}
        return Flaw("issuer_missing", values) if values["link"] != values["issuer"] else None
    return flaws[0] if flaws else broken


def with_links(checks: Sequence[Check]) -> list[Check]:
    """Return the checks; requests that a certificate has failed say which link is guilty."""
    guilty = {
        f"{each.values.get('host')}:{each.values.get('port')}": each
        for each in checks
        if each.name == "certificate" and each.status == "fail" and each.code.startswith("certif")
    }

    def explained(check: Check) -> Check:
        values = check.values
        link = guilty.get(f"{values.get('host')}:{values.get('port')}")
        if check is link or link is None or not check.code.startswith("http.tls"):
            return check
        return replace(check, code=link.code, values={**link.values, **values})

    return [explained(check) for check in checks]
