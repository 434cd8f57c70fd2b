# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is it pushed, and does it arrive: each judgement has an input that fails it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import (
    Target,
    matcher,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.arrival import (
    judge_arrived,
    judge_families,
    sample_names,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.pushed import (
    judge_pushed,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.target import judge_target

from .tools import DAY, FAMILIES, NOW, WF001, gateway, group, series


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"age": 0}, "pass", "ok"),
        ({"age": 119}, "pass", "ok"),
        ({"age": 121}, "warn", "old"),
        ({"age": 181}, "fail", "old"),
        ({"age": -3}, "pass", "ok"),
        # The gateway's clock was set back: what has not pushed since would be fresh for as long.
        ({"age": -3600}, "fail", "future"),
        ({"last_push_successful": False}, "fail", "refused"),
        ({"push_failure_time": NOW - 1}, "fail", "refused"),
        ({"push_failure_time": NOW - 5000}, "pass", "ok"),  # it does not latch
        ({"more": {"zone": "a"}}, "fail", "other_name"),
        ({"job": "other"}, "fail", "other_name"),
        ({"job": "other", "instance": "wf002"}, "fail", "missing"),
    ],
)
def test_pushed(changes: dict[str, Any], status: str, code: str) -> None:
    check = judge_pushed(WF001, gateway(group(**changes)))
    assert (check.status, check.code) == (status, f"pushed.{code}")


def test_a_push_within_the_gateway_s_whole_second_is_not_in_the_future() -> None:
    often = replace(WF001, interval=0.5)
    assert judge_pushed(often, gateway(group(-1))).status == "pass"
    assert judge_pushed(WF001, gateway(group(-3600))).values["ahead"] == 3600


def test_the_group_of_a_collector_that_is_known_is_not_near() -> None:
    known = group(instance="wf002")
    paths = [(known.job, known.instance)]
    near = judge_pushed(WF001, gateway(known))
    assert near.values["near"] == [f'job="{WF001.job}" instance="wf002"']
    assert judge_pushed(WF001, gateway(known), known=paths).code == "pushed.missing"


@pytest.mark.parametrize(
    ("last_success", "started", "status", "code"),
    [
        (0.0, None, "fail", "seldom.never"),
        (NOW - 121, None, "fail", "seldom.never"),
        # It had pushed, and the gateway has lost it: by its restart, or somebody deleted it.
        (NOW - 30, NOW - 20, "pass", "restarted"),
        (NOW - 30, NOW - DAY, "fail", "removed"),
        (NOW - 30, None, "skip", "lost"),
        # A push was asked for after this one had looked: was one due since the gateway's start?
        (NOW - 10.5, NOW - 60, "skip", "meanwhile"),
        (NOW - 2, NOW - 60, "skip", "meanwhile"),
        (NOW - 12, NOW - 60, "fail", "removed"),
        (NOW - 2, NOW - DAY, "fail", "removed"),
    ],
)
def test_a_group_that_was_gone(
    last_success: float, started: float | None, status: str, code: str
) -> None:
    there = group(0, last_success=last_success)
    before = replace(gateway(), now=NOW - 10)
    check = judge_pushed(WF001, gateway(there), before, started=lambda: started)
    assert (check.status, check.code) == (status, f"pushed.{code}")


def test_a_push_that_went_to_another_gateway() -> None:
    assert judge_pushed(WF001, gateway(group(50)), gateway(group(55))).code == "pushed.elsewhere"


@pytest.mark.parametrize(
    ("before", "started", "status", "code"),
    [
        (30, DAY, "pass", "ok"),
        (150, DAY, "warn", "seldom"),
        (3600, DAY, "fail", "seldom"),
        (None, DAY, "fail", "seldom.never"),  # no group
        (3600, 20, "pass", "ok"),  # restarted: its first push was due just now
        (None, 20, "pass", "ok"),
    ],
)
def test_what_was_pushed_before_it_was_asked_for(
    before: float | None, started: float, status: str, code: str
) -> None:
    old = gateway(group(before)) if before else gateway()
    check = judge_pushed(WF001, gateway(group(0.5, process_start_time=NOW - started)), old)
    assert (check.status, check.code) == (status, f"pushed.{code}")
    assert check.values.get("before") == (before if code == "seldom" else None)


