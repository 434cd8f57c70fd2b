# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PostgreSQL whose certificate was not checked must not ask for.

MD5 and SCRAM are answers to a challenge: they can be guessed at, and no more.
"""

from __future__ import annotations

import re
import ssl
from typing import Any

from collector.tls import InClearError

# Requests of the server in the protocol: the password itself, and the next step of SCRAM.
_CLEARTEXT, _SCRAM_CONTINUE = 3, 11
_METHODS = (0, _CLEARTEXT, 5, 10, _SCRAM_CONTINUE, 12)
_MOST_ITERATIONS = 1_000_000
_MOST_BYTES = 65_536


class Watch:
    """Reads along what a server says until it is ready, and raises for what it must not ask for."""

    def __init__(self) -> None:
        self._bytes = b""
        self._ready = False

    def see(self, data: bytes) -> None:
        """More of what it says."""
        if self._ready:
            return
        self._bytes += data
        while len(self._bytes) >= 5 and not self._ready:
            kind, size = self._bytes[:1], 1 + int.from_bytes(self._bytes[1:5], "big")
            if not 5 <= size <= _MOST_BYTES:
                raise ConnectionError("the server does not speak PostgreSQL's protocol")
            if len(self._bytes) < size:
                return
            message, self._bytes = self._bytes[5:size], self._bytes[size:]
            self._ready = kind == b"Z"
            if kind == b"R":
                _check_request(message)


def _check_request(message: bytes) -> None:
    method = int.from_bytes(message[:4], "big")
    if method == _CLEARTEXT:
        raise InClearError("cleartext")
    if method not in _METHODS:
        raise ConnectionError(f"the server asks for authentication {method}")
    if method == _SCRAM_CONTINUE:
        iterations = re.search(rb",i=(\d{1,20})", message[4:])
        if iterations and int(iterations[1]) > _MOST_ITERATIONS:
            raise ConnectionError("the server asks for too much work")


def guard(asyncpg: Any) -> None:
    """Have asyncpg read along: it sends what the server asks for, and has no option for that."""
    plain = asyncpg.protocol.Protocol
    if hasattr(plain, "watch"):
        return

    class Guarded(plain):  # type: ignore[misc, valid-type]
        watch: Watch | None = None

        def __init__(self, address: Any, connected: Any, parameters: Any, *more: Any) -> None:
            super().__init__(address, connected, parameters, *more)
            self.connected = connected
            context = parameters.ssl
            if not context or context.verify_mode != ssl.CERT_REQUIRED:
                self.watch = Watch()

        def data_received(self, data: bytes) -> None:
            try:
                if self.watch:
                    self.watch.see(data)
            except ConnectionError as error:
                # Who waits for it closes the connection.
                if not self.connected.done():
                    self.connected.set_exception(error)
            else:
                super().data_received(data)

    asyncpg.protocol.Protocol = Guarded
