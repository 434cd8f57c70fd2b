# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener for /metrics, /health and /ready: one thread, and the standard library only, for
the API's own takes 20 MB."""

from __future__ import annotations

import logging
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable

from collector.ping.request import HEAD_BYTES, Pages, answer
from collector.worker import Worker

log = logging.getLogger(__name__)
CONNECTIONS = 64
# From the first byte to the last, however it is spent.
CONNECTION_SECONDS = 5.0
# What a client may send after its request, until it has read the answer.
IGNORED_BYTES = 262_144
PAUSE_SECONDS = 1.0
TICK_SECONDS = 1.0
_AT_ONCE = 32
_BACKLOG = 512


class _Connection:
    """One request: its head comes, its answer goes, and what comes then is thrown away."""

    def __init__(self, accepted: socket.socket, peer: str, end_at: float) -> None:
        self.socket = accepted
        self.peer = peer
        self.end_at = end_at
        self.event = selectors.EVENT_READ
        self._head = b""
        self._unsent: memoryview | None = None
        self._ignored = 0

    @property
    def answering(self) -> bool:
        """Whether an answer is lost when it is closed."""
        return bool(self._unsent)

    def advance(self, pages: Pages) -> int:
        """Do what can be done now. Returns the event to wait for, 0 at the end."""
        try:
            while self._unsent is None:
                if not (part := self.socket.recv(HEAD_BYTES + 1 - len(self._head))):
                    return 0
                self._head += part
                said = answer(self._head, pages)
                self._unsent = None if said is None else memoryview(said)
            while self._unsent:
                self._unsent = self._unsent[self.socket.send(self._unsent) :]
                if not self._unsent:
                    self.socket.shutdown(socket.SHUT_WR)
            # If it were closed with something unread, the system would take the answer back.
            while self._ignored < IGNORED_BYTES and (part := self.socket.recv(HEAD_BYTES)):
                self._ignored += len(part)
        except BlockingIOError:
            return selectors.EVENT_WRITE if self._unsent else selectors.EVENT_READ
        except OSError:
            pass  # the client has gone
        return 0


class Listener:
    """Answers one request per connection, within some seconds.

    When it is full, the address with the most connections loses the oldest that says nothing: who
    asks at once gets in. When the process has no more descriptors, it stops accepting for a second.
    """

    def __init__(
        self, address: str, port: int, pages: Pages, clock: Callable[[], float] = time.monotonic
    ) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        both = family is socket.AF_INET6 and socket.has_dualstack_ipv6()
        self._server = socket.create_server(
            (address, port), family=family, dualstack_ipv6=both, backlog=_BACKLOG
        )
        self._server.setblocking(False)
        self.address = self._server.getsockname()
        self._pages = pages
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._accepting = False
        self._accept_at = clock()
        # By age.
        self._open: dict[_Connection, None] = {}
        self.worker = Worker("listener", self._step, self._close)

    def _step(self) -> float:
        if not self._accepting and self._clock() >= self._accept_at:
            self._selector.register(self._server, selectors.EVENT_READ)
            self._accepting = True
        come = False
        for key, _events in self._selector.select(TICK_SECONDS):
            if key.data is None:
                come = True
            else:
                self._advance(key.data)
        # Last: room is made among those that have really nothing to say.
        if come:
            self._accept()
        now = self._clock()
        for connection in [each for each in self._open if each.end_at <= now]:
            self._end(connection)
        return 0.0

    def _accept(self) -> None:
        for _n in range(_AT_ONCE):
            try:
                accepted, address = self._server.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(error)
                return
            if len(self._open) >= CONNECTIONS:
                self._make_room()
            accepted.setblocking(False)
            connection = _Connection(accepted, address[0], self._clock() + CONNECTION_SECONDS)
            self._open[connection] = None
            self._selector.register(accepted, connection.event, connection)
            self._advance(connection)

    def _advance(self, connection: _Connection) -> None:
        event = connection.advance(self._pages)
        if not event:
            self._end(connection)
        elif event != connection.event:
            connection.event = event
            self._selector.modify(connection.socket, event, connection)

    def _pause(self, error: OSError) -> None:
        log.warning("no more connections", extra={"data": {"error": error.strerror}})
        self._selector.unregister(self._server)
        self._accepting = False
        self._accept_at = self._clock() + PAUSE_SECONDS
        if self._open:
            self._make_room()

    def _make_room(self) -> None:
        shares = Counter(each.peer for each in self._open)
        self._end(max(self._open, key=lambda each: (not each.answering, shares[each.peer])))

    def _end(self, connection: _Connection) -> None:
        del self._open[connection]
        self._selector.unregister(connection.socket)
        connection.socket.close()

    def _close(self) -> None:
        for connection in list(self._open):
            self._end(connection)
        self._server.close()
        self._selector.close()
