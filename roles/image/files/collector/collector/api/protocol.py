# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP parser, with a limit on the size of a request's head."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 65_536


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's httptools protocol has no such limit: a head without end would fill the memory.

    What comes in one read (256 KiB at most) is counted when it has been parsed.
    """

    _head_bytes = 0
    _heads = 0

    def data_received(self, data: bytes) -> None:
        """Feed the parser; refuse a head that goes on and on."""
        heads = self._heads
        super().data_received(data)
        self._head_bytes = self._head_bytes + len(data) if self._heads == heads else 0
        if self._head_bytes > HEAD_LIMIT and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        """The head has ended."""
        self._heads += 1
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """What comes now is no head."""
        self._head_bytes -= len(body)
        super().on_body(body)
