# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of each source of pings: its metrics, its samples, its statistics."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from collector.api.models import Ping, Source
from collector.metrics import Metrics
from collector.settings import Settings
from collector.victoria import VictoriaPusher

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
        self.last_ping: UUID | None = None
        self.last_reported: UUID | None = None
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


class Sources:
    """All sources that have sent a ping; at most ``api.max_sources``."""

    def __init__(
        self, settings: Settings, metrics: Metrics, victoria: VictoriaPusher | None
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._victoria = victoria
        self._known: dict[tuple[str, str, str], _Known] = {}

    def record(self, ping: Ping, received_ns: int, processing_ms: float) -> None:
        """Count a ping that came at ``received_ns`` (Unix time). Raises TooManySources."""
        known = self._find(ping.source)
        seconds = received_ns / 1e9
        previous = ping.previous
        # A ping that is sent again reports the same measurement again: it counts once.
        if previous and previous.ping_id != known.last_reported:
            known.last_reported = previous.ping_id
            self._measured(known, previous.ping_id, previous.rtt_ms, received_ns)
            if previous.clock_offset_ms is not None:
                known.offset().set(previous.clock_offset_ms / 1e3)
        known.count += 1
        known.last_ping, known.last_ns = ping.ping_id, received_ns
        known.processing_ms.append(processing_ms)
        known.received.inc()
        known.last_received.set(seconds)
        if self._victoria:
            self._victoria.add(
                "ping_sample_processing_seconds" + known.series,
                processing_ms / 1e3,
                received_ns // 1_000_000,
            )

    def _measured(self, known: _Known, ping_id: UUID, rtt_ms: float, now_ns: int) -> None:
        known.rtt.observe(rtt_ms / 1e3)
        known.rtt_ms.append(rtt_ms)
        if self._victoria:
            # The sample belongs to the ping that was measured. Where that one is unknown (it came
            # before a restart, or to another collector) the time of the report must do.
            at = known.last_ns if ping_id == known.last_ping else now_ns
            self._victoria.add(
                "ping_sample_rtt_seconds" + known.series, rtt_ms / 1e3, at // 1_000_000
            )

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
