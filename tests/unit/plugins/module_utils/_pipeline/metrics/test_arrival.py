# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judgements on populations: each has an input that fails it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import (
    Series,
    Target,
    matcher,
)
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import (
    Gateway,
    Group,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.arrival import (
    Expected,
    judge_arrived,
    judge_families,
    judge_labels,
    judge_once,
    sample_names,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.pushed import (
    judge_pushed,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.target import judge_target

NOW = 1_000_000.0
WF001 = Expected("wf001", "collector_api_wf001_usa", "wf001", 60.0)
FAMILIES = {"api_requests_total": "counter", "rtt_seconds": "histogram", "process_x": "gauge"}


def group(age: float = 5.0, **changes: Any) -> Group:
    values: dict[str, Any] = {
        "labels": {"job": WF001.job, "instance": WF001.instance},
        "last_push_successful": True,
        "push_time": NOW - age,
        "push_failure_time": 0.0,
        "process_start_time": NOW - 86400,
        "families": FAMILIES,
    }
    return Group(**{**values, **changes})


def gateway(*groups: Group) -> Gateway:
    return Gateway(groups, NOW)


def series(name: str, job: str = WF001.job, instance: str = "wf001", **labels: str) -> Series:
    return Series(name, {"job": job, "instance": instance, **labels}, NOW - 5)


@pytest.mark.parametrize(
    ("age", "status"), [(0, "pass"), (119, "pass"), (121, "warn"), (181, "fail"), (-3, "pass")]
)
def test_age_against_interval(age: float, status: str) -> None:
    assert judge_pushed(WF001, gateway(group(age))).status == status


def test_a_push_in_the_future() -> None:
    """The gateway's clock was set back: what has not pushed since would be fresh for as long."""
    check = judge_pushed(WF001, gateway(group(-3600)))
    assert check.status == "fail"
    assert "3600 s in the future" in check.seen
    assert "clock of the gateway's host was set back" in check.cause
    # The gateway's date has whole seconds.
    often = replace(WF001, interval=0.5)
    assert judge_pushed(often, gateway(group(-1))).status == "pass"


@pytest.mark.parametrize(
    "changes", [{"last_push_successful": False}, {"push_failure_time": NOW - 1}]
)
def test_a_failed_push(changes: dict[str, Any]) -> None:
    assert judge_pushed(WF001, gateway(group(**changes))).status == "fail"


def test_an_old_failure_does_not_latch() -> None:
    old = group(push_failure_time=NOW - 5000)
    assert judge_pushed(WF001, gateway(old)).status == "pass"


def test_a_push_that_went_to_another_gateway() -> None:
    check = judge_pushed(WF001, gateway(group(50)), gateway(group(55)))
    assert check.status == "fail"
    assert "another gateway" in check.cause


@pytest.mark.parametrize(
    ("before", "started", "status"),
    [
        (30, 86400, "pass"),
        (150, 86400, "warn"),
        (3600, 86400, "fail"),
        (None, 86400, "fail"),  # no group
        (3600, 20, "pass"),  # restarted: its first push was due just now
        (None, 20, "pass"),
    ],
)
def test_what_was_pushed_before_it_was_asked_for(
    before: float | None, started: float, status: str
) -> None:
    old = gateway(group(before)) if before else gateway()
    now = gateway(group(0.5, process_start_time=NOW - started))
    check = judge_pushed(WF001, now, old)
    assert check.status == status
    assert ("of itself it had" in check.seen) == (status != "pass")


def test_a_group_with_more_labels_is_another_group() -> None:
    more = group(labels={"job": WF001.job, "instance": "wf001", "zone": "a"})
    check = judge_pushed(WF001, gateway(more))
    assert check.status == "fail"
    assert WF001.job in check.seen


@pytest.mark.parametrize(
    ("health", "status"), [("up", "pass"), ("down", "fail"), ("unknown", "warn")]
)
def test_target(health: str, status: str) -> None:
    target = Target("pushgateway", "g", "http://g/metrics", health, "refused", "")
    assert judge_target([target], "pushgateway").status == status


def test_no_target_names_those_there_are() -> None:
    target = Target("prometheus", "p", "http://p/metrics", "up", "", "")
    check = judge_target([target], "pushgateway")
    assert check.status == "fail"
    assert "prometheus" in check.seen


def test_arrived_later_or_equal_counts_and_older_does_not() -> None:
    def status(time: float) -> str:
        found = [Series("push_time_seconds", {"job": WF001.job, "instance": "wf001"}, time)]
        return judge_arrived(WF001, group(), found, "Prometheus", 5).status

    assert status(NOW - 5) == "pass"
    assert status(NOW - 5.001) == "pass"  # VictoriaMetrics rounds
    assert status(NOW) == "pass"
    assert status(NOW - 6) == "fail"


def test_exported_job_is_named() -> None:
    found = [
        Series(
            "push_time_seconds", {"job": "gw", "instance": "g:1", "exported_job": WF001.job}, NOW
        )
    ]
    for check in (
        judge_arrived(WF001, group(), found, "Prometheus", 5),
        judge_labels(WF001, gateway(group()), found),
    ):
        assert check.status == "fail"
        assert "the scrape job gw has no honor_labels: true" in check.cause


def test_families_need_all_parts() -> None:
    names = set(sample_names(FAMILIES.items()))
    assert judge_families(WF001, group(), names, "Prometheus").status == "pass"
    for name in names:
        assert judge_families(WF001, group(), names - {name}, "Prometheus").status == "fail"


def test_expected_families_are_found_as_gauge_histogram_or_summary() -> None:
    names = set(sample_names(FAMILIES.items())) | {"a", "b_bucket", "b_sum", "b_count", "c_sum"}
    asked = Expected("wf001", WF001.job, "wf001", 60.0, ("a", "b", "c", "d"))
    check = judge_families(asked, group(), names, "Prometheus")
    assert check.seen == "2 missing: c, d"


@pytest.mark.parametrize("instance", ["0.0.0.0:5000", "127.0.0.1:5000", "localhost", "[::]:5001"])
def test_bind_addresses(instance: str) -> None:
    check = judge_labels(WF001, gateway(group()), [series("x"), series("x", instance=instance)])
    assert check.status == "fail"
    assert "bind address" in check.cause


def test_once() -> None:
    mine = [series(name) for name in sample_names(FAMILIES.items())]
    assert judge_once([WF001], gateway(group()), mine)[0].status == "pass"


def test_scraped_as_well() -> None:
    copies = [series(n, "scrape", "wf001:9102") for n in sample_names(FAMILIES.items())]
    check = judge_once([WF001], gateway(group()), copies)[0]
    assert check.status == "fail"
    assert "4 of 4 names" in check.seen  # process_* tells nothing
    assert 'job="scrape" instance="wf001:9102"' in check.seen


def test_one_name_in_common_is_chance() -> None:
    other = [series("api_requests_total", "shop", "shop:80")]
    assert judge_once([WF001], gateway(group()), other)[0].status == "pass"


def test_the_copy_of_another_host_is_not_ours() -> None:
    brazil = group(labels={"job": "collector_api_wf008_brazil", "instance": "wf008"})
    copies = [series(n, "scrape", "wf008:9102") for n in sample_names(FAMILIES.items())]
    assert judge_once([WF001], gateway(group(), brazil), copies)[0].status == "pass"


def test_a_second_group_of_the_same_host() -> None:
    second = group(labels={"job": "old_name", "instance": "wf001"})
    check = judge_once([WF001], gateway(group(), second), [])[0]
    assert check.status == "fail"
    assert 'pushed as job="old_name"' in check.seen


def test_matcher_takes_values_literally() -> None:
    assert matcher("job", ["a.b", 'c"d']) == 'job=~"a\\\\.b|c\\"d"'
