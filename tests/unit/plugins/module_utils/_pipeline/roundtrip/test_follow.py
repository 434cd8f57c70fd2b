# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Round trips: what is judged and chosen without asking anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import Series
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import (
    Gateway,
    Group,
)
from ansible_collections.vya.observability.plugins.module_utils._api.victoriametrics import uncached
from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    HttpError,
    Response,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.roundtrip.follow import (
    judge_labels,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.roundtrip.marker import (
    JOB,
    NAME,
    Marker,
    ask_hops,
    push,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.roundtrip.remove import (
    Stored,
    left_behind,
    read_stored,
    remove_marker,
    selectors,
)

NOW = 1_000_000.0
MARKER = Marker("wf001", "0123abcd")
ASK = Ask("roundtrip", "Prometheus", place="Prometheus", url="http://p.example.org")
ADDRESS = "http://victoriametrics.example.org/api/v1/export"


def group(age: float, **labels: str) -> Group:
    key = {"job": JOB, "instance": "wf001", "run": "0badcafe", **labels}
    return Group(key, True, NOW - age, 0.0, 0.0, {NAME: "gauge"})


@pytest.mark.parametrize(
    ("one", "deadline", "removed"),
    [
        (group(61), 60, True),
        (group(59), 60, False),
        (group(61, instance="wf008"), 60, False),  # another host's, perhaps with a longer deadline
        (group(601, instance="wf008"), 60, True),
        (group(601, instance="wf008"), 900, False),
        (group(901, instance="wf008"), 900, True),
        (group(9999, run="not-hex!"), 60, False),
        (group(9999, zone="a"), 60, False),
        (group(9999, job="collector_api_wf001_usa"), 60, False),
    ],
)
def test_what_a_killed_run_has_left(one: Group, deadline: float, removed: bool) -> None:
    assert left_behind(Gateway((one,), NOW), "wf001", deadline) == ([one] if removed else [])


def series(**labels: str) -> Series:
    return Series(NAME, {"job": JOB, "instance": "wf001", "run": MARKER.run, **labels}, NOW)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([series(job="gw", exported_job=JOB), series()], None),
        ([series(job="gw", instance="gw:9091", exported_job=JOB)], "roundtrip.no_honor_labels"),
        ([series(instance="wf002")], "roundtrip.relabelled"),
    ],
)
def test_labels(found: list[Series], code: str | None) -> None:
    check = judge_labels(ASK, MARKER, found)
    assert (check.code if check else None) == code
    if check:
        assert (check.id, check.status) == ("roundtrip Prometheus", "fail")
        assert check.values["job"] == found[0].labels["job"]


def answer(text: str) -> Response:
    return Response("GET", ADDRESS, 200, {}, text.encode(), 0.0)


def line(values: list[Any], *, ago: float = 1, run: str = "0badcafe") -> str:
    times = [int((NOW - ago) * 1000)] * len(values)
    metric = {"__name__": NAME, "job": JOB, "run": run}
    return json.dumps({"metric": metric, "values": values, "timestamps": times})


@pytest.mark.parametrize(
    ("text", "ended"),
    [(line([1, 1]), False), (line([1, None]), True), (line([1], ago=601), True)],
)
def test_whether_a_series_has_ended(text: str, ended: bool) -> None:
    assert read_stored(answer(text + "\n"), NOW) == [Stored("0badcafe", ended)]


@pytest.mark.parametrize("text", ["<html>", "{}", line([])])
def test_an_export_that_is_none(text: str) -> None:
    with pytest.raises(HttpError) as raised:
        read_stored(answer(text), NOW)
    assert raised.value.code == "http.not_json"


def test_selectors_name_the_runs_and_both_labels() -> None:
    first, second = selectors({"b", "a"})
    assert first == '{job="roundtrip_check", run=~"a|b"}'
    assert second == '{exported_job="roundtrip_check", run=~"a|b"}'


def test_no_two_looks_are_the_same() -> None:
    looks = {uncached(MARKER.selector) for _number in range(9)}
    assert len(looks) == 9
    assert all(look.startswith(NAME + '{run="0123abcd",look!="') for look in looks)


def test_a_data_source_that_is_given_twice_is_asked_once() -> None:
    params = {
        "pushgateway": {"url": "x"},
        "prometheus": None,
        "victoriametrics": {"url": "x"},
        "grafana": {"url": "x", "data_sources": ["b", "a", "b"]},
    }
    assert list(ask_hops(params)) == ["gateway", "VictoriaMetrics", "Grafana b", "Grafana a"]


def test_nothing_is_pushed_once_the_removal_has_begun() -> None:
    marker, session = Marker("wf001", "0123abcd"), Session()
    assert remove_marker(session, {}, marker, []).status == "skip"
    with pytest.raises(HttpError) as raised:
        push(session, {"url": "http://gateway.example.org"}, marker)
    assert raised.value.code == "http.stopped"
    assert not marker.pushed
