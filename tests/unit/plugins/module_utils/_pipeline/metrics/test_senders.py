# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Prometheus has of a ping service's own metrics, against what its collectors got."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import (
    PrometheusApi,
    Series,
)
from ansible_collections.vya.observability.plugins.module_utils._check import Ask, Check
from ansible_collections.vya.observability.plugins.module_utils._http.session import Session
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.health import (
    PINGED,
    STARTED,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.senders import (
    FACTS,
    RTT,
    judge_senders,
    read_senders,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text
from ansible_collections.vya.observability.tests.http_stand_in import Reply, between

from .tools import DAY, NOW, WF001, series

SECONDS = 180.0
WELL = {"up": 1, "open": 0, "waiting": 0, "growth": 0, "dropped": 0, "answered": 6, "failed": 0}
OPEN = {**WELL, "open": 1, "waiting": 9, "failed": 5, "error http_401": 5}
AWAY = {**OPEN, "answered": 0}
SLOW = {**WELL, "waiting": 25, "growth": 0.1}
LOST = {**SLOW, "dropped": 3}
PINGS = [series(STARTED, NOW - DAY), series(PINGED, source_location="brazil")]
GOOD = [*PINGS, series(RTT, 100, source_location="brazil")]
NEW = [series(STARTED, NOW - 60), *PINGS[1:]]
OF_ANOTHER = [*PINGS, series(RTT, 100, source_location="validation")]
ARRIVE = Ask("ping_sources", seconds=SECONDS).ok(sources={"brazil"})
SILENT = Ask("ping_sources", seconds=SECONDS).fail("silent", sources={"brazil"})
AGES = Ask("ages", "wf001", push_seconds=180, ping_seconds=SECONDS)
LATE = AGES.warn("silent", sources=[text("silent_source", source="brazil", age=300)])
LATE_OTHER = AGES.warn("silent", sources=[text("silent_source", source="japan", age=300)])
WRONG_KEY = AGES.warn("wrong_key", refused=9, minutes=15)


def told(source: str = "brazil", **targets: dict[str, Any]) -> list[Series]:
    """What a ping service tells of each target, as `read_senders` returns it."""
    found = []
    for target, facts in targets.items():
        for name, value in facts.items():
            fact, _space, error = name.partition(" ")
            labels = {"source_location": source, "target_location": target, "fact": fact}
            found.append(Series("", {**labels, **({"error_type": error} if error else {})}, value))
    return found


@pytest.mark.parametrize(
    ("facts", "others", "received", "outcome", "values"),
    [
        (told(usa=WELL), [ARRIVE], GOOD, "pass ok", {"targets": {"usa"}, "waiting": 0}),
        (told(usa=WELL, eu=WELL), [ARRIVE], GOOD, "pass ok", {"targets": {"usa", "eu"}}),
        ([], [ARRIVE], GOOD, "skip not_scraped", {}),
        (told("japan", usa=AWAY), [ARRIVE], GOOD, "skip not_scraped", {}),
        # A target is away, while the others answer.
        (
            told(usa=WELL, eu=AWAY),
            [ARRIVE],
            GOOD,
            "fail unanswered",
            {"targets": {"eu"}, "errors": {"http_401"}, "waiting": 9},
        ),
        (
            told(usa={**WELL, "answered": 0.0, "failed": 3.2}),
            [ARRIVE],
            GOOD,
            "fail unanswered",
            {"targets": {"usa"}, "errors": text("none")},
        ),
        # It has just started, or one ping failed.
        (told(usa={**WELL, "answered": 0, "failed": 0}), [ARRIVE], GOOD, "pass ok", {}),
        (told(usa={**WELL, "answered": 0, "failed": 1.4}), [ARRIVE], GOOD, "pass ok", {}),
        (told(usa={"up": 1}), [ARRIVE], GOOD, "pass ok", {}),
        (told(usa=OPEN), [ARRIVE], GOOD, "warn circuit", {"targets": {"usa"}, "waiting": 9}),
        (told(usa=LOST, eu=LOST), [ARRIVE], GOOD, "warn dropped", {"count": 6}),
        (told(usa=SLOW), [ARRIVE], GOOD, "warn growing", {"targets": {"usa"}, "waiting": 25}),
        (told(usa={**SLOW, "growth": -1}), [ARRIVE], GOOD, "pass ok", {"waiting": 25}),
        (told(usa={**SLOW, "waiting": 3}), [ARRIVE], GOOD, "pass ok", {"waiting": 3}),
        # What another check accuses is not accused twice.
        (told(usa=AWAY), [SILENT], GOOD, "skip told", {"errors": {"http_401"}, "waiting": 9}),
        (told(usa=AWAY), [LATE, ARRIVE], GOOD, "skip told", {}),
        (told(usa=OPEN), [WRONG_KEY, ARRIVE], GOOD, "skip told", {}),
        (told(usa=SLOW), [WRONG_KEY, ARRIVE], GOOD, "warn growing", {}),
        (told(usa=AWAY), [LATE_OTHER, ARRIVE], GOOD, "fail unanswered", {}),
        # The receiver has no round trip, and it had the time to get one.
        (told(usa={**WELL, "measured": 2}), [ARRIVE], PINGS, "warn no_rtt", {}),
        (told(usa={**WELL, "measured": 2}), [ARRIVE], OF_ANOTHER, "warn no_rtt", {}),
        (told(usa={**WELL, "measured": 1}), [ARRIVE], PINGS, "pass ok", {}),
        (told(usa=WELL), [ARRIVE], PINGS, "pass ok", {}),
        (told(usa={**WELL, "measured": 2}), [ARRIVE], NEW, "pass ok", {}),
        (told(usa={**WELL, "measured": 2}), [ARRIVE], GOOD, "pass ok", {}),
    ],
)
def test_a_ping_service(
    facts: list[Series],
    others: list[Check],
    received: list[Series],
    outcome: str,
    values: dict[str, Any],
) -> None:
    (check,) = judge_senders(["brazil"], facts, [WF001], received, others, NOW, SECONDS)
    assert check.id == "ping service brazil"
    assert f"{check.status} {check.code}" == outcome.replace(" ", " ping_service.")
    assert {name: check.values[name] for name in values} == values


def test_of_its_targets_only_those_that_were_asked_about() -> None:
    facts = told(usa=WELL, eu=AWAY)
    one = judge_senders(["brazil"], facts, [WF001], GOOD, [ARRIVE], NOW, SECONDS, ["usa"])
    assert [(check.code, check.values["targets"]) for check in one] == [
        ("ping_service.ok", {"usa"})
    ]
    (other,) = judge_senders(["brazil"], facts, [WF001], GOOD, [ARRIVE], NOW, SECONDS, ["eu"])
    assert (other.code, other.values["targets"]) == ("ping_service.unanswered", {"eu"})


def test_each_ping_service_has_its_check() -> None:
    facts = [*told("japan", usa=AWAY), *told("brazil", usa=WELL)]
    checks = judge_senders(["japan", "brazil"], facts, [WF001], GOOD, [ARRIVE], NOW, SECONDS)
    outcomes = [(check.subject, check.status) for check in checks]
    assert outcomes == [("brazil", "pass"), ("japan", "fail")]


def test_prometheus_is_asked_once() -> None:
    asked = []

    def answer(_method: str, path: str, _headers: dict[str, str], _body: bytes) -> Reply:
        asked.extend(parse_qs(urlsplit(path).query)["query"])
        labels = {"source_location": "br.1", "target_location": "usa"}
        found = [
            {"metric": {**labels, "fact": name}, "value": [NOW, "0"]}
            for name in FACTS
            if f'"fact", "{name}"' in asked[0]
        ]
        return 200, json.dumps({"status": "success", "data": {"result": found}}).encode()

    with between(answer) as url:
        facts = read_senders(PrometheusApi(Session(), url, {}), ["br.1", "japan"], SECONDS)
    (query,) = asked
    assert [one.labels["fact"] for one in facts] == [*FACTS]
    assert query.count(r'source_location=~"br\\.1|japan"') == len(FACTS)
    assert query.count("[180000ms]") == 3
    (check,) = judge_senders(["br.1"], facts, [WF001], GOOD, [ARRIVE], NOW, SECONDS)
    assert (check.status, check.values["targets"]) == ("pass", {"usa"})
