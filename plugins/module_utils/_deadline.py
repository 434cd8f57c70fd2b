# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hard end for work on sockets.

A socket's own timeout holds for each read, so a server that sends one byte now and then outlives
it. Here the socket is shut down at the end, and its reader gets an end of file.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ._signals import after, background


class Deadline:
    """The sockets of one task, and the moment at which they are shut down.

    Args:
        seconds: How long the task may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.expired = False
        self._end = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: The time is over.
        """
        left = self._end - time.monotonic()
        if self.expired or left <= 0:
            self.expire()
            raise TimeoutError(f"no end within {self.seconds:g} s")
        return left

    def watch(self, connection: socket.socket) -> None:
        """Shut this socket down at the end."""
        # A duplicate, so that a descriptor that was closed and used again is never touched.
        duplicate = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._watched.append(duplicate)
        if self.expired:
            self.expire()

    def connect(self, host: str, port: int) -> socket.socket:
        """Resolve the name, and connect to the first address that answers.

        Raises:
            OSError: None does.
        """
        error: OSError | None = None
        for family, kind, protocol, _name, address in self._addresses(host.strip("[]"), port):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self.left())
                connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.watch(connection)
                return connection
            except OSError as raised:
                connection.close()
                error = raised
        raise error or OSError(f"{host} has no address")

    def _addresses(self, host: str, port: int) -> list[Any]:
        stream = {"type": socket.SOCK_STREAM}
        with suppress(socket.gaierror):
            return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **stream)
        found: list[Any] = []
        failed: list[Exception] = []

        def look() -> None:
            try:
                found.extend(socket.getaddrinfo(host, port, **stream))
            except (OSError, ValueError) as error:
                failed.append(error)

        # The resolver cannot be interrupted, so it is left behind when it does not answer.
        background(look).join(self.left())
        if failed:
            raise failed[0]
        self.left()
        return found

    def expire(self) -> None:
        """End the task now."""
        self.expired = True
        with self._lock, suppress(OSError):
            for connection in self._watched:
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Forget the sockets, which stay as they are."""
        with self._lock:
            for connection in self._watched:
                connection.close()
            self._watched.clear()


_running = threading.local()


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """Limit the work below to so many seconds.

    Raises:
        TimeoutError: The time was over, even if the work ended without an error: what a server has
            sent by then may be incomplete.
    """
    end = Deadline(seconds)
    before, _running.end = current(), end
    cancel = after(seconds, end.expire)
    try:
        yield end
    except Exception as error:
        if end.expired:
            raise TimeoutError(f"no end within {seconds:g} s") from error
        raise
    finally:
        _running.end = before
        cancel()
        end.close()
    if end.expired:
        raise TimeoutError(f"no end within {seconds:g} s")


@contextmanager
def tls(
    context: ssl.SSLContext, address: str, port: int, name: str, seconds: float
) -> Iterator[ssl.SSLSocket]:
    """Open a TLS connection; handshake and all work on it must end within `seconds`."""
    with (
        deadline(seconds) as end,
        end.connect(address, port) as plain,
        context.wrap_socket(plain, server_hostname=name) as secure,
    ):
        yield secure


def current() -> Deadline | None:
    """Return the deadline of the work that this thread does, or None."""
    return getattr(_running, "end", None)
