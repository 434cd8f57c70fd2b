# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of each source of pings: its metrics, its samples, its statistics."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from collector.api.models import Ping, Previous, Source
from collector.metrics import Metrics
from collector.settings import Settings
from collector.spool import Entry
from collector.victoria import VictoriaPusher

_PROCESSING = "ping_sample_processing_seconds"
_RTT = "ping_sample_rtt_seconds"
_RECENT = 1000
# Samples of one source are spread over this much, where several have the same millisecond.
_SPREAD_MS = 1000
_LATE_MS = 60_000
# A ping reports on the one before it, which was an interval ago: an hour at most, and some slack.
_LONGEST_INTERVAL_MS = 3_660_000
_LATEST_MS = 31 * 86_400_000
_QUANTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


class TooManySources(Exception):  # noqa: N818 - it says what it is
    """A ping came from one source more than are allowed: each one makes series."""


class _Known:
    """One source: its children of the metrics, looked up once, and its bounded window."""

    def __init__(self, source: Source, settings: Settings, metrics: Metrics) -> None:
        place = (source.location, source.datacenter, source.country)
        self.source = source
        self.count = 0
        self.last_ns = 0
        self.last_reported: UUID | None = None
        self.offset_ms = 0.0
        # The last pings and when they were (ms), the oldest first.
        self.recent: OrderedDict[UUID, int] = OrderedDict()
        self._latest_ms = 0
        self.rtt_ms: deque[float] = deque(maxlen=settings.api.stats_window)
        self.processing_ms: deque[float] = deque(maxlen=settings.api.stats_window)
        self.received = metrics["pings_received_total"].labels(*place)
        self.last_received = metrics["ping_last_received_timestamp_seconds"].labels(*place)
        self.rtt = metrics["network_latency_rtt_seconds"].labels(*place, settings.location)
        # A child is there from its first use on, and a gauge's is 0: that would be a measurement.
        self.offset = partial(
            metrics["network_clock_offset_seconds"].labels, source.location, settings.location
        )
        values = zip(
            ("source_location", "source_datacenter", "source_country", "target_location", "host"),
            (*place, settings.location, settings.host),
            strict=True,
        )
        labels = ",".join(f'{name}="{_escape(value)}"' for name, value in values)
        self.series = f"{{{labels}}}"

    def moment(self, at_ms: int) -> int:
        """A time for a sample that no other one of this source has: two are never one."""
        if 0 <= self._latest_ms - at_ms < _SPREAD_MS:
            at_ms = self._latest_ms + 1
        self._latest_ms = max(self._latest_ms, at_ms)
        return at_ms

    def remember(self, ping_id: UUID, at_ms: int) -> bool:
        """Keep a ping among the last ones; False when it is there already."""
        if ping_id in self.recent:
            return False
        self.recent[ping_id] = at_ms
        if len(self.recent) > _RECENT:
            self.recent.popitem(last=False)
        return True

    def measured(self, previous: Previous, late: bool) -> None:
        """Take a measurement of the sender. What is late is history: it says nothing of now."""
        self.rtt_ms.append(previous.rtt_ms)
        if late:
            return
        self.rtt.observe(previous.rtt_ms / 1e3)
        if previous.clock_offset_ms is not None:
            self.offset_ms = previous.clock_offset_ms
            self.offset().set(previous.clock_offset_ms / 1e3)


