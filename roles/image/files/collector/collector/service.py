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

from starlette.types import ASGIApp, Receive, Scope, Send

from collector import __version__, logs
from collector.api.app import create_app
from collector.listener.server import Listener, bind
from collector.metrics import CONTENT_TYPE, Metrics, revision
from collector.parts import Parts
from collector.settings import Settings

log = logging.getLogger(__name__)
FINISH_SECONDS = 3.5
_METRICS_CONNECTIONS = 64


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
    log_handler = logs.configure(settings.log_level)
    try:
        sockets = {
            name: bind(name, section.listen, section.port)
            for name, section in (("api", settings.api), ("metrics", settings.metrics))
        }
    except OSError as error:
        print(f"collector: does not start. {error}", file=sys.stderr)
        return 1
    parts = Parts(settings, rehearse)
    log_handler.counted = parts.metrics["collector_log_suppressed_total"].inc
    code = asyncio.run(_serve(parts, sockets, log_handler))
    log_handler.tell(last=True)
    sys.stdout.flush()
    # A probe that hangs in a driver must not delay the end.
    os._exit(code)


async def _serve(parts: Parts, sockets: dict[str, socket.socket], log_handler: logs.Limited) -> int:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    for worker in parts.workers():
        worker.start()
    listeners = {
        "api": Listener("api", create_app(parts), sockets["api"]),
        "metrics": Listener(
            "metrics", metrics_app(parts.metrics), sockets["metrics"], _METRICS_CONNECTIONS
        ),
    }
    tasks = []
    for name, listener in listeners.items():
        task = asyncio.create_task(listener.serve(), name=name)
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
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), logs.TELL_SECONDS)
        log_handler.tell()
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
