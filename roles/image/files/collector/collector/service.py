# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the parts, serves until a signal comes, and ends in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from collector import __version__, logs
from collector.api.app import create_app
from collector.api.protocol import BoundedHttp
from collector.metrics import CONTENT_TYPE, Metrics, revision
from collector.parts import Parts
from collector.settings import Settings

log = logging.getLogger(__name__)
# Longer than the 30 s between pings, so that their connection is kept.
KEEP_ALIVE_SECONDS = 75
REQUESTS_END_SECONDS = 3
FINISH_SECONDS = 3.5
BACKLOG = 512


class Listener(uvicorn.Server):
    """A server among others: signals are not its own, and it ends at once when told to."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=BoundedHttp,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=REQUESTS_END_SECONDS,
            )
        )
        self._end = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service."""
        yield

    async def main_loop(self) -> None:
        """Tick once per second (the Date header) until the end."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), 1)

    def end(self) -> None:
        """Stop accepting now; answer what has come in."""
        self.should_exit = True
        self._end.set()


def metrics_app(metrics: Metrics) -> ASGIApp:
    """The application of the metrics listener: /metrics and nothing else."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        found = scope["path"] == "/metrics" and scope["method"] in ("GET", "HEAD")
        body = metrics.exposition() if found else b"Not found: see /metrics\n"
        headers = [
            (b"content-type", CONTENT_TYPE.encode() if found else b"text/plain"),
            (b"content-length", str(len(body)).encode()),
        ]
        status = 200 if found else 404
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
        )

    return app


def serve(settings: Settings, rehearse: bool = False) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    logs.configure(settings.log_level)
    try:
        sockets = _bind(settings)
    except OSError as error:
        print(f"collector: does not start. {error}", file=sys.stderr)
        return 1
    code = asyncio.run(_serve(Parts(settings, rehearse), sockets))
    sys.stdout.flush()
    # A probe that hangs in a driver must not delay the end.
    os._exit(code)


def _bind(settings: Settings) -> dict[str, socket.socket]:
    sockets = {}
    for name, section in (("api", settings.api), ("metrics", settings.metrics)):
        family = socket.AF_INET6 if ":" in section.listen else socket.AF_INET
        where = (section.listen, section.port)
        try:
            sockets[name] = socket.create_server(where, family=family, backlog=BACKLOG)
            # asyncio does it only for sockets that it opens; without it, answers on a connection
            # that is kept wait 40 ms for the client's acknowledgement.
            sockets[name].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise OSError(
                f"{name}.port: expected a free port, seen {section.listen}:{section.port}: "
                f"{error.strerror}"
            ) from error
    return sockets


async def _serve(parts: Parts, sockets: dict[str, socket.socket]) -> int:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    for worker in parts.workers():
        worker.start()
    listeners = {
        "api": Listener(create_app(parts)),
        "metrics": Listener(metrics_app(parts.metrics)),
    }
    tasks = []
    for name, listener in listeners.items():
        task = asyncio.create_task(listener.serve(sockets=[sockets[name]]), name=name)
        # Whatever ends a listener ends the service: the container's restart policy takes over.
        task.add_done_callback(lambda _: stop.set())
        tasks.append(task)
    while not stop.is_set() and not all(listener.started for listener in listeners.values()):
        await asyncio.sleep(0.005)
    parts.listening = {name: listener.started for name, listener in listeners.items()}
    log.info(
        "ready",
        extra={
            "data": {
                "version": __version__,
                "revision": revision(),
                "host": parts.settings.host,
                "rehearsal": parts.rehearse,
                "seconds": round(time.monotonic() - parts.started_at, 3),
            }
        },
    )
    await stop.wait()
    died = [task.get_name() for task in tasks if task.done()]
    if died:
        log.error("listener ended by itself", extra={"data": {"listeners": died}})
    await _end(parts, listeners, tasks)
    return 1 if died else 0


async def _end(
    parts: Parts, listeners: dict[str, Listener], tasks: list[asyncio.Task[None]]
) -> None:
    started = time.monotonic()
    parts.listening = dict.fromkeys(parts.listening, False)
    for listener in listeners.values():
        listener.end()
    await asyncio.gather(*tasks, return_exceptions=True)
    for worker in parts.workers():
        worker.stop()
    until = time.monotonic() + FINISH_SECONDS
    unfinished = [
        worker.name
        for worker in parts.pushers()
        if not await asyncio.to_thread(worker.join, max(0.0, until - time.monotonic()))
    ]
    log.info(
        "stopped",
        extra={
            "data": {
                "seconds": round(time.monotonic() - started, 3),
                "unfinished": unfinished,
            }
        },
    )