class Sources:
    """All sources that have sent a ping; at most ``api.max_sources``."""

    def __init__(
        self, settings: Settings, metrics: Metrics, victoria: VictoriaPusher | None
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._victoria = victoria
        self._known: dict[tuple[str, str, str], _Known] = {}

    async def record(self, ping: Ping, received_ns: int, processing_ms: float) -> bool:
        """Count a ping, once however often it is sent; whether it is new.

        Args:
            ping: What was sent.
            received_ns: When it came, in Unix time.
            processing_ms: How long it took to read it.

        Raises:
            TooManySources: Nothing was counted.
            SpoolError: Nothing was counted: its samples could not be written to disk.
        """
        known = self._find(ping.source)
        if ping.ping_id in known.recent:
            return False
        at_ms = known.moment(_measured_at(ping, received_ns, known.offset_ms) // 1_000_000)
        previous = ping.previous
        # A measurement that is reported again counts once.
        if previous and previous.ping_id == known.last_reported:
            previous = None
        measured_ms = self._moment_of(known, previous.ping_id, at_ms - 1) if previous else 0
        if self._victoria:
            lines = [_line(_PROCESSING, known, processing_ms, at_ms)]
            if previous:
                lines.append(_line(_RTT, known, previous.rtt_ms, measured_ms))
            entry = Entry("".join(lines), len(lines), ping.ping_id.bytes, at_ms)
            if not await self._victoria.keep(entry):
                return False
        if not known.remember(ping.ping_id, at_ms):  # the same one came while this one waited
            return False
        if previous:
            known.last_reported = previous.ping_id
            received_ms = received_ns // 1_000_000
            late = (
                received_ms - at_ms > _LATE_MS or received_ms - measured_ms > _LONGEST_INTERVAL_MS
            )
            known.measured(previous, late)
        known.count += 1
        known.processing_ms.append(processing_ms)
        known.received.inc()
        known.last_ns = max(known.last_ns, at_ms * 1_000_000)
        known.last_received.set(known.last_ns / 1e9)
        return True

    def _moment_of(self, known: _Known, ping_id: UUID, unknown_ms: int) -> int:
        """When the ping was, that was measured; ``unknown_ms`` for one that never came here.

        That is a moment of its own: the ping that reports it will be measured, too.
        """
        at = known.recent.get(ping_id)
        if at is None and self._victoria:
            at = self._victoria.known(ping_id.bytes)
        return unknown_ms if at is None else at

    def _find(self, source: Source) -> _Known:
        key = (source.location, source.datacenter, source.country)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._settings.api.max_sources:
                raise TooManySources
            known = self._known[key] = _Known(source, self._settings, self._metrics)
        return known

    def forget(self, location: str) -> int:
        """Remove the series and the statistics of a location's sources; how many there were."""
        gone = [key for key in self._known if key[0] == location]
        for key in gone:
            del self._known[key]
            self._metrics["pings_received_total"].remove(*key)
            self._metrics["ping_last_received_timestamp_seconds"].remove(*key)
            self._metrics["network_latency_rtt_seconds"].remove(*key, self._settings.location)
        self._metrics["network_clock_offset_seconds"].remove(location, self._settings.location)
        return len(gone)

    def stats(self) -> list[dict[str, Any]]:
        """Per source: count, last, and quantiles over the window (ms)."""
        return [
            {
                "source": known.source.model_dump(),
                "target_location": self._settings.location,
                "count": known.count,
                "last_received": timestamp(known.last_ns),
                "rtt_ms": _summary(known.rtt_ms),
                "processing_time_ms": _summary(known.processing_ms),
            }
            for known in self._known.values()
        ]


def _measured_at(ping: Ping, received_ns: int, offset_ms: float) -> int:
    """When a ping was sent first, in Unix time (ns) by this host's clock.

    A sender that sends again says how long ago it was, by its monotonic clock. Of another one
    the start counts, put right by the clock offset that it measured, where that is long ago.
    """
    if ping.age_ms is not None:
        return received_ns - round(ping.age_ms * 1e6)
    start = cast("datetime", ping.timestamp_start)  # what its validator has made of the text
    start_ns = int(start.timestamp()) * 1_000_000_000 + start.microsecond * 1000
    start_ns += round(offset_ms * 1e6)
    late = _LATE_MS < (received_ns - start_ns) / 1e6 < _LATEST_MS
    return start_ns if late else received_ns


def _line(name: str, known: _Known, milliseconds: float, at_ms: int) -> str:
    return f"{name}{known.series} {milliseconds / 1e3!r} {at_ms}\n"


def timestamp(ns: int) -> str:
    """Unix time in nanoseconds as ISO-8601 UTC with microseconds."""
    moment = datetime.fromtimestamp(ns // 1_000_000_000, UTC).replace(
        microsecond=ns // 1000 % 10**6
    )
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _summary(window: deque[float]) -> dict[str, float | int | None]:
    values = sorted(window)
    last = len(values) - 1
    return {
        "samples": len(values),
        "last": window[-1] if window else None,
        **{
            name: values[round(quantile * last)] if values else None
            for name, quantile in _QUANTILES.items()
        },
    }


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
