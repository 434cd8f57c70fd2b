# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes a database: can it be reached, does it answer, how long does each take."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future
from typing import Any

from collector.drivers import ProbeError, connect, load, query
from collector.metrics import Metrics
from collector.settings import Database
from collector.worker import Requests, Worker

log = logging.getLogger(__name__)
# What /health says of a failure. The drivers' own texts, with users and addresses, go to the log.
_MEANING = {
    "timeout": "no answer in time",
    "connection_refused": "nothing listens on that host and port",
    "dns": "the host's name does not resolve",
    "authentication": "refused: check user, password_file and the server's access rules",
    "tls": "TLS failed, or is needed for the password: check tls and ca_file",
    "permission": "the user may not connect to this database: grant it CONNECT, or rights on it",
    "too_many_connections": "the server takes no more connections: its limit is reached",
    "database_missing": "the server has no database of that name",
    "starting": "the server is starting or stopping",
    "query": "connected, but the query failed",
    "other": "see the log",
}


class DatabaseProbe:
    """One database. A connection per probe, so that connecting is measured each time."""

    def __init__(self, settings: Database, metrics: Metrics) -> None:
        self.name = settings.name
        self._settings = settings
        self._labels = (settings.type, settings.name)
        self._available = metrics["database_available"].labels(*self._labels)
        self._latency = metrics["database_query_latency_seconds"]
        self._errors = metrics["database_connection_errors_total"]
        self._up: bool | None = None
        self._error: str | None = None
        self._code = ""
        self._requests: Requests[dict[str, Any]] = Requests()
        self._probed_at: float | None = None
        self.worker = Worker(f"database {settings.name}", self._step)

    def request(self) -> Future[dict[str, Any]]:
        """Probe now; the future holds what :meth:`health` says then."""
        future = self._requests.add()
        self.worker.wake()
        return future

    def health(self) -> dict[str, Any]:
        """The last probe's result; ``up`` is null before the first one ends. Not ok either when
        the last probe is older than three intervals: then one hangs."""
        age = None if self._probed_at is None else time.monotonic() - self._probed_at
        overdue = age is not None and age > 3 * self._settings.interval_seconds
        return {
            "ok": self._up is not False and not overdue,
            "type": self._settings.type,
            "up": self._up,
            "last_probe_age_seconds": None if age is None else round(age, 1),
            "last_error": self._error
            and {"type": self._error, "meaning": _MEANING[self._error], "code": self._code},
        }

    def _step(self) -> float:
        load(self._settings)
        waiting = self._requests.take()
        started = time.monotonic()
        was_up = self._up
        try:
            self._probe()
        except ProbeError as error:
            self._errors.labels(*self._labels, error.error_type).inc()
            self._up, self._error, self._code = False, error.error_type, error.code
            log.warning(
                "database probe failed",
                extra={
                    "data": {
                        "database": self.name,
                        "error_type": error.error_type,
                        "error": str(error),
                    }
                },
            )
        else:
            self._up, self._error = True, None
            if not was_up:
                log.info("database is up", extra={"data": {"database": self.name}})
        self._available.set(1 if self._up else 0)
        self._probed_at = time.monotonic()
        for future in waiting:
            future.set_result(self.health())
        return max(0.0, self._settings.interval_seconds - (self._probed_at - started))

    def _probe(self) -> None:
        connection = self._timed("connect", connect, self._settings)
        try:
            self._timed("query", query, connection)
        finally:
            connection.close()

    def _timed(self, operation: str, function: Any, argument: Any) -> Any:
        started = time.perf_counter()
        status = "error"
        try:
            result = function(argument)
            status = "success"
            return result
        finally:
            seconds = time.perf_counter() - started
            self._latency.labels(*self._labels, operation, status).observe(seconds)
