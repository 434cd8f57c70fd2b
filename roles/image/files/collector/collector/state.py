# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a push target last did; shown by /health and answered by /api/push."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from collector.metrics import Metrics


@dataclass(frozen=True)
class Outcome:
    """One push: ``status`` is success, failure or skipped; ``seconds`` its duration."""

    target: str
    status: str
    seconds: float
    error: str | None = None


class PushState:
    """Counts a target's pushes and remembers the last ones."""

    def __init__(self, target: str, metrics: Metrics, log: logging.Logger) -> None:
        self.target = target
        self.failures = 0
        self._log = log
        self._last_success: float | None = None
        self._last_error: str | None = None
        self._last_error_at: float | None = None
        self._total = metrics["collector_push_total"]
        self._duration = metrics["collector_push_duration_seconds"].labels(target)
        self._success_time = metrics["collector_push_last_success_timestamp_seconds"].labels(target)
        for status in ("success", "failure"):
            self._total.labels(target, status)

    def record(self, started: float, error: str | None = None) -> Outcome:
        """Count one push that began at ``started`` (monotonic clock, s)."""
        seconds = time.monotonic() - started
        status = "failure" if error else "success"
        self._total.labels(self.target, status).inc()
        self._duration.observe(seconds)
        if error:
            self.failures += 1
            self._last_error, self._last_error_at = error, time.time()
            self._log.warning(
                "push failed",
                extra={"data": {"target": self.target, "error": error, "in_row": self.failures}},
            )
        else:
            if self.failures or self._last_success is None:
                self._log.info("push succeeded", extra={"data": {"target": self.target}})
            self.failures = 0
            self._last_success = time.time()
            self._success_time.set(self._last_success)
        return Outcome(self.target, status, round(seconds, 3), error)

    def backoff(self, limit: float) -> float:
        """Seconds until the next attempt after a failure: 1, 2, 4 ... up to ``limit``."""
        return min(2.0 ** max(self.failures - 1, 0), limit)

    def health(self) -> dict[str, Any]:
        """The real state: ok unless the last push failed."""
        now = time.time()
        return {
            "ok": not self.failures,
            "last_success": self._last_success,
            "last_success_age_seconds": age_of(now, self._last_success),
            "failures_in_row": self.failures,
            "last_error": self._last_error,
            "last_error_age_seconds": age_of(now, self._last_error_at),
        }


def age_of(now: float, then: float | None) -> float | None:
    """Seconds since then, for people."""
    return None if then is None else round(now - then, 1)
