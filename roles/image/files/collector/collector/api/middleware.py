# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts every request, whatever becomes of it, and sends it to who answers it."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collector.metrics import Metrics

# Scope key: Unix time (ns) at which a request arrived.
ARRIVED = "collector.arrived"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# The client went away before it got an answer (nginx' number for it).
_CLIENT_GONE = 499
KEY_CHECK = "key_check"
VALIDATION = b"x-validation"  # a header of the collection's own checks


class CountRequests:
    """Wraps the whole application; labels are bounded, whatever path or method is asked for.

    Args:
        app: Answers all that is not in ``direct``.
        direct: Who answers a method and a path.
        paths: What there is, as labels.
    """

    def __init__(
        self,
        app: ASGIApp,
        direct: dict[tuple[str, str], ASGIApp],
        paths: set[str],
        metrics: Metrics,
    ) -> None:
        self._app = app
        self._direct = direct
        self._paths = paths
        self._requests = metrics["api_requests_total"]
        self._duration = metrics["api_request_duration_seconds"]
        self._counters: dict[tuple[str, str, int], Any] = {}
        self._timers: dict[tuple[str, str], Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[ARRIVED] = time.time_ns()
        started = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        app = self._direct.get((scope["method"], scope["path"]), self._app)
        try:
            await app(scope, receive, watch)
        except ClientDisconnect:
            status = _CLIENT_GONE
        finally:
            # What a validation has refused on purpose is no sender with a wrong key.
            meant = status == 401 and VALIDATION in (name for name, _value in scope["headers"])
            path = KEY_CHECK if meant else scope["path"]
            self._count(path, scope["method"], status, time.perf_counter() - started)

    def _count(self, path: str, method: str, status: int, seconds: float) -> None:
        endpoint = path if path in self._paths or path == KEY_CHECK else "unmatched"
        method = method if method in _METHODS else "other"
        key = (endpoint, method, status)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = self._requests.labels(endpoint, method, status)
        counter.inc()
        if endpoint.startswith("/api/"):
            timer = self._timers.get((endpoint, method))
            if timer is None:
                timer = self._duration.labels(endpoint, method)
                self._timers[endpoint, method] = timer
            timer.observe(seconds)
