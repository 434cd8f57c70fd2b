# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a ping: one sample of its own time, however often and however late it is sent."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from collector.api.models import Ping
from collector.parts import Parts
from collector.settings import Settings
from collector.sources import timestamp

NOW = 1_790_000_000_000  # ms
LABELS = {"source_location": "SP", "source_datacenter": "dc1", "source_country": "BR"}
RTT, PROCESSING = "ping_sample_rtt_seconds", "ping_sample_processing_seconds"


def body(number: int, start_ms: float = NOW, of: int = 0, **more: Any) -> dict[str, Any]:
    """Ping ``number``; ``of``: the ping that it reports 150 ms and the values of ``more`` for."""
    measured = {"ping_id": str(UUID(int=of)), "rtt_ms": 150.0, **more.pop("measured", {})}
    return {
        "ping_id": str(UUID(int=number)),
        "timestamp_start": timestamp(round(start_ms * 1_000_000)),
        "source": {"location": "SP", "datacenter": "dc1", "country": "BR"},
        **({"previous": measured} if of else {}),
        **more,
    }


def ping(*arguments: Any, **more: Any) -> Ping:
    return Ping.model_validate_json(json.dumps(body(*arguments, **more)))


class Receiver:
    """A collector's sources with their spool; ``at`` is when a ping comes, in ms."""

    def __init__(self, settings: Settings) -> None:
        self.parts = Parts(settings)

    def take(self, *pings: Ping, at: float = NOW) -> list[bool]:
        async def together() -> list[bool]:
            record = self.parts.sources.record
            return await asyncio.gather(*(record(p, round(at * 1e6), 1.0) for p in pings))

        return asyncio.run(together())

    def samples(self, name: str) -> list[tuple[int, float]]:
        """(ms, value) of all samples of a name that wait."""
        assert self.parts.victoria
        text = "".join(item.body for item in self.parts.victoria.spool.first(10_000))
        rows = [line.rsplit(" ", 2) for line in text.splitlines()]
        return [(int(at), float(value)) for series, value, at in rows if series.startswith(name)]

    def value(self, name: str, **labels: str) -> float | None:
        return self.parts.metrics.registry.get_sample_value(name, {**LABELS, **labels})


@pytest.fixture
def receiver(config: dict[str, Any], load: Callable[[Any], Settings]) -> Callable[[], Receiver]:
    """Start a receiver; the next one finds the spool of the one before."""
    return lambda: Receiver(load(config))


@pytest.fixture
def receives(receiver: Callable[[], Receiver]) -> Receiver:
    return receiver()


def test_samples_bear_the_time_of_their_ping(receives: Receiver) -> None:
    receives.take(ping(1), at=NOW)
    receives.take(ping(2, of=1), at=NOW + 30_000)
    assert receives.samples(RTT) == [(NOW, 0.15)]
    assert receives.samples(PROCESSING) == [(NOW, 0.001), (NOW + 30_000, 0.001)]
    assert receives.parts.victoria
    first = receives.parts.victoria.spool.first(1)[0].body
    labels = (
        'source_location="SP",source_datacenter="dc1",source_country="BR",'
        'target_location="Virginia",host="wf001"'
    )
    assert first == f"{PROCESSING}{{{labels}}} 0.001 {NOW}\n"


def test_a_ping_that_is_sent_again_is_one(receiver: Callable[[], Receiver]) -> None:
    first = receiver()
    assert first.take(ping(1), ping(1)) == [True, False]
    assert first.take(ping(1), at=NOW + 5) == [False]
    assert first.value("pings_received_total") == 1
    assert len(first.samples(PROCESSING)) == 1
    # And after a restart, when its sample has been delivered.
    assert first.parts.victoria
    first.parts.victoria.spool.remove(first.parts.victoria.spool.first(10))
    again = receiver()
    assert again.take(ping(1), ping(2, of=1), at=NOW + 30_000) == [False, True]
    assert again.value("pings_received_total") == 1
    assert again.samples(RTT) == [(NOW, 0.15)]


def test_a_ping_is_one_without_a_spool_as_well(
    config: dict[str, Any], load: Callable[[Any], Settings]
) -> None:
    del config["victoriametrics"]
    receives = Receiver(load(config))
    assert receives.take(ping(1), ping(1), ping(2)) == [True, False, True]
    assert receives.value("pings_received_total") == 2


def test_pings_of_one_moment_are_samples_of_their_own(receives: Receiver) -> None:
    receives.take(*(ping(number) for number in range(1, 6)))
    assert [at for at, _value in receives.samples(PROCESSING)] == [NOW + n for n in range(5)]


