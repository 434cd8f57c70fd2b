# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether VictoriaMetrics deduplicates, by its own word."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._http.session import Session
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.dedup import (
    check_deduplication,
)
from ansible_collections.vya.observability.tests.http_stand_in import Reply, between

FLAGS = '-a="dedup"\n-dedup.minScrapeInterval="{}"\n-downsampling.period=""\n'
PINGS = 30.0
METRICS = """\
flag{{name="a", value="1"}} 1
flag{{name="dedup.minScrapeInterval", value="{}", is_set="true"}} 1
"""


@pytest.mark.parametrize(
    ("answers", "outcome", "values"),
    [
        ({"/vm/flags": FLAGS.format("1ms")}, "pass ok", {"interval": "1ms"}),
        ({"/vm/flags": FLAGS.format("30s")}, "pass ok", {"interval": "30s"}),
        ({"/vm/flags": FLAGS.format("150µs")}, "pass ok", {"interval": "150µs"}),
        (
            {"/vm/flags": FLAGS.format("1m0s")},
            "warn coarse",
            {"interval": "1m0s", "pings": PINGS},
        ),
        ({"/vm/flags": FLAGS.format("30.5s")}, "warn coarse", {"interval": "30.5s"}),
        ({"/vm/metrics": METRICS.format("1h0m0s")}, "warn coarse", {"interval": "1h0m0s"}),
        ({"/vm/flags": FLAGS.format("0s")}, "warn off", {}),
        ({"/vm/metrics": METRICS.format("1ms")}, "pass ok", {"interval": "1ms"}),
        ({"/vm/metrics": METRICS.format("0s").replace(", value", ",value")}, "warn off", {}),
        ({"/vm/flags": "<html>", "/vm/metrics": METRICS.format("0s")}, "warn off", {}),
        ({}, "skip hidden", {"seen": ["/flags 401", "/metrics 401"]}),
        (
            {"/vm/flags": "<html>", "/vm/metrics": "up 1\n"},
            "skip hidden",
            {"seen": ["/flags 200", "/metrics 200"]},
        ),
    ],
)
def test_the_flag(answers: dict[str, str], outcome: str, values: dict[str, object]) -> None:
    def answer(_method: str, path: str, headers: dict[str, str], _body: bytes) -> Reply:
        allowed = headers.get("Authorization") == "Bearer t" and path in answers
        return (200, answers[path].encode()) if allowed else (401, b"")

    with between(answer) as url:
        check = check_deduplication(Session(), f"{url}/vm/", {"Authorization": "Bearer t"}, PINGS)
    assert f"{check.status} {check.code}" == outcome.replace(" ", " deduplication.")
    assert {name: check.values[name] for name in values} == values


def test_without_pings_no_interval_is_too_long() -> None:
    with between(lambda *_: (200, FLAGS.format("1m0s").encode())) as url:
        check = check_deduplication(Session(), url, {}, None)
    assert check.code == "deduplication.ok"
