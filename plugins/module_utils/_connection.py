# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections whose sockets are shut down at the deadline of who uses them."""

from __future__ import annotations

from http.client import HTTPResponse, IncompleteRead
from typing import Any

from ._deadline import current

try:
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection
except ImportError:  # told by who needs requests
    HTTPConnection = HTTPSConnection = object  # type: ignore[assignment,misc]
    HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[assignment,misc]


class Answer(HTTPResponse):
    """An answer whose length is not believed."""

    def _safe_read(self, amt: int) -> bytes:
        # A chunk of less than nothing would be all that comes, however much.
        if amt < 0:
            raise IncompleteRead(b"")
        return super()._safe_read(amt)  # type: ignore[misc]


class Kept:
    """A connection that was made before: the next request's deadline holds for it."""

    response_class: Any = Answer
    sock: Any

    def putrequest(self, *arguments: Any, **keywords: Any) -> None:
        """Begin a request."""
        end = current()
        if end and self.sock:
            end.watch(self.sock)
        super().putrequest(*arguments, **keywords)  # type: ignore[misc]


class _Connection(Kept, HTTPConnection):
    def _new_conn(self) -> Any:
        end = current()
        return end.connect(self._dns_host, self.port) if end else super()._new_conn()


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOLS = {"http": _Pool, "https": _TlsPool}