@pytest.mark.parametrize(
    ("start", "more", "at"),
    [
        (NOW - 3_600_000, {"age_ms": 3_600_000}, NOW - 3_600_000),
        # Its clock is wrong: how old it is, a monotonic clock has measured.
        (NOW - 90_000, {"age_ms": 0}, NOW),
        (NOW + 90_000, {"age_ms": 20_000}, NOW - 20_000),
        # Another sender: its start counts where that is long ago.
        (NOW - 3_600_000, {}, NOW - 3_600_000),
        (NOW - 30_000, {}, NOW),
        (NOW + 90_000, {}, NOW),
        (NOW - 400 * 86_400_000, {}, NOW),
    ],
)
def test_a_late_ping_is_a_sample_of_when_it_was(
    receives: Receiver, start: int, more: dict[str, Any], at: int
) -> None:
    receives.take(ping(1, start, **more), at=NOW)
    assert receives.samples(PROCESSING) == [(at, 0.001)]
    assert receives.value("ping_last_received_timestamp_seconds") == at / 1000


def test_the_known_offset_puts_the_start_right(receives: Receiver) -> None:
    slow = NOW - 90_000  # the sender's clock
    receives.take(ping(1, slow, age_ms=0))
    offset = {"measured": {"clock_offset_ms": 90_000.0}}
    receives.take(ping(2, slow + 30_000, of=1, age_ms=0, **offset), at=NOW + 30_000)
    receives.take(ping(3, slow - 600_000), at=NOW + 31_000)
    assert receives.samples(PROCESSING)[-1][0] == NOW - 600_000


def test_late_pings_do_not_turn_the_clock_back(receives: Receiver) -> None:
    receives.take(ping(1))
    receives.take(ping(2, age_ms=600_000), at=NOW + 1000)
    assert receives.value("ping_last_received_timestamp_seconds") == NOW / 1000
    assert receives.value("pings_received_total") == 2


def test_a_late_measurement_is_history_and_not_the_latency_of_now(receives: Receiver) -> None:
    receives.take(ping(1))
    # The link was cut for two hours; the next ping reports what was measured before.
    offset = {"measured": {"clock_offset_ms": 5.0}}
    receives.take(ping(2, age_ms=0, of=1, **offset), at=NOW + 7_200_000)
    assert receives.samples(RTT) == [(NOW, 0.15)]
    name = "network_latency_rtt_seconds_count"
    assert receives.value(name, target_location="Virginia") == 0
    receives.take(ping(3, age_ms=0, of=2), at=NOW + 7_230_000)
    assert receives.value(name, target_location="Virginia") == 1
    # This one waited, and with it what it reports.
    receives.take(ping(4, age_ms=300_000, of=3), at=NOW + 7_560_000)
    assert receives.value(name, target_location="Virginia") == 1


@pytest.mark.parametrize("interval", [30_000, 61_000, 3_600_000])
def test_a_measurement_is_as_old_as_the_interval_of_the_sender(
    receives: Receiver, interval: int
) -> None:
    for number in range(1, 5):
        at = NOW + number * interval
        receives.take(ping(number, at, age_ms=0, of=number - 1), at=at)
    name = "network_latency_rtt_seconds_count"
    assert receives.value(name, target_location="Virginia") == 3


def test_a_ping_that_cannot_be_written_is_not_acknowledged(
    parts: Parts, client: TestClient, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "spool")
    sent = body(1, time.time() * 1000)
    answer = client.post("/api/ping", json=sent)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    health = client.get("/health").json()
    assert health["push"]["victoriametrics"]["spool_error"]
    assert health["status"] == "degraded"
    assert parts.sources.stats()[0]["count"] == 0

    (tmp_path / "spool").mkdir()
    assert client.post("/api/ping", json=sent).json()["message"] == "pong"
    assert client.post("/api/ping", json=sent).json()["message"] == "already received"
    assert client.get("/health").json()["push"]["victoriametrics"]["spool_error"] is None
    assert parts.sources.stats()[0]["count"] == 1


def test_a_moment_is_bounded(receives: Receiver) -> None:
    """More than a thousand a second from one source: the samples do not run into the future."""
    numbers = count(1)
    for _batch in range(3):
        receives.take(*(ping(next(numbers)) for _n in range(600)))
    latest = max(at for at, _value in receives.samples(PROCESSING))
    assert latest - NOW <= timedelta(seconds=1) / timedelta(milliseconds=1)
