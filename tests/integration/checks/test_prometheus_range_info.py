# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""prometheus_range_info against a real Prometheus, and a real VictoriaMetrics."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from ...processes import run_module
from .conftest import free_port, push, wait_until

NAME = "range_info_test"


def read(url: str, *queries: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Run the module in a process of its own."""
    arguments = {"url": url, "queries": list(queries), "hours": 0.05, "points": 180, **options}
    result, _output = run_module("prometheus_range_info", arguments, seconds=60)
    return result


def query(expression: str, name: str = "a", unit: str = "seconds") -> dict[str, str]:
    return {"name": name, "query": expression, "unit": unit}


@pytest.fixture(scope="module")
def since(gateway: str, prometheus: str) -> float:
    """When two series, 1 and 2, were first seen in Prometheus."""
    started = time.time()
    for number in (1, 2):
        text = f"# TYPE {NAME} gauge\n{NAME} {number}\n"
        assert push(gateway, f"range{number}", f"host{number}", text) == 200

    def there() -> bool:
        answer = requests.get(f"{prometheus}/api/v1/query", {"query": NAME}, timeout=5)
        return len(answer.json()["data"]["result"]) == 2

    wait_until(there, "two series in Prometheus")
    # Points are a second apart, and the last is at a full second that has passed.
    time.sleep(1.2)
    return started


def test_series_and_their_points(prometheus: str, since: float) -> None:
    before = time.time()
    result = read(prometheus, query(NAME, "Test"))
    assert not result["changed"]
    (entry,) = result["series"]
    assert (entry["name"], entry["unit"], entry["error"]) == ("Test", "seconds", "")
    assert (entry["step"], entry["left_out"]) == (1, 0)
    assert entry["end"] - entry["start"] == 179
    assert before - 2 < entry["end"] <= time.time()
    assert [series["labels"]["instance"] for series in entry["series"]] == ["host1", "host2"]
    for value, series in enumerate(entry["series"], 1):
        assert series["points"]
        for at, seen in series["points"]:
            assert seen == value
            assert since - 1 <= at <= entry["end"]
            assert isinstance(at, int)


def test_a_bad_query_does_not_hide_the_good_ones(prometheus: str, since: float) -> None:
    result = read(
        prometheus,
        query(NAME),
        query("up{", "bad"),
        query("no_such_metric_at_all"),
        query(f"{NAME} / 0"),
        query(f"sum({NAME}) * NaN"),
        query("vector(0.1) + 0.2"),
    )
    assert not result.get("failed")
    good, bad, none, infinite, nan, rounded = result["series"]
    assert len(good["series"]) == 2
    assert bad["series"] == []
    assert (bad["code"], good["code"]) == ("http.query", "")
    assert (none["series"], none["error"]) == ([], "")
    assert [series["points"] for series in infinite["series"] + nan["series"]] == [[], [], []]
    assert {value for _at, value in rounded["series"][0]["points"]} == {0.3}


def test_limit(prometheus: str, since: float) -> None:
    (entry,) = read(prometheus, query(NAME), limit=1)["series"]
    assert [series["labels"]["instance"] for series in entry["series"]] == ["host1"]
    assert entry["left_out"] == 1


def test_victoriametrics_answers_as_well(storage: str) -> None:
    (entry,) = read(storage, query("vector(7)"))["series"]
    assert entry["error"] == ""
    assert {value for _at, value in entry["series"][0]["points"]} == {7.0}


def test_check_mode_reads_as_well(prometheus: str, since: float) -> None:
    (entry,) = read(prometheus, query(NAME), _ansible_check_mode=True)["series"]
    assert len(entry["series"]) == 2


def test_when_nothing_is_answered_it_fails_and_says_why(prometheus: str) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    result = read(nowhere, query("up", "one"), query("up", "two"), retries=0)
    assert result["failed"]
    assert result["code"] == "query.none_answered"
    assert [(entry["name"], entry["code"]) for entry in result["series"]] == [
        ("one", "http.refused"),
        ("two", "http.refused"),
    ]
    assert read(prometheus, query("up{"))["failed"]


@pytest.mark.parametrize(
    "options",
    [
        {"hours": 0},
        {"points": 1},
        {"points": 12000},
        {"limit": 0},
        {"ca_path": "/nowhere", "validate_certs": True},
    ],
)
def test_wrong_options(options: dict[str, Any]) -> None:
    result = read("http://127.0.0.1:1", query("up"), **options)
    assert result["failed"]
    assert (result["code"], result["values"]["option"]) == ("http.option", next(iter(options)))


def test_another_service_is_named_as_such(gateway: str) -> None:
    result = read(gateway, query("up"))
    assert result["failed"]
    assert [entry["code"] for entry in result["series"]] == ["http.status.404"]


def test_many_queries_come_back_in_their_order(prometheus: str) -> None:
    names = [str(number) for number in range(10)]
    result = read(prometheus, *(query(f"vector({name})", name) for name in names))
    assert [entry["name"] for entry in result["series"]] == names
    last = [entry["series"][0]["points"][-1][1] for entry in result["series"]]
    assert last == [float(name) for name in names]
