# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener: a socket, an application, and limits."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from collector.listener.gate import Gate
from collector.listener.protocol import BoundedHttp

REQUESTS_END_SECONDS = 3
CONNECTIONS = 512
_BACKLOG = 512
_BUFFER_BYTES = 65_536
# Descriptors for all that is no connection of a client.
_OWN_DESCRIPTORS = 64


def bind(name: str, address: str, port: int) -> socket.socket:
    """A listening socket. OSError says which setting (``name``.port) to change."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        server = socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise OSError(
            f"{name}.port: expected a free port, seen {address}:{port}: {error.strerror}"
        ) from error
    # Connections inherit these. asyncio does the first only for sockets that it opens; without it,
    # answers on a connection that is kept wait 40 ms for the client's acknowledgement.
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    # Else the kernel keeps 4 MB for a client that reads nothing, and the container pays for it.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
    return server


class Listener(uvicorn.Server):
    """A server among others: signals are not its own, and it ends at once when told to.

    Args:
        name: In the log.
        app: Whose answers it gives.
        server: From ``bind``.
        connections: The most that it has at a time.
    """

    def __init__(
        self, name: str, app: ASGIApp, server: socket.socket, connections: int = CONNECTIONS
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=BoundedHttp,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=REQUESTS_END_SECONDS,
            )
        )
        self.servers = []
        self.gate = Gate(name, server, _most(connections), self._connection)
        self._end = asyncio.Event()

    def _connection(self) -> BoundedHttp:
        return BoundedHttp(
            self.gate, config=self.config, server_state=self.server_state, app_state={}
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Accept connections."""
        self.gate.open()
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, and wait for the answers to what has come in."""
        self.gate.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service."""
        yield

    async def main_loop(self) -> None:
        """Tick once per second (the Date header, overdue connections) until the end."""
        while not await self.on_tick(0):
            self.gate.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), 1)

    def end(self) -> None:
        """Stop accepting now; answer what has come in."""
        self.should_exit = True
        self._end.set()


def _most(wanted: int) -> int:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(8, min(wanted, (soft - _OWN_DESCRIPTORS) // 2))
