# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests with Python's own library, for hosts without `requests`: a connection for each."""

from __future__ import annotations

import json as _json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from .._connection import Answer
from .._deadline import current
from .options import Options


class _Connection(HTTPConnection):
    response_class = Answer

    def __init__(self, options: Options, scheme: str, host: str, port: int) -> None:
        super().__init__(host, port)
        self._options, self._tls = options, scheme == "https"
        self.default_port = 443 if self._tls else 80  # the others are named in the header Host

    def connect(self) -> None:
        """Connect within the time of `session`."""
        end = current()
        if end is None:
            raise RuntimeError("a request without an end")
        self.sock = end.connect(self._options.address(self.host), self.port)
        if self._tls:
            self.sock = _context(self._options).wrap_socket(self.sock, server_hostname=self.host)


class Received:
    """An answer whose head has come, as `requests` has it."""

    def __init__(self, answer: HTTPResponse) -> None:
        self.status_code, self.headers = answer.status, answer.headers
        self._answer = answer

    def iter_content(self, size: int) -> Iterator[bytes]:
        """Yield the body."""
        while True:
            chunk = self._answer.read(size)
            if not chunk:
                return
            yield chunk


class PlainSession:
    """The part of `requests.Session` that `session` uses.

    Args:
        options: How to connect and authenticate.
        headers: Of all requests.
    """

    def __init__(self, options: Options, headers: Mapping[str, str]) -> None:
        self._options, self._headers = options, dict(headers)

    def close(self) -> None:
        """Close nothing: no connection is kept."""

    @contextmanager
    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Mapping[str, str | None] | None = None,
        **_fixed: Any,
    ) -> Iterator[Received]:
        """Send a request; its errors are those of Python's library, which are OSErrors mostly."""
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, urlencode(params or {}, doseq=True))))
        body, kind = _body(data, json)
        wanted = {**self._headers, **({"Content-Type": kind} if kind else {}), **(headers or {})}
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = _Connection(self._options, parts.scheme, parts.hostname or "", port)
        try:
            connection.request(
                method,
                (parts.path or "/") + (f"?{query}" if query else ""),
                body,
                {name: value for name, value in wanted.items() if value is not None},
            )
            yield Received(connection.getresponse())
        finally:
            connection.close()


def _body(data: Any, json: Any) -> tuple[Any, str]:
    """Return the bytes to send, and their type if it is known."""
    if json is not None:
        return _json.dumps(json).encode(), "application/json"
    if isinstance(data, (Mapping, list, tuple)):
        return urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    return data.encode() if isinstance(data, str) else data, ""


def _context(options: Options) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if options.verify is False:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    elif options.ca_path:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        of = {"capath" if Path(options.ca_path).is_dir() else "cafile": options.ca_path}
        context.load_verify_locations(**of)
    if options.client_cert:
        context.load_cert_chain(options.client_cert, options.client_key)
    return context
