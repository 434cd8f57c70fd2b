# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong with a request: classified, with the likely cause and the next step."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

# kind: (likely cause, next step). {host}, {port} and {address} are filled in.
CAUSES: dict[str, tuple[str, str]] = {
    "option": ("the value given to the module", "correct the variable that sets it"),
    "dns": (
        "the DNS record of {host} is missing, or this host's resolver does not know it",
        "create the record, or give the address in the option resolve",
    ),
    "refused": (
        "nothing listens on port {port} of {address}: service down, wrong port or wrong host",
        "compare the port with what the service publishes (docker ps, ss -ltn)",
    ),
    "unreachable": (
        "no route to {address}, or a firewall rejects",
        "check route and firewall between this host and {address}",
    ),
    "timeout": (
        "the service hangs or is overloaded, or a firewall drops packets to {address}:{port}",
        "ask it from its own host; raise the option timeout if it is only slow",
    ),
    "closed": (
        "the server closed the connection without an answer: crash, restart, or TLS is expected",
        "read the service's log; check http:// against https://",
    ),
    "tls_untrusted": (
        "the certificate of {host} was signed by an authority that is not trusted here",
        "give the right CA bundle in the option ca_path, or serve the whole chain",
    ),
    "tls_name": (
        "{address}:{port} presents a certificate that is not for {host}",
        "check host and port; issue the certificate for {host} (subject alternative name)",
    ),
    "tls_expired": ("renewal of the certificate stopped", "renew the certificate of {host}"),
    "tls_not_yet_valid": (
        "the certificate is of the future, or this host's clock is behind",
        "check the clocks (NTP)",
    ),
    "tls_not_spoken": (
        "port {port} of {address} does not speak TLS",
        "use http://, or the port of the TLS listener",
    ),
    "tls_client": (
        "the server wants a client certificate, or refuses the one it got",
        "give client_cert and client_key",
    ),
    "tls": ("the TLS handshake failed", "compare protocol versions and ciphers of both ends"),
    "not_json": (
        "another service, or a proxy's error or login page, answers at this address",
        "check host, port and path",
    ),
    "too_large": ("another service answers here", "check host, port and path"),
    "redirect": (
        "a proxy sends to another scheme, path or login page",
        "use the final URL",
    ),
    "login": (
        "the service, or a proxy before it, wants a login first",
        "give credentials, or a URL that answers without a login",
    ),
    "other": ("see what was seen", "repeat the request by hand from this host"),
}

# In host or path of what is redirected to.
LOGIN = re.compile(r"(?i)(?:^|[./_-])(?:log-?in|sign-?in|sso|oauth2?|auth|authorize)(?:$|[./_-])")

STATUS_CAUSES: dict[int, tuple[str, str]] = {
    400: ("the server refuses the content of the request", "read its answer above"),
    401: ("no credentials, or wrong ones", "check url_username/url_password or bearer_token"),
    403: ("these credentials may not do this", "check the permissions of the user"),
    404: ("wrong path or prefix, or another service at this address", "check host, port and path"),
    405: ("another service at this address", "check host, port and path"),
    429: ("too many requests", "wait, or raise the server's limit"),
    502: ("the proxy is up, the service behind it is not", "check the service and the route"),
    503: ("the service is starting, stopping or overloaded", "read the service's log"),
    504: ("the service behind the proxy does not answer in time", "read the service's log"),
}


