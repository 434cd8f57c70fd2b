# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepts connections, never more of them than fit."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import logging
import os
import socket
from collections import Counter
from collections.abc import Callable

from collector.listener.protocol import BoundedHttp

log = logging.getLogger(__name__)
_AT_ONCE = 32
_PAUSE_SECONDS = 1.0
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Gate:
    """Accepts for one listener.

    When it is full, the address with the most connections loses one that answers nothing: at
    first one that has never sent a whole request, then the one that has rested longest. Behind a
    proxy all have one address, and share what there is. Without such a one, and when the process
    has no more descriptors, the next ones wait in the system's queue.

    asyncio's own server accepts without a limit, and logs each failure.
    """

    def __init__(
        self, name: str, server: socket.socket, limit: int, connection: Callable[[], BoundedHttp]
    ) -> None:
        self.name = name
        self.now = 0.0
        self._server = server
        self._limit = limit
        self._connection = connection
        self._open: dict[BoundedHttp, str] = {}
        self._shares: Counter[str] = Counter()
        self._closed: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting = False
        self._resume: asyncio.TimerHandle | None = None
        self._reserve: int | None = None

    def __len__(self) -> int:
        return len(self._open)

    def open(self) -> None:
        """Accept from now on."""
        self._loop = asyncio.get_running_loop()
        self.now = self._loop.time()
        self._server.setblocking(False)
        self._keep_reserve()
        self._start()

    def close(self) -> None:
        """Accept no more."""
        self._pause()
        self._server.close()
        self._free_reserve()

    def tick(self) -> None:
        """Close what takes too long; about once per second."""
        self.now = self._loop.time()
        for connection in list(self._open):
            reason = connection.overdue(self.now)
            if reason:
                self._end(connection, reason)
        if self._closed:
            data = {"listener": self.name, **self._closed}
            log.warning("connections closed by a limit", extra={"data": data})
            self._closed.clear()

    def left(self, connection: BoundedHttp) -> None:
        """A connection has ended."""
        share = self._open.pop(connection, None)
        if share is not None:
            self._shares[share] -= 1
            if not self._shares[share]:
                del self._shares[share]
        if not self._accepting and self._resume:
            self._start()

    def _start(self) -> None:
        if self._resume:
            self._resume.cancel()
            self._resume = None
        self._accepting = True
        self._loop.add_reader(self._server, self._accept)

    def _pause(self, seconds: float | None = None) -> None:
        self._accepting = False
        self._loop.remove_reader(self._server)
        if self._resume:
            self._resume.cancel()
        self._resume = self._loop.call_later(seconds, self._start) if seconds else None

    def _accept(self) -> None:
        for _n in range(_AT_ONCE):
            if len(self._open) >= self._limit and not self._make_room("full"):
                self._pause(_PAUSE_SECONDS)
                return
            try:
                accepted, address = self._server.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
                self._exhausted(error)
                return
            self._take(accepted, _share(address[0]))

    def _take(self, accepted: socket.socket, share: str) -> None:
        connection = self._connection()
        self._open[connection] = share
        self._shares[share] += 1
        task = self._loop.create_task(self._connect(connection, accepted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, connection: BoundedHttp, accepted: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: connection, accepted)
        except OSError:  # it has gone meanwhile
            accepted.close()
            self.left(connection)

    def _make_room(self, reason: str) -> bool:
        found = [each for each in self._open if each.idle]
        if not found:
            return False
        shares = self._shares
        first = min(found, key=lambda each: (-shares[self._open[each]], each.served, each.since))
        self._end(first, reason)
        return True

    def _end(self, connection: BoundedHttp, reason: str) -> None:
        self._closed[reason] += 1
        if connection.transport is not None:
            connection.transport.abort()
        self.left(connection)

    def _exhausted(self, error: OSError) -> None:
        """Let one client know, rather than wait; then wait for a connection that ends."""
        log.warning("no more connections", extra={"data": {"error": error.strerror}})
        self._free_reserve()
        with contextlib.suppress(OSError):
            self._server.accept()[0].close()
        self._keep_reserve()
        self._make_room("descriptors")
        self._pause(_PAUSE_SECONDS)

    def _keep_reserve(self) -> None:
        with contextlib.suppress(OSError):
            self._reserve = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _free_reserve(self) -> None:
        if self._reserve is not None:
            os.close(self._reserve)
            self._reserve = None


def _share(address: str) -> str:
    """Whose connections count together: an address, or the network that a host has in IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address
