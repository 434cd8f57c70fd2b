# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the pings of one target: its metrics, and its part of /health."""

from __future__ import annotations

import logging
import time
from typing import Any

from collector.metrics import Metrics
from collector.ping.client import PingError
from collector.ping.message import Measurement
from collector.state import age_of

log = logging.getLogger(__name__)


class PingState:
    """Counts, and remembers the last ones."""

    def __init__(self, source: str, target: str, metrics: Metrics) -> None:
        self._labels = (source, target)
        self._target = target
        self._requests = metrics["ping_requests_total"]
        self._errors = metrics["ping_errors_total"]
        for status in ("success", "failure"):
            self._requests.labels(*self._labels, status)
        self._rtt = metrics["ping_rtt_seconds"].labels(*self._labels)
        self._up = metrics["ping_service_up"].labels(*self._labels)
        self._waiting = metrics["ping_buffer_pings"].labels(*self._labels)
        self._dropped = metrics["ping_buffer_dropped_total"].labels(*self._labels)
        self._open = metrics["ping_circuit_open"].labels(*self._labels)
        self._last_success: float | None = None
        self._last_error: PingError | None = None
        self._last_error_at: float | None = None
        self._measured: Measurement | None = None
        self._lost = 0
        self.well = True
        self._up.set(1)

    def succeeded(self, measured: Measurement | None) -> None:
        """A ping has arrived; what was measured, if it says something of now."""
        self._requests.labels(*self._labels, "success").inc()
        if not self.well or self._last_success is None:
            log.info("pings arrive", extra={"data": {"target": self._target}})
        self.well = True
        self._last_success = time.time()
        if measured:
            self._measured = measured
            self._rtt.observe(measured.rtt_ms / 1e3)

    def failed(self, error: PingError, in_row: int) -> None:
        """A ping has not arrived."""
        self._requests.labels(*self._labels, "failure").inc()
        self._errors.labels(*self._labels, error.error_type).inc()
        self.well = False
        self._last_error, self._last_error_at = error, time.time()
        data = {"target": self._target, "error": str(error), "error_type": error.error_type}
        log.warning("ping failed", extra={"data": {**data, "in_row": in_row}})

    def dropped(self, count: int, reason: str) -> None:
        """Pings are lost."""
        if count:
            self._lost += count
            self._dropped.inc(count)
            data = {"target": self._target, "count": count, "reason": reason}
            log.error("pings dropped", extra={"data": data})

    def show(self, waiting: int, is_open: bool) -> None:
        """Show what waits, and whether the circuit is open."""
        self._waiting.set(waiting)
        self._open.set(is_open)

    def health(self) -> dict[str, Any]:
        """The real state: ok unless the last ping failed."""
        now = time.time()
        return {
            "ok": self.well,
            "last_success": self._last_success,
            "last_success_age_seconds": age_of(now, self._last_success),
            "last_error": str(self._last_error) if self._last_error else None,
            "last_error_type": self._last_error.error_type if self._last_error else None,
            "last_error_age_seconds": age_of(now, self._last_error_at),
            "rtt_ms": self._measured.rtt_ms if self._measured else None,
            "clock_offset_ms": self._measured.clock_offset_ms if self._measured else None,
            "dropped": self._lost,
        }