class HttpError(Exception):
    """A request that failed. C(kind) is a key of CAUSES, or C(http_status) with C(status) set."""

    def __init__(
        self, kind: str, subject: str, expected: str, seen: str, cause: str, fix: str
    ) -> None:
        self.kind = kind
        self.subject = subject
        self.expected = expected
        self.seen = seen
        self.cause = cause
        self.fix = fix
        self.status: int | None = None
        super().__init__(
            f"{subject}: expected {expected}; seen: {seen}; likely cause: {cause}; next: {fix}"
        )

    @classmethod
    def of(
        cls, kind: str, method: str, url: str, expected: str, seen: str, address: str = ""
    ) -> HttpError:
        """An error of a kind in CAUSES, for a request."""
        parts = urlsplit(url)
        words = {
            "host": parts.hostname,
            "port": parts.port or {"https": 443}.get(parts.scheme, 80),
            "address": address or parts.hostname,
        }
        cause, fix = (text.format(**words) for text in CAUSES[kind])
        return cls(kind, f"{method} {url}", expected, seen, cause, fix)

    @classmethod
    def option(cls, option: str, expected: str, seen: str) -> HttpError:
        """A module option that cannot be used; nothing has been asked yet."""
        return cls("option", f"option {option}", expected, seen, *CAUSES["option"])

    @classmethod
    def status_of(cls, response: Any, expected: Collection[int]) -> HttpError:
        """An answer whose status is not among the expected ones."""
        statuses = " or ".join(str(status) for status in sorted(expected))
        location = response.headers.get("Location")
        body = " ".join(response.text.split())[:160]
        seen = f"{response.status} to {location}" if location else f"{response.status} {body}"
        if 300 <= response.status < 400:
            to = urlsplit(location or "")
            kind = "login" if LOGIN.search(to.netloc + to.path) else "redirect"
            error = cls.of(kind, response.method, response.url, statuses, seen)
        else:
            cause, fix = STATUS_CAUSES.get(
                response.status, ("an error inside the service", "read the service's log")
            )
            subject = f"{response.method} {response.url}"
            error = cls("http_status", subject, statuses, seen.strip(), cause, fix)
        error.status = response.status
        return error


def _chain(error: BaseException | None, seen: set[int] | None = None) -> Iterator[BaseException]:
    """The exception and all that it wraps; requests and urllib3 nest them in three ways."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = [getattr(error, "reason", None), *error.args, error.__cause__, error.__context__]
    for item in inner:
        if isinstance(item, BaseException):
            yield from _chain(item, seen)


def _tls_kind(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        # X509_V_ERR_*: not yet valid, expired, host name, address mismatch
        codes = {9: "tls_not_yet_valid", 10: "tls_expired", 62: "tls_name", 64: "tls_name"}
        return codes.get(error.verify_code, "tls_untrusted")
    reason = (error.reason or str(error)).upper().replace(" ", "_")
    if any(word in reason for word in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER")):
        return "tls_not_spoken"
    client = ("CERTIFICATE_REQUIRED", "BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "HANDSHAKE_FAILURE")
    return "tls_client" if any(word in reason for word in client) else "tls"


def kind_of(error: BaseException) -> tuple[str, str]:
    """Kind and text of the innermost exception that says something."""
    chain = list(_chain(error))
    for item in chain:
        if isinstance(item, ssl.SSLError):
            return _tls_kind(item), getattr(item, "verify_message", "") or str(item)
        if type(item).__name__ == "CertificateError":  # urllib3 1.26's own comparison of names
            return "tls_name", str(item)
    for item in chain:
        if isinstance(item, socket.gaierror):
            return "dns", item.strerror or str(item)
        if isinstance(item, ConnectionRefusedError):
            return "refused", "connection refused"
        if isinstance(item, OSError) and item.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
            return "unreachable", item.strerror or str(item)
    names = {type(item).__name__ for item in chain}
    if any("Timeout" in name or name == "timeout" for name in names):
        return "timeout", "no answer"
    if names & {"ConnectionResetError", "RemoteDisconnected", "ProtocolError", "BrokenPipeError"}:
        return "closed", str(chain[-1])
    return "other", f"{type(error).__name__}: {error}"


def classify(error: Exception, method: str, url: str, timeout: float, options: Any) -> HttpError:
    """The HttpError for what requests, urllib3 or the system raised; HttpErrors stay themselves."""
    if isinstance(error, HttpError):
        return error
    kind, seen = kind_of(error)
    if kind == "timeout":
        seen = f"no answer in {timeout:g} s"
    if kind == "tls_untrusted" and options.ca_path:
        seen = f"{seen} (checked against {options.ca_path})"
    address = options.address(urlsplit(url).hostname or "")
    expected = "a valid certificate" if kind.startswith("tls") else "an answer"
    return HttpError.of(kind, method, url, expected, seen, address)
