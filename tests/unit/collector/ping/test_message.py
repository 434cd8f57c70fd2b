# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A ping over the wire and in the buffer; what four times tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collector.api.models import Ping as Received
from collector.ping import message
from collector.ping.message import Measurement, Ping, acknowledged, iso, measure

SECOND = 1_000_000_000
SENT = 1_790_000_000 * SECOND
SOURCE = {"location": "SP", "datacenter": "dc1", "country": "BR"}


def answer(received: float, processed: float) -> dict[str, Any]:
    """Times of the receiver, in seconds after SENT by the sender's clock."""
    return {
        "ping_id": "x",
        "timestamp_received": iso(SENT + round(received * SECOND)),
        "timestamp_processed": iso(SENT + round(processed * SECOND)),
    }


@pytest.mark.parametrize(
    ("received", "processed", "elapsed", "measured"),
    [
        (0.1, 0.1, 0.2, (200.0, 0.0)),
        # What the receiver takes for it is no part of the way.
        (0.1, 1.1, 1.2, (200.0, 0.0)),
        # The receiver's clock is ahead, or behind; the round trip is the same.
        (90.1, 90.15, 0.25, (200.0, 90_000.0)),
        (-89.9, -89.85, 0.25, (200.0, -90_000.0)),
        # The way there is longer: an offset that nobody can tell from one of the clocks.
        (0.15, 0.15, 0.2, (200.0, 50.0)),
        # Its clock was set in between.
        (0.1, 5.0, 0.2, None),
        (0.1, 0.0, 0.2, None),
    ],
)
def test_round_trip_and_offset(
    received: float, processed: float, elapsed: float, measured: tuple[float, float] | None
) -> None:
    found = measure(answer(received, processed), SENT, round(elapsed * SECOND))
    assert (found and (found.rtt_ms, found.clock_offset_ms)) == measured


@pytest.mark.parametrize("change", [{"timestamp_received": None}, {"timestamp_processed": "soon"}])
def test_an_answer_without_times_measures_nothing(change: dict[str, Any]) -> None:
    assert measure(answer(0.1, 0.1) | change, SENT, SECOND) is None
    assert measure({"ping_id": "x"}, SENT, SECOND) is None


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'"x"', b'{"ping_id": "y"}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_answer_to_this_ping(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|answer|codec|Expecting"):
        acknowledged(body, "x")


def test_the_receiver_takes_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "since_boot", lambda: 100.0)
    measured = Measurement("5f1f1a52-5d0c-4f8e-9d7e-000000000001", 131.2, -0.4)
    ping = Ping.restored(Ping.new(7, "this boot", measured).stored())
    monkeypatch.setattr(message, "since_boot", lambda: 3700.0)
    taken = Received.model_validate_json(ping.wire(SOURCE, "this boot"))
    assert (str(taken.ping_id), taken.sequence_number) == (ping.ping_id, 7)
    assert taken.age_ms == 3_600_000
    assert taken.source.model_dump() == SOURCE
    assert taken.previous
    assert (str(taken.previous.ping_id), taken.previous.rtt_ms) == (measured.ping_id, 131.2)
    assert taken.previous.clock_offset_ms == -0.4


@pytest.mark.parametrize(("since_start", "age_ms"), [(3600, 3_600_000), (-3600, None)])
def test_after_a_restart_of_the_machine_the_clock_of_the_wall_tells_the_age(
    monkeypatch: pytest.MonkeyPatch, since_start: int, age_ms: float | None
) -> None:
    monkeypatch.setattr(message.time, "time_ns", lambda: SENT)
    ping = Ping.new(1, "an earlier boot", None)
    monkeypatch.setattr(message.time, "time_ns", lambda: SENT + since_start * SECOND)
    assert json.loads(ping.wire(SOURCE, "this boot")).get("age_ms") == age_ms
