# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the answer to a ping: round trip and clock offset, computed as NTP does (RFC 5905)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..._api.times import unix_time
from ..._texts.text import Text, text

# Fields of the answer of POST /api/ping (docs/collector.md).
FIELDS = (
    "status",
    "ping_id",
    "timestamp_received",
    "timestamp_processed",
    "processing_time_ms",
    "message",
)


@dataclass(frozen=True)
class Pong:
    """What one ping measured, in seconds."""

    rtt: float
    clock_offset: float  # collector's clock minus this host's
    processing: float


def read_pong(answer: Any, ping_id: str, departed: float, elapsed: float) -> Pong | Text:
    """Return what the answer to a ping measured, or what is wrong with the answer.

    Source: the collector, POST /api/ping (docs/collector.md).

    Args:
        answer: The JSON of the answer.
        ping_id: Id of the ping.
        departed: Unix time at which the ping was sent.
        elapsed: Seconds until the answer was there.
    """
    if not isinstance(answer, dict):
        return text("ping.bad_answer.no_object")
    missing = [field for field in FIELDS if field not in answer]
    if missing:
        return text("ping.bad_answer.fields_missing", missing=missing)
    if answer["ping_id"] != ping_id:
        return text("ping.bad_answer.other_ping", other=str(answer["ping_id"]), ping_id=ping_id)
    received = unix_time(answer["timestamp_received"])
    processed = unix_time(answer["timestamp_processed"])
    if received is None or processed is None:
        return text("ping.bad_answer.no_time", time=str(answer["timestamp_received"]))
    if processed < received:
        return text("ping.bad_answer.times_reversed")
    back = departed + elapsed
    return Pong(
        rtt=max(elapsed - (processed - received), 0.0),
        clock_offset=((received - departed) + (processed - back)) / 2,
        processing=processed - received,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered) - 1e-9) - 1, 0)]