@pytest.mark.parametrize("age", [150, 3600])
@pytest.mark.parametrize(
    ("failures", "started", "code"),
    [(2, DAY, "seldom"), (4, DAY, "recovered"), (2, DAY - 1, "recovered"), (0, DAY - 1, "seldom")],
)
def test_what_it_could_not_push_before_is_history(
    age: float, failures: float, started: float, code: str
) -> None:
    """A gateway that was away answers again, and the next push of its own is still to come."""
    old = group(age, failures=2)
    now = group(0.5, failures=failures, process_start_time=NOW - started)
    check = judge_pushed(WF001, gateway(now), gateway(old))
    assert check.code == f"pushed.{code}"
    assert (check.status == "pass") is (code == "recovered")
    assert check.values["before"] == age
    assert check.values["failures"] == failures - (2 if started == DAY else 0)


@pytest.mark.parametrize(
    ("job", "health", "status", "code"),
    [
        ("pushgateway", "up", "pass", "ok"),
        ("pushgateway", "down", "fail", "down"),
        ("pushgateway", "unknown", "warn", "not_scraped"),
        ("prometheus", "up", "fail", "missing"),
    ],
)
def test_target(job: str, health: str, status: str, code: str) -> None:
    check = judge_target([Target(job, "g", "http://g/metrics", health, "", "")], "pushgateway")
    assert (check.status, check.code) == (status, f"target.{code}")
    assert check.values.get("jobs") == ({"prometheus"} if code == "missing" else None)


@pytest.mark.parametrize(
    ("late", "code"),
    [
        (0, "ok"),
        (0.001, "ok"),  # VictoriaMetrics rounds
        (-5, "ok"),
        (1, "not_arrived.older"),
        (None, "not_arrived"),
    ],
)
@pytest.mark.parametrize("where", ["prometheus", "victoriametrics"])
def test_arrived(where: str, late: float | None, code: str) -> None:
    found = [] if late is None else [series("push_time_seconds", NOW - 5 - late)]
    check = judge_arrived(WF001, group(), found, where, 5)
    assert (check.id, check.code) == (f"{where} wf001", f"{where}.{code}")
    assert check.values.get("age") == (1 if late == 1 else None)


def test_exported_job_is_named() -> None:
    found = [series("push_time_seconds", NOW, "gw", "g:1", exported_job=WF001.job)]
    check = judge_arrived(WF001, group(), found, "prometheus", 5)
    assert (check.code, check.values["jobs"]) == ("labels.no_honor_labels", {"gw"})


def test_families_need_all_parts() -> None:
    names = set(sample_names(FAMILIES.items()))
    assert judge_families(WF001, group(), names, "Prometheus").status == "pass"
    for name in names:
        check = judge_families(WF001, group(), names - {name}, "Prometheus")
        assert (check.status, check.code) == ("fail", "families.dropped")


def test_expected_families_are_found_as_gauge_histogram_or_summary() -> None:
    names = set(sample_names(FAMILIES.items())) | {"a", "b_bucket", "b_sum", "b_count", "c_sum"}
    asked = replace(WF001, families=("a", "b", "c", "d"))
    check = judge_families(asked, group(), names, "Prometheus")
    assert (check.code, check.values["missing"]) == ("families.not_pushed", ["c", "d"])


@pytest.mark.parametrize("where", ["prometheus", "victoriametrics"])
def test_nothing_follows_from_a_group_that_is_missing(where: str) -> None:
    checks = judge_arrived(WF001, None, [], where, 5), judge_families(WF001, None, [], where)
    assert {(check.status, check.code) for check in checks} == {("skip", "group.missing")}


def test_matcher_takes_values_literally() -> None:
    assert matcher("job", ["a.b", 'c"d']) == 'job=~"a\\\\.b|c\\"d"'
