# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP on one connection, with limits on what may be sent and on how long it may take."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from collector.listener.gate import Gate

READ_BYTES = 16_384
HEAD_BYTES = 16_384
HEADERS = 100
# Requests that may wait while the one before them is answered; senders of pings send none.
QUEUED = 8
# An answer that is not read fills this and one answer more, and then waits.
WRITE_BYTES = 16_384
HEAD_SECONDS = 10
# The longest request is a push: 32 s.
REQUEST_SECONDS = 45
# Longer than the 30 s between pings, so that their connection is kept.
IDLE_SECONDS = 75

# All connections read into the same buffer: what is in it is taken out at once.
_BUFFER = memoryview(bytearray(READ_BYTES))


class _TooManyError(Exception):
    """More headers, or more requests in the queue, than there may be."""


class BoundedHttp(HttpToolsProtocol, asyncio.BufferedProtocol):
    """uvicorn's protocol without its timers, and with the limits that it does not have."""

    def __init__(self, gate: Gate, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._gate = gate
        self._head_bytes = 0
        self._in_head = True
        self._in_body = False
        self.served = False
        self.since = gate.now

    # Reads: a little at a time, whatever has come in.
    def get_buffer(self, _sizehint: int) -> memoryview:
        """Where to read to."""
        return _BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read."""
        self.data_received(bytes(_BUFFER[:nbytes]))

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The connection is there."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(WRITE_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        super().connection_lost(exc)
        self.pipeline.clear()
        self._gate.left(self)

    def data_received(self, data: bytes) -> None:
        """Feed the parser; refuse a head that goes on and on."""
        self._head_bytes += len(data)
        super().data_received(data)
        too_large = self._head_bytes > HEAD_BYTES or len(self.headers or ()) > HEADERS
        if too_large and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head = True
        self.since = self._gate.now
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head has ended."""
        if len(self.headers) > HEADERS:
            raise _TooManyError
        self._head_bytes = 0
        self._in_head, self._in_body = False, True
        self.since = self._gate.now
        super().on_headers_complete()
        self.headers = []  # trailers are not headers
        if len(self.pipeline) > QUEUED:
            raise _TooManyError

    def on_body(self, body: bytes) -> None:
        """What comes now is no head."""
        self._head_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has ended."""
        self._head_bytes = 0
        self._in_body = False
        self.since = self._gate.now
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer was given: take the next request that waits."""
        self.server_state.total_requests += 1
        self.served = True
        if not self._in_body:
            self.since = self._gate.now
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request. It must not be taken for the answer to an earlier one."""
        if self._answers():
            self.transport.abort()
        else:
            super().send_400_response(msg)

    def _answers(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def idle(self) -> bool:
        """Whether nothing is lost when it is closed: it answers nothing, or nobody reads it."""
        if self.transport is None:
            return False
        return not self._answers() or self.flow.write_paused

    def overdue(self, now: float) -> str | None:
        """What it has taken too long for."""
        if self._in_body or self._answers():
            kind, most = "request", REQUEST_SECONDS
        elif self._in_head:
            kind, most = "head", HEAD_SECONDS
        else:
            kind, most = "idle", IDLE_SECONDS
        return kind if now - self.since > most else None
