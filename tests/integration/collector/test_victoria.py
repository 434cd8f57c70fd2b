# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The samples of pings in a real VictoriaMetrics."""

from __future__ import annotations

import json
import signal
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ...http_stand_in import between, passed_on
from ..exposition import values

LABELS = {
    "source_location": "São Paulo",
    "source_datacenter": "dc1",
    "source_country": "BR",
    "target_location": "Virginia",
    "host": "wf001",
}


def reads(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
        return str(answer.read().decode())


@pytest.fixture
def victoria(run_service: Callable[..., Any]) -> Any:
    # As the role runs it: of two samples of one millisecond, one is kept.
    command = ["-dedup.minScrapeInterval=1ms", "-search.latencyOffset=0s"]
    return run_service("victoriametrics", command=command)


def samples(victoria: Any, name: str) -> list[tuple[int, float]]:
    url = f"{victoria.url()}/api/v1/export?match[]={name}"
    lines = [json.loads(line) for line in reads(url).splitlines()]
    for line in lines:
        assert line["metric"] == {"__name__": name, **LABELS}
    return sorted(
        pair for line in lines for pair in zip(line["timestamps"], line["values"], strict=True)
    )


def moments(*answers: dict[str, Any]) -> list[int]:
    """When pings came, in ms; of two in one millisecond, the later one is moved to the next."""
    times: list[int] = []
    for answer in answers:
        came = int(datetime.fromisoformat(answer["timestamp_received"]).timestamp() * 1000)
        times.append(max(came, times[-1] + 1) if times else came)
    return times


def settings(url: str, tmp_path: Path) -> dict[str, Any]:
    return {
        "url": url,
        "spool_directory": str(tmp_path / "spool"),
        "interval_seconds": 1,
        "timeout_seconds": 1,
    }


def waiting(running: Any) -> int:
    return int(running.health()["push"]["victoriametrics"]["spool_samples"])


def test_each_ping_is_a_sample_with_its_own_time(
    victoria: Any, tmp_path: Path, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    running = start(victoriametrics=settings(victoria.url(), tmp_path))
    answers = [running.ping(number) for number in range(1, 21)]
    times = moments(*answers)
    found = eventually(
        lambda: (
            len(samples(victoria, "ping_sample_rtt_seconds")) == 20
            and samples(victoria, "ping_sample_rtt_seconds")
        )
    )
    # Ping n reports what was measured for ping n-1; nothing is known of the one before the first.
    expected = [(times[0] - 1, 0.101), *((times[n - 2], (100 + n) / 1000) for n in range(2, 21))]
    assert found == sorted(expected)
    processing = samples(victoria, "ping_sample_processing_seconds")
    told = [answer["processing_time_ms"] / 1000 for answer in answers]
    assert processing == [
        (at, pytest.approx(value, abs=1e-6)) for at, value in zip(times, told, strict=True)
    ]
    eventually(lambda: waiting(running) == 0)


def test_who_asks_for_a_push_need_not_wait_for_the_samples(
    victoria: Any, tmp_path: Path, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    slow = {**settings(victoria.url(), tmp_path), "interval_seconds": 3600}
    running = start(victoriametrics=slow)
    running.ping(1)
    running.push()
    eventually(lambda: running.health()["push"]["victoriametrics"]["last_success"])


def test_what_is_pushed_tells_of_the_samples_that_it_delivered(
    victoria: Any, tmp_path: Path, start: Callable[..., Any], run_service: Callable[..., Any]
) -> None:
    gateway = run_service("pushgateway")

    def slow(*asked: Any) -> Any:
        time.sleep(0.3)  # so that a push that does not wait for the samples comes first
        return passed_on(victoria.url(), *asked)

    with between(slow) as url:
        target = {**settings(url, tmp_path), "interval_seconds": 60, "timeout_seconds": 60}
        running = start(victoriametrics=target, pushgateway={"url": gateway.url()})
        running.ping(1)
        assert running.push()["status"] == "success"
    pushed = reads(gateway.url() + "/metrics")
    assert values(pushed, "collector_spool_samples", target="victoriametrics") == [0]
    succeeded = "collector_push_last_success_timestamp_seconds"
    (last,) = values(pushed, succeeded, target="victoriametrics")
    assert last > time.time() - 60


def test_samples_wait_on_disk_over_an_outage_and_a_restart(
    victoria: Any, tmp_path: Path, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    victoria.container.stop(timeout=5)
    running = start(victoriametrics=settings(victoria.url(), tmp_path))
    answers = [running.ping(number) for number in range(1, 6)]
    eventually(lambda: not running.health()["push"]["victoriametrics"]["ok"])
    answers += [running.ping(number) for number in range(6, 11)]
    assert waiting(running) == 20
    assert running.stop() == 0

    running = start(victoriametrics=settings(victoria.url(), tmp_path))
    times = moments(*answers, running.ping(11))
    victoria.container.start()
    eventually(lambda: len(samples(victoria, "ping_sample_processing_seconds")) == 11, 60, "replay")
    assert [time for time, _value in samples(victoria, "ping_sample_processing_seconds")] == times
    assert running.sample("collector_spool_samples", target="victoriametrics") == 0
    assert running.sample("collector_spool_dropped_total", target="victoriametrics") == 0


def test_an_answered_ping_survives_a_kill_and_is_stored_once(
    victoria: Any, tmp_path: Path, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    def away(*_asked: Any) -> Any:
        return 0, b""

    with between(away) as url:
        running = start(victoriametrics=settings(url, tmp_path))
        times = moments(*(running.ping(number) for number in range(1, 51)))
        running.stop(signal.SIGKILL)

    # The first answer of VictoriaMetrics is lost: the batch is sent again.
    answers = []

    def lossy(*asked: Any) -> Any:
        answers.append(passed_on(victoria.url(), *asked))
        return answers[-1] if len(answers) > 1 else (0, b"")

    with between(lossy) as url:
        running = start(victoriametrics=settings(url, tmp_path))
        eventually(lambda: len(answers) >= 2 and waiting(running) == 0)
    found = eventually(
        lambda: (
            len(set(samples(victoria, "ping_sample_processing_seconds"))) == 50
            and samples(victoria, "ping_sample_processing_seconds")
        )
    )
    assert [time for time, _value in sorted(set(found))] == times
    assert len(found) == 50, "stored twice: does this VictoriaMetrics deduplicate?"


@pytest.mark.long
def test_a_million_samples_of_an_earlier_version(
    victoria: Any, tmp_path: Path, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for number in range(1000):
        at = 1_760_000_000_000 + number * 1000
        lines = "".join(f"earlier {n} {at + n}\n" for n in range(1000))
        (spool / f"{number:016d}-1000.prom").write_text(lines)
    chosen = {**settings(victoria.url(), tmp_path), "spool_max_samples": 2_000_000}
    running = start(victoriametrics=chosen)
    running.ping(1)  # ready, and taking pings, from the first moment on
    eventually(lambda: not list(spool.glob("*.prom")), 120, "taken over")
    eventually(lambda: waiting(running) == 0, 120, "delivered")
    assert running.sample("collector_spool_dropped_total", target="victoriametrics") == 0


def test_what_is_no_victoriametrics(
    run_service: Callable[..., Any],
    tmp_path: Path,
    start: Callable[..., Any],
    eventually: Callable[..., Any],
) -> None:
    gateway = run_service("pushgateway")
    running = start(victoriametrics=settings(gateway.url(), tmp_path))
    running.ping(1)
    cause = "does not answer like a VictoriaMetrics"
    eventually(lambda: cause in running.health()["push"]["victoriametrics"]["last_error"])
    assert running.health()["push"]["victoriametrics"]["spool_samples"] == 2
