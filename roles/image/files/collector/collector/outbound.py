# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP to the push targets: verified TLS, basic auth, a hard timeout, errors that name a cause."""

from __future__ import annotations

import base64
import http.client
import logging
import math
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BufferedIOBase
from typing import Protocol
from urllib.parse import urlsplit

from collector.deadline import deadline
from collector.secret import read_secret, stamp

log = logging.getLogger(__name__)
_ANSWER_LIMIT = 4096
_LONGEST_RETRY_AFTER = 3600.0

_CLOSED = (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class Server(Protocol):
    """What is known of a server, as in the settings."""

    @property
    def url(self) -> str:
        """Where it listens."""

    @property
    def ca_file(self) -> str | None:
        """The authority of its certificate."""

    @property
    def username(self) -> str | None:
        """The user, if it asks for one."""

    @property
    def password_file(self) -> str | None:
        """The file with the user's password."""


class PushError(Exception):
    """A push failed; the message names the likely cause."""


@dataclass(frozen=True)
class Answer:
    """What a target answered; ``text`` is cut off after 4 KiB."""

    status: int
    text: str
    location: str


class _Lines:
    """The lines of an answer's head, each of them whole: the library takes an end for the last."""

    def __init__(self, file: BufferedIOBase) -> None:
        self._file = file

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        if not line.endswith(b"\n") and len(line) < limit:
            raise http.client.RemoteDisconnected("the answer was cut off")
        return line

    def close(self) -> None:
        self._file.close()


class _Response(http.client.HTTPResponse):
    def begin(self) -> None:
        file = self.fp
        self.fp = _Lines(file)  # type: ignore[assignment]
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = file

    def _safe_read(self, amt: int) -> bytes:
        # A chunk of less than nothing would be all that comes, however much.
        if amt < 0:
            raise http.client.IncompleteRead(b"")
        return super()._safe_read(amt)  # type: ignore[misc]


def whole(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The body, or its first ``limit`` bytes. RemoteDisconnected when it was cut off."""
    body = b""
    while len(body) < limit and (part := response.read(limit - len(body))):
        body += part
    if len(body) < limit and response.length:
        raise http.client.RemoteDisconnected("the answer was cut off")
    return body


class _Trust:
    """Whom a target's certificate must be from. Its file is read again when it changes; where it
    holds nothing that can be trusted, the one before counts."""

    def __init__(self, ca_file: str | None) -> None:
        self._file = ca_file
        self._seen = stamp(ca_file) if ca_file else ()
        self._context = ssl.create_default_context(cafile=ca_file)

    def context(self) -> ssl.SSLContext:
        """For a connection that is made now."""
        if self._file and (seen := stamp(self._file)) != self._seen:
            self._seen = seen
            try:
                self._context = ssl.create_default_context(cafile=self._file)
            except OSError as error:
                data = {"ca_file": self._file, "error": str(error)}
                log.error("ca_file not usable: the one before counts", extra={"data": data})
        return self._context


class Outbound:
    """Requests to one target. A connection each: at one per 10 to 60 s, keeping it pays nothing."""

    def __init__(self, target: Server) -> None:
        parts = urlsplit(target.url)
        self.url = target.url
        self._trust = _Trust(target.ca_file) if parts.scheme == "https" else None
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._trust else 80)
        self._path = parts.path
        self._headers = {"User-Agent": "collector"}
        self._user = (target.username or "", target.password_file)
        self._authorize()

    def request(
        self, method: str, path: str, body: bytes, content_type: str, timeout: float
    ) -> Answer:
        """Send one request and read its answer within ``timeout`` s each for connecting and
        the exchange. PushError when no answer comes."""
        try:
            return self._exchange(method, path, body, content_type, timeout)
        except (OSError, http.client.HTTPException) as error:
            raise PushError(f"{self.url}: {self._explain(error, timeout)}") from error

    def _exchange(
        self, method: str, path: str, body: bytes, content_type: str, timeout: float
    ) -> Answer:
        with self.connection(timeout) as connection:
            headers = {
                **self._headers,
                "Content-Type": content_type,
                "Content-Length": str(len(body)),
                "Connection": "close",
            }
            # A redirect or a refusal may be answered before the body is read: that answer, if it
            # came, is what there is to say.
            with suppress(*_CLOSED):
                connection.request(method, self._path + path, body, headers)
            response = connection.getresponse()
            text = whole(response, _ANSWER_LIMIT).decode("utf-8", "replace").strip()
            return Answer(response.status, text, response.headers.get("Location", ""))

    @contextmanager
    def connection(self, timeout: float) -> Iterator[http.client.HTTPConnection]:
        """A connection that is closed in the end; ``timeout`` s for each of connecting, the
        handshake of TLS, and all that is done with it."""
        connection = self.connect(timeout)
        try:
            with deadline(connection.sock.fileno(), timeout):
                yield connection
        finally:
            connection.close()

    def connect(self, timeout: float) -> http.client.HTTPConnection:
        """A connection that is there, its TLS as well; whoever asked for it closes it."""
        with suppress(OSError, UnicodeDecodeError):  # the password before counts
            self._authorize()
        plain = socket.create_connection((self._host, self._port), timeout)
        # Head and body of a request are two writes: the second must not wait for an answer.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._trust:
            connection = http.client.HTTPConnection(self._host, self._port)
            connection.response_class = _Response
            connection.sock = plain
            return connection
        context = self._trust.context()
        # The context is given so that the library builds none of its own.
        connection = http.client.HTTPSConnection(self._host, self._port, context=context)
        connection.response_class = _Response
        try:
            with deadline(plain.fileno(), timeout):
                connection.sock = context.wrap_socket(plain, server_hostname=self._host)
        except BaseException:
            plain.close()
            raise
        return connection

    def _authorize(self) -> None:
        username, password_file = self._user
        if username and password_file:
            pair = f"{username}:{read_secret(password_file)}"
            encoded = base64.b64encode(pair.encode()).decode()
            self._headers["Authorization"] = f"Basic {encoded}"

    def _explain(self, error: Exception, timeout: float) -> str:
        where = f"{self._host}:{self._port}"
        if isinstance(error, TimeoutError):
            return f"no answer within {timeout:g} s from {where}"
        if isinstance(error, socket.gaierror):
            return f"the name {self._host} does not resolve: is its DNS record missing?"
        if isinstance(error, ConnectionRefusedError):
            return f"connection refused: nothing listens on {where}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"certificate refused: {error.verify_message}; a private CA needs ca_file, "
                "and the name must be the certificate's"
            )
        if isinstance(error, _CLOSED):
            return f"{where} closed the connection without an answer"
        if isinstance(error, ssl.SSLError):
            return f"TLS failed ({error.reason}): does {where} speak https?"
        if isinstance(error, (http.client.BadStatusLine, http.client.LineTooLong)):
            return f"no HTTP answer from {where}: is it https, or another service?"
        return f"{type(error).__name__}: {error}"


def refusal(answer: Answer) -> str:
    """Why a status is not a success, for the causes that all targets share."""
    cause = {
        401: "credentials missing or wrong: check username and password_file",
        403: "forbidden: the proxy or the server does not let this client in",
        413: "too large for the server or the proxy before it",
        429: "too many requests",
        502: "the proxy does not reach the server behind it",
        503: "the server is not available",
        504: "the proxy got no answer from the server behind it",
    }.get(answer.status, answer.text.replace("\n", " ")[:300] or "no text")
    if 300 <= answer.status < 400:
        cause = f"redirected to {answer.location}: set that URL"
    return f"HTTP {answer.status}: {cause}"


def retry_after(value: str | None) -> float | None:
    """Seconds to wait: the header is a number of them, or a date. None when it is neither."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)


def error_type(error: Exception) -> str:
    """The kind of an exchange that came to nothing, as metrics name it."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return "tls_error"
    return "connection_error" if isinstance(error, OSError) else "bad_response"
