# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends each ping's measurements to VictoriaMetrics, with their own timestamps."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from collector.metrics import Metrics
from collector.outbound import Answer, Outbound, PushError, refusal
from collector.settings import VictoriaMetrics
from collector.spool import Entry, Spool, SpoolError
from collector.state import PushState
from collector.worker import Requests, Worker

log = logging.getLogger(__name__)
_PATH = "/api/v1/import/prometheus"
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BATCH_SAMPLES = 1000
_REMEMBERED_PINGS = 100_000
_FINAL_SECONDS = 3.0
_LONGEST_WAIT = 30.0
# The batch itself is refused: sending it again would hold up all that follow.
_REFUSED_FOR_GOOD = (400, 413, 422)
# Batches of version 0.1, a file each: its number and its samples.
_EARLIER = re.compile(r"([0-9]{16,})-([0-9]{1,6})\.prom", re.ASCII)
_EARLIER_NAME = "{:016d}-{}.prom"
_MOST_IN_BATCH = 10**6


class VictoriaPusher:
    """Keeps samples on disk from the event loop, and sends them in order from a thread.

    A batch whose answer is lost is sent again; VictoriaMetrics keeps one of two equal samples
    where it deduplicates (``-dedup.minScrapeInterval=1ms``).
    """

    def __init__(self, settings: VictoriaMetrics, metrics: Metrics, rehearse: bool = False) -> None:
        self._settings = settings
        self._outbound = Outbound(settings)
        self._rehearse = rehearse
        self._directory = Path(settings.spool_directory)
        # Opened later: a rehearsal must not touch the spool of the release in service.
        self.spool = Spool(
            self._directory / "spool.db", settings.spool_max_samples, _REMEMBERED_PINGS
        )
        self._waiting: list[tuple[Entry, asyncio.Future[bool]]] = []
        self._earlier = True
        self._not_before = 0.0
        self._requests: Requests[None] = Requests()
        self._depth = metrics["collector_spool_samples"].labels("victoriametrics")
        self._dropped = metrics["collector_spool_dropped_total"].labels("victoriametrics")
        self.state = PushState("victoriametrics", metrics, log)
        self.spool_error: str | None = None
        self.worker = Worker("victoriametrics", self._step, self._final)

    async def keep(self, entry: Entry) -> bool:
        """Write an entry to the spool; whether it is new. Returns when it is committed.

        What comes in one turn of the event loop is one transaction.

        Raises:
            SpoolError: It could not be written, so nobody may be told that it was taken.
        """
        if self._rehearse:
            return True
        loop = asyncio.get_running_loop()
        written: asyncio.Future[bool] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._write)
        self._waiting.append((entry, written))
        return await written

    def known(self, key: bytes) -> int | None:
        """What was remembered with the key of an earlier entry."""
        try:
            return None if self._rehearse else self.spool.at(key)
        except SpoolError:
            return None

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            items, dropped = self.spool.add([entry for entry, _written in waiting])
        except SpoolError as error:
            self._unwritable(error)
            for _entry, written in waiting:
                if not written.done():
                    written.set_exception(SpoolError(str(error)))
            return
        self.spool_error = None
        self._drop(dropped, "spool full")
        for (_entry, written), item in zip(waiting, items, strict=True):
            if not written.done():
                written.set_result(item is not None)
        if self.spool.size >= _BATCH_SAMPLES:
            self.worker.wake()

    def _unwritable(self, error: SpoolError) -> None:
        if self.spool_error != str(error):
            log.error("spool not usable", extra={"data": {"error": str(error)}})
        self.spool_error = str(error)

    def request(self) -> Future[None]:
        """Send now; the future ends when that was tried. What came of it, the state tells."""
        future = self._requests.add()
        self.worker.wake()
        return future

    def _step(self) -> float:
        waiting = self._requests.take()
        try:
            return self._try()
        except SpoolError as error:
            self._unwritable(error)
            return self._settings.interval_seconds
        finally:
            for future in waiting:
                future.set_result(None)

    def _try(self) -> float:
        interval = self._settings.interval_seconds
        if self._rehearse:
            return interval
        self.spool.open()
        if self._earlier:
            self._take_over()
        self._depth.set(self.spool.size)
        # New samples wake the worker; that must not cut short the wait after a failure.
        wait = self._not_before - time.monotonic()
        if wait > 0:
            return wait
        if not self._send(self._settings.timeout_seconds, time.monotonic() + interval):
            wait = self.state.backoff(max(interval, _LONGEST_WAIT))
            self._not_before = time.monotonic() + wait
            return wait
        return 0 if self.spool.size >= _BATCH_SAMPLES else interval

    def _final(self) -> None:
        if self._rehearse:
            return
        try:
            self._send(_FINAL_SECONDS, time.monotonic() + _FINAL_SECONDS)
        except SpoolError as error:
            self._unwritable(error)
        self.spool.close()

    def _take_over(self) -> None:
        """Take the batches that an earlier version has left, the oldest first, a part at a time."""
        batches: list[int] = []
        with self._told():
            batches = self._earlier_batches()
        while batches:
            paths, samples = [], 0
            while batches and samples < _BATCH_SAMPLES:
                number, size = divmod(batches.pop(), _MOST_IN_BATCH)
                paths.append(self._directory / _EARLIER_NAME.format(number, size))
                samples += max(size, 1)
            texts: dict[Path, str] = {}
            for path in paths:
                with self._told():
                    texts[path] = path.read_text("utf-8", "replace")
            entries = [
                Entry(text, text.count("\n")) for text in texts.values() if text.endswith("\n")
            ]
            _items, dropped = self.spool.add(entries)
            self._drop(dropped, "spool full")
            for path in texts:
                with self._told():
                    path.unlink(missing_ok=True)
        self._earlier = False

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A file that refuses is told, and looked at again at the next start."""
        try:
            yield
        except OSError as error:
            self._unwritable(SpoolError(f"{self._directory}: {error.strerror}"))

    def _earlier_batches(self) -> list[int]:
        """Number and size of each as one integer, as there may be a million; the oldest last."""
        found = []
        with os.scandir(self._directory) as entries:
            for entry in entries:
                parts = _EARLIER.fullmatch(entry.name)
                if parts and entry.is_file(follow_symlinks=False):
                    number, size = int(parts[1]), int(parts[2])
                    if entry.name == _EARLIER_NAME.format(number, size):
                        found.append(number * _MOST_IN_BATCH + size)
        return sorted(found, reverse=True)

    def _send(self, timeout: float, until: float) -> bool:
        """Send the batches in order until none is left, one fails, or the time is up."""
        while time.monotonic() < until and (batch := self.spool.first(_BATCH_SAMPLES)):
            started = time.monotonic()
            body = "".join(item.body for item in batch).encode()
            try:
                answer = self._outbound.request("POST", _PATH, body, _CONTENT_TYPE, timeout)
            except PushError as error:
                self.state.record(started, str(error))
                return False
            if answer.status not in (200, 204):
                self.state.record(started, f"{self._outbound.url}: {storage_refusal(answer)}")
                if answer.status not in _REFUSED_FOR_GOOD:
                    return False
                self._drop(sum(item.size for item in batch), "batch refused")
            else:
                self.state.record(started)
            self.spool.remove(batch)
            self._depth.set(self.spool.size)
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
