# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends each ping's measurements to VictoriaMetrics, with their own timestamps."""

from __future__ import annotations

import logging
import time
from collections import deque
from concurrent.futures import Future

from collector.metrics import Metrics
from collector.outbound import Answer, Outbound, PushError, refusal
from collector.settings import VictoriaMetrics
from collector.spool import Spool
from collector.state import PushState
from collector.worker import Requests, Worker

log = logging.getLogger(__name__)
_PATH = "/api/v1/import/prometheus"
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BATCH_SAMPLES = 1000
_BUFFER_SAMPLES = 20_000
_FINAL_SECONDS = 3.0
_LONGEST_WAIT = 30.0
# The batch itself is refused: sending it again would hold up all that follow.
_REFUSED_FOR_GOOD = (400, 413, 422)


class VictoriaPusher:
    """Takes samples from the event loop, spools them, and sends the spool in order."""

    def __init__(self, settings: VictoriaMetrics, metrics: Metrics, rehearse: bool = False) -> None:
        self._settings = settings
        self._outbound = Outbound(settings)
        self._rehearse = rehearse
        self._buffer: deque[tuple[str, float, int]] = deque()
        # Opened by the worker: a rehearsal must not touch the spool of the release in service.
        self._spool: Spool | None = None
        self._not_before = 0.0
        self._requests: Requests[None] = Requests()
        self._depth = metrics["collector_spool_samples"].labels("victoriametrics")
        self._dropped = metrics["collector_spool_dropped_total"].labels("victoriametrics")
        self.state = PushState("victoriametrics", metrics, log)
        self.worker = Worker("victoriametrics", self._step, self._final)

    @property
    def spooled(self) -> int:
        """Samples that wait, on disk and in memory."""
        return len(self._buffer) + (self._spool.samples if self._spool else 0)

    def add(self, series: str, value: float, timestamp_ms: int) -> None:
        """Queue one sample of ``series`` (``name{labels}``). Does not block."""
        if self._rehearse:
            return
        if len(self._buffer) >= _BUFFER_SAMPLES:
            self._buffer.popleft()
            self._dropped.inc()
        self._buffer.append((series, value, timestamp_ms))
        if len(self._buffer) == _BATCH_SAMPLES:
            self.worker.wake()

    def request(self) -> Future[None]:
        """Send now; the future ends when that was tried. What came of it, the state tells."""
        future = self._requests.add()
        self.worker.wake()
        return future

    def _step(self) -> float:
        waiting = self._requests.take()
        try:
            return self._try()
        finally:
            for future in waiting:
                future.set_result(None)

    def _try(self) -> float:
        interval = self._settings.interval_seconds
        if self._rehearse:
            return interval
        self._flush()
        # New samples wake the worker; that must not cut short the wait after a failure.
        wait = self._not_before - time.monotonic()
        if wait > 0:
            return wait
        if not self._send(self._settings.timeout_seconds, time.monotonic() + interval):
            wait = self.state.backoff(max(interval, _LONGEST_WAIT))
            self._not_before = time.monotonic() + wait
            return wait
        return 0 if self._spool and self._spool.first() else interval

    def _final(self) -> None:
        if not self._rehearse:
            self._flush()
            self._send(_FINAL_SECONDS, time.monotonic() + _FINAL_SECONDS)

    def _flush(self) -> None:
        """Write the buffer to the spool. When the disk refuses, the samples stay in memory."""
        try:
            if self._spool is None:
                self._spool = Spool(
                    self._settings.spool_directory, self._settings.spool_max_samples
                )
            while self._buffer:
                size = min(len(self._buffer), _BATCH_SAMPLES)
                samples = [self._buffer.popleft() for _n in range(size)]
                try:
                    lines = [f"{series} {value!r} {at}\n" for series, value, at in samples]
                    self._drop(self._spool.append(lines), "spool full")
                except OSError:
                    self._buffer.extendleft(reversed(samples))
                    raise
        except OSError as error:
            where = self._settings.spool_directory
            self.state.record(time.monotonic(), f"spool {where}: {error.strerror}")
        self._depth.set(self.spooled)

    def _send(self, timeout: float, until: float) -> bool:
        """Send the batches in order until none is left, one fails, or the time is up."""
        while self._spool and (batch := self._spool.first()) and time.monotonic() < until:
            started = time.monotonic()
            try:
                body = batch.path.read_bytes()
            except OSError as error:
                self.state.record(started, f"{batch.path}: {error.strerror}")
                self._drop(batch.count, "batch unreadable")
                self._spool.remove_first()
                continue
            try:
                answer = self._outbound.request("POST", _PATH, body, _CONTENT_TYPE, timeout)
            except PushError as error:
                self.state.record(started, str(error))
                return False
            if answer.status not in (200, 204):
                self.state.record(started, f"{self._outbound.url}: {storage_refusal(answer)}")
                if answer.status not in _REFUSED_FOR_GOOD:
                    return False
                self._drop(batch.count, "batch refused")
            else:
                self.state.record(started)
            self._spool.remove_first()
            self._depth.set(self.spooled)
        return True

    def _drop(self, count: int, reason: str) -> None:
        if count:
            self._dropped.inc(count)
            log.error("samples dropped", extra={"data": {"count": count, "reason": reason}})


def storage_refusal(answer: Answer) -> str:
    """Why a VictoriaMetrics, or what answers in its place, has not taken samples."""
    if answer.status in (404, 405):
        return (
            f"HTTP {answer.status}: this does not answer like a VictoriaMetrics; "
            "check victoriametrics.url, its port and its path"
        )
    return refusal(answer)
