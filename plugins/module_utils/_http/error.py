# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong with a request: a code, the likely cause and the next step."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

from .._failure import Failure
from .._texts.text import Text, say, text

# Matches the host or path of a redirect to a login page.
LOGIN = re.compile(r"(?i)(?:^|[./_-])(?:log-?in|sign-?in|sso|oauth2?|auth|authorize)(?:$|[./_-])")
# X509_V_ERR_*: what only strict checks of a certificate refuse, as Python 3.13 makes them.
STRICT = dict.fromkeys(range(80, 94), "tls_strict")
WEAK = dict.fromkeys((66, 67, 68), "tls_weak")  # X509_V_ERR_*_KEY_TOO_SMALL, CA_MD_TOO_WEAK
# X509_V_ERR_*: the chain is trusted, and one of its certificates may not be used as it is.
RULE = dict.fromkeys((24, 25, 26, 32, 34, 47, 48, 49, 51, 52, 53, 79), "tls_rule")
# Parts of OpenSSL's reasons that leave one cause.
TLS_REASONS = {
    "tls_not_spoken": ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER"),
    "tls_client": ("CERTIFICATE_REQUIRED", "BAD_CERTIFICATE", "ALERT_UNKNOWN_CA"),
    "tls_other_key": ("BAD_SIGNATURE", "WRONG_SIGNATURE", "SIGNATURE_TYPE", "BAD_ECPOINT"),
    "tls_no_certificate": ("UNRECOGNIZED_NAME",),
    "tls_weak": ("KEY_TOO_SMALL", "MD_TOO_WEAK"),
}


class HttpError(Failure):
    """A request that failed, or an option with which no request can be made.

    Its code is `http.KIND`, `http.status.STATUS`, or `http.option`. The catalogue of texts has its
    cause and next step.

    Attributes:
        subject: Method and URL of the request.
        status: The status of an unexpected answer; None without one.
    """

    def __init__(self, code: str, subject: str, expected: object, seen: object, **values: Any):
        self.subject = subject
        self.status: int | None = None
        values = {"request": subject, "wanted": expected, "seen": seen, **values}
        cause, fix = (say(code, values, part) for part in ("cause", "fix"))
        message = (
            f"{subject}: expected {expected}; seen: {seen}; likely cause: {cause}; next: {fix}"
        )
        super().__init__(code, message, **values)

    @property
    def seen(self) -> Any:
        """Return what came instead: a str or a Text, which `str` turns into English."""
        return self.values["seen"]

    @classmethod
    def of(
        cls, kind: str, method: str, url: str, expected: object, seen: object, address: str = ""
    ) -> HttpError:
        """Return the error `http.KIND` for a request.

        Args:
            address: Where the connection went, if not to the URL's host.
        """
        parts = urlsplit(url)
        return cls(
            f"http.{kind}",
            f"{method} {url}",
            expected,
            seen,
            host=parts.hostname,
            port=parts.port or {"https": 443}.get(parts.scheme, 80),
            address=address or parts.hostname,
        )

    @classmethod
    def option(cls, option: str, expected: object, seen: object) -> HttpError:
        """Return the error `http.option` for a module option; no request was sent yet."""
        return cls("http.option", f"option {option}", expected, seen, option=option)

    @classmethod
    def status_of(cls, response: Any, expected: Collection[int]) -> HttpError:
        """Return the error for an answer with an unexpected status.

        Its code is `http.status.STATUS`, or for a redirect `http.login` or `http.redirect`.
        """
        statuses = " or ".join(str(status) for status in sorted(expected))
        location = response.headers.get("Location")
        body = " ".join(response.text.split())[:160]
        seen = f"{response.status} to {location}" if location else f"{response.status} {body}"
        kind = f"status.{response.status}"
        if 300 <= response.status < 400:
            to = urlsplit(location or "")
            kind = "login" if LOGIN.search(to.netloc + to.path) else "redirect"
        error = cls.of(kind, response.method, response.url, statuses, seen.strip())
        error.status = response.status
        return error


def _chain(error: BaseException | None, seen: set[int] | None = None) -> Iterator[BaseException]:
    """Yield the exception and all that it wraps; requests and urllib3 nest them in three ways."""
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
        return {**codes, **WEAK, **STRICT, **RULE}.get(error.verify_code, "tls_untrusted")
    if isinstance(error, ssl.SSLEOFError):
        return "closed"
    reason = (error.reason or str(error)).upper().replace(" ", "_")
    for kind, words in TLS_REASONS.items():
        if any(word in reason for word in words):
            return kind
    return "tls"


def kind_of(error: BaseException) -> tuple[str, str | Text]:
    """Return kind and text of the innermost exception that says something."""
    if isinstance(error, TimeoutError):  # the end of the socket may have led to other errors
        return "timeout", text("request_no_answer")
    chain = list(_chain(error))
    for item in chain:
        if isinstance(item, ssl.SSLError):
            return _tls_kind(item), getattr(item, "verify_message", "") or str(item)
        if type(item).__name__ == "CertificateError":  # urllib3 1.26's own comparison of names
            return "tls_name", str(item)
    for item in chain:
        if isinstance(item, socket.gaierror):
            again = ".again" if item.errno == socket.EAI_AGAIN else ""  # no server answered
            return f"dns{again}", item.strerror or str(item)
        if isinstance(item, ConnectionRefusedError):
            return "refused", text("request_refused")
        if isinstance(item, OSError) and item.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
            return "unreachable", item.strerror or str(item)
    names = {type(item).__name__ for item in chain}
    if any("Timeout" in name or name == "timeout" for name in names):
        return "timeout", text("request_no_answer")
    if names & {"ConnectionResetError", "RemoteDisconnected", "ProtocolError", "BrokenPipeError"}:
        return "closed", str(chain[-1])
    return "other", f"{type(error).__name__}: {error}"


def classify(error: Exception, method: str, url: str, timeout: float, options: Any) -> HttpError:
    """Return the HttpError for what requests, urllib3 or the system raised; an HttpError stays.

    Args:
        timeout: Seconds that the request had.
        options: The session's `Options`.
    """
    if isinstance(error, HttpError):
        return error
    kind, seen = kind_of(error)
    if kind == "timeout":
        seen = text("request_no_answer_in", timeout=timeout)
    if kind in ("tls_untrusted", "tls_strict") and options.ca_path:
        seen = text("request_checked_against", seen=seen, ca_path=options.ca_path)
    address = options.address(urlsplit(url).hostname or "")
    expected = "a valid certificate" if kind.startswith("tls") else "an answer"
    return HttpError.of(kind, method, url, expected, seen, address)
