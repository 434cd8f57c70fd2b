# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers to pings say."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.times import unix_time
from ansible_collections.vya.observability.plugins.module_utils._pipeline.ping.pong import (
    Pong,
    quantile,
    read_pong,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T00:00:01.5+00:00", 1.5),
        ("1970-01-01T00:00:00.000000001Z", 1e-9),
        ("1970-01-01T00:00:01", None),
        ("1970-01-01T01:00:01+01:00", 1.0),
        (1.0, None),
        (None, None),
    ],
)
def test_unix_time(written: Any, seconds: float | None) -> None:
    assert unix_time(written) == seconds


def answer(received: str, processed: str) -> dict[str, Any]:
    return {
        "status": "ok",
        "ping_id": "a",
        "timestamp_received": received,
        "timestamp_processed": processed,
        "processing_time_ms": 0,
        "message": "",
    }


def test_four_timestamps() -> None:
    # Sent at 100 s, back at 101 s; the other clock is 10 s ahead and took 0.2 s.
    pong = read_pong(answer("1970-01-01T00:01:50.4Z", "1970-01-01T00:01:50.6Z"), "a", 100.0, 1.0)
    assert isinstance(pong, Pong)
    assert pong.rtt == pytest.approx(0.8)
    assert pong.clock_offset == pytest.approx(10.0)
    assert pong.processing == pytest.approx(0.2)


def test_no_object() -> None:
    assert read_pong([], "a", 0, 0) == text("ping.bad_answer.no_object")


def test_quantiles() -> None:
    values = [float(n) for n in range(1, 21)]
    assert (quantile(values, 0.5), quantile(values, 0.95), quantile([7.0], 0.5)) == (
        10.0,
        19.0,
        7.0,
    )
