# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is pushed in each phase of a drill."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._drill.scenarios import (
    Rule,
    Scenario,
    hindrance,
    read_scenarios,
)
from ansible_collections.vya.observability.plugins.module_utils._http.session import HttpError

RULE = Rule("Some", "some > 0.5", 60)


def scenario(**of: Any) -> Scenario:
    return read_scenarios({"Some": of})["Some"]


def pushes(**series: Any) -> list[str]:
    """The bodies before the fault, in its second push, and in the third one, which recovers."""
    made = scenario(series=[{"name": "some", **series}])
    return [
        made.text(0, RULE).decode(),
        made.text(2, RULE).decode(),
        made.text(3, RULE, recovering=True).decode(),
    ]


def test_a_gauge_has_its_value_in_the_fault_and_the_quiet_one_before_and_after() -> None:
    quiet, fault = '# TYPE some gauge\nsome{a="b"} 1\n', '# TYPE some gauge\nsome{a="b"} 0\n'
    found = pushes(type="gauge", labels={"a": "b"}, quiet=1, fault=0)
    assert found == [quiet, fault, quiet]


def test_without_a_value_a_group_is_pushed_that_has_no_such_series() -> None:
    assert pushes(type="gauge", fault=5) == [
        "drill 1\n",
        "# TYPE some gauge\nsome{} 5\n",
        "drill 1\n",
    ]


def test_a_counter_and_what_grows_grow_with_each_push() -> None:
    for kind in ({"type": "counter"}, {"type": "gauge", "grows": True}):
        values = [text.split()[-1] for text in pushes(**kind, fault=100, recovery=7)]
        assert values == ["0", "200", "21"]


def test_now_is_the_time_of_the_push() -> None:
    before, fault, after = (text.split()[-1] for text in pushes(type="gauge", quiet="now", fault=1))
    assert fault == "1"
    assert time.time() - 60 < float(before) <= float(after) <= time.time()


def test_a_histogram_is_a_little_above_the_threshold_and_then_far_below() -> None:
    before, fault, after = pushes(type="histogram", labels={"a": "b"})
    assert 'some_count{a="b"} 0' in before
    for bound, seen, recovered in (("0.55", 0, 3_000_000), ("0.65", 20, 3_000_030)):
        assert f'some_bucket{{a="b",le="{bound}"}} {seen}\n' in fault
        assert f'some_bucket{{a="b",le="{bound}"}} {recovered}\n' in after


def test_a_family_is_declared_once() -> None:
    one = {"name": "some", "type": "counter", "fault": 1}
    made = scenario(series=[{**one, "labels": {"a": "b"}}, {**one, "labels": {"a": "c"}}])
    assert made.text(1, RULE).decode() == '# TYPE some counter\nsome{a="b"} 1\nsome{a="c"} 1\n'


def test_a_group_has_the_names_of_its_alert() -> None:
    plain, collector = scenario(), scenario(collector=True, match={"cn": "drill-x"})
    assert (plain.job, plain.instance) == ("drill_some", "drill-some")
    assert plain.labels == {"alertname": "Some", "instance": "drill-some"}
    assert collector.job == "collector_api_drill_some"
    assert collector.labels == {"alertname": "Some", "cn": "drill-x"}


@pytest.mark.parametrize(
    "of",
    [
        {"fault": "fire"},
        {"end": "never"},
        {"colector": True},
        {"series": [{"name": "some", "type": "summary"}]},
        {"series": [{"name": "some", "type": "counter"}]},
        {"series": [{"name": "some", "type": "counter", "fault": 1}], "end": "push"},
        {"series": [{"type": "gauge"}]},
        "silence",
    ],
)
def test_what_is_no_scenario_is_refused(of: Any) -> None:
    with pytest.raises(HttpError, match="option scenarios"):
        read_scenarios({"Some": of})


def test_what_hinders_a_drill() -> None:
    silent, expecting = scenario(fault="silence"), scenario(expected='job="x"')
    late = Rule("Some", "time() - some > 180", 60)
    absent = Rule("Some", 'absent(up{job="x"})', 60)
    for rule, of, timeout, code in (
        (late, silent, 241, ""),
        (late, silent, 240, "drill.too_short"),
        (late, scenario(), 61, ""),
        (late, expecting, 900, "drill.not_expected"),
        (absent, expecting, 900, ""),
        (None, scenario(), 900, "drill.no_rule"),
        (late, None, 900, "drill.no_scenario"),
    ):
        found = hindrance(rule, of, timeout)
        assert (found.code if found else "") == code
