# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the wire: a ping, its answer, and what their four times tell."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What the receiver takes at most.
OLDEST_SECONDS = 31 * 86_400.0


def boot_id() -> str:
    """What tells whether the clock of an earlier process is that of this one."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def since_boot() -> float:
    """Seconds of a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True)
class Measurement:
    """What the answer to a ping told. The offset is the receiver's clock minus this one."""

    ping_id: str
    rtt_ms: float
    clock_offset_ms: float


@dataclass(frozen=True)
class Ping:
    """A ping, and when it was due: ``start_ns`` by the clock of the wall, ``at`` since boot."""

    ping_id: str
    sequence_number: int
    start_ns: int
    at: float
    boot: str
    previous: Measurement | None = None

    @classmethod
    def new(cls, number: int, boot: str, previous: Measurement | None) -> Ping:
        """One that is due now."""
        return cls(str(uuid.uuid4()), number, time.time_ns(), since_boot(), boot, previous)

    def stored(self) -> str:
        """As it waits in the buffer."""
        return json.dumps(asdict(self))

    @classmethod
    def restored(cls, text: str) -> Ping:
        """What ``stored`` has made. ValueError, KeyError or TypeError for another text."""
        data = json.loads(text)
        previous = data.pop("previous")
        ping = cls(**data)
        return replace(ping, previous=Measurement(**previous)) if previous else ping

    def age(self, boot: str) -> float:
        """Seconds since it was due. Over a restart of the machine only the wall's clock tells."""
        if boot == self.boot:
            return since_boot() - self.at
        return (time.time_ns() - self.start_ns) / 1e9

    def wire(self, source: dict[str, str], boot: str) -> bytes:
        """The body of the request, sent now."""
        body: dict[str, Any] = {
            "ping_id": self.ping_id,
            "timestamp_start": iso(self.start_ns),
            "source": source,
            "sequence_number": self.sequence_number,
        }
        age = self.age(boot)
        if age >= 0:  # not where the wall's clock was set back
            body["age_ms"] = round(age * 1e3, 3)
        if self.previous:
            body["previous"] = asdict(self.previous)
        return json.dumps(body).encode()


def acknowledged(body: bytes, ping_id: str) -> dict[str, Any]:
    """The answer to a ping. ValueError when it is none, or that of another one."""
    try:
        answer = json.loads(body)
    except RecursionError as error:
        raise ValueError("expected JSON, seen a depth without end") from error
    if not isinstance(answer, dict) or answer.get("ping_id") != ping_id:
        raise ValueError("expected the answer to this ping, seen something else")
    return answer


def measure(answer: dict[str, Any], sent_ns: int, elapsed_ns: int) -> Measurement | None:
    """Round trip and clock offset as NTP computes them, from four times.

    Args:
        answer: Of the receiver, with the two times of its clock.
        sent_ns: When the ping was sent, by the clock of the wall here.
        elapsed_ns: Until its answer was there, by a clock that nobody sets.

    Returns:
        None where the receiver's times cannot be: its clock was set meanwhile.
    """
    try:
        received = _nanoseconds(answer["timestamp_received"])
        processed = _nanoseconds(answer["timestamp_processed"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not 0 <= processed - received <= elapsed_ns:
        return None
    back_ns = sent_ns + elapsed_ns
    return Measurement(
        ping_id=answer["ping_id"],
        rtt_ms=round((elapsed_ns - (processed - received)) / 1e6, 3),
        clock_offset_ms=round(((received - sent_ns) + (processed - back_ns)) / 2e6, 3),
    )


def _nanoseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1) * 1000


def iso(ns: int) -> str:
    """Unix time in nanoseconds as ISO-8601 UTC with microseconds."""
    moment = _EPOCH + timedelta(microseconds=ns // 1000)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
