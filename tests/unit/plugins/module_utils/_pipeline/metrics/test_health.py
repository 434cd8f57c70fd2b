# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who pushes, what is scraped, how old it is: judged from what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import (
    Series,
    Target,
)
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import (
    Gateway,
    Group,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.arrival import (
    Expected,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.health import (
    PINGED,
    PUSHED,
    STARTED,
    WAITING,
    Up,
    duration,
    judge_ages,
    judge_own_labels,
    judge_pushers,
    judge_run,
    judge_targets,
)

NOW = 1_800_000_000.0
DAY = 86400.0
WF001 = Expected("wf001", "collector_api_wf001_usa", "wf001", 60.0)


def group(job: str, instance: str, age: float) -> Group:
    return Group({"job": job, "instance": instance}, True, NOW - age, 0.0, 0.0, {})


def target(job: str, health: str, error: str = "") -> Target:
    return Target(job, "x:1", "http://x:1/metrics", health, error, "")


def mine(name: str, value: float, **labels: str) -> Series:
    return Series(name, {"job": WF001.job, "instance": WF001.instance, **labels}, value)


@pytest.mark.parametrize(
    ("seconds", "text"), [(3, "3 s"), (130, "2 min"), (7200, "2.0 h"), (14 * DAY, "14.0 d")]
)
def test_a_duration_is_read_at_a_glance(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_known_pushers_are_no_strangers() -> None:
    groups = (group(*WF001.path, 5), group("n8n_exporter_x", "wf001", 5))
    assert judge_pushers([WF001], Gateway(groups, NOW), ["n8n_.+"]).status == "pass"
    # A pattern is for the whole name.
    assert judge_pushers([WF001], Gateway(groups, NOW), ["n8n"]).status == "warn"


def test_a_dead_pusher_and_a_stranger_are_told_apart() -> None:
    dead = judge_pushers([WF001], Gateway((group("old", "wf005", 30 * DAY),), NOW), [])
    assert dead.status == "warn"
    assert 'job="old" instance="wf005", pushed 30.0 d ago' in dead.seen
    assert "whoever pushed is gone" in dead.cause
    alive = judge_pushers([WF001], Gateway((group("cron", "x", 5),), NOW), [])
    assert "does not know pushes here" in alive.cause


def test_a_group_with_one_label_more_is_a_stranger() -> None:
    own = group(*WF001.path, 5)
    more = replace(own, labels={**own.labels, "zone": "a"})
    check = judge_pushers([WF001], Gateway((own, more), NOW), [])
    assert check.status == "warn"
    assert 'zone="a"' in check.seen


def test_the_same_job_on_another_instance_is_a_stranger() -> None:
    other = Gateway((group(WF001.job, "0.0.0.0:5000", 5),), NOW)
    assert judge_pushers([WF001], other, []).status == "warn"


def test_all_targets_up_and_since_when() -> None:
    past = {
        ("a", "x:1"): Up(NOW - DAY, None, NOW - 3600 * 3),
        ("b", "x:1"): Up(NOW - 3600 * 5, None, None),
    }
    check = judge_targets([target("a", "up"), target("b", "up")], past, NOW, 14)
    assert (check.status, check.seen) == ("pass", "2 of 2, for 3.0 h")


def test_a_target_that_is_down_and_for_how_long() -> None:
    targets = [target("a", "up"), target("b", "down", "refused"), target("c", "down", "refused")]
    past = {("b", "x:1"): Up(None, NOW - 13 * DAY, NOW)}
    check = judge_targets(targets, past, NOW, 14)
    assert check.status == "fail"
    assert (
        "2 of 3 down; b x:1, down for 13.0 d: refused; c x:1, down for 14 d or more" in check.seen
    )
    assert judge_targets([], {}, NOW, 14).status == "fail"


def test_ages() -> None:
    fresh = [
        mine(PUSHED, NOW - 5, target="pushgateway"),
        mine(PINGED, NOW - 20, source_location="brazil"),
        mine(PINGED, NOW - DAY, source_location="validation"),
    ]
    assert judge_ages(WF001, fresh, NOW, 180).status == "pass"
    assert judge_ages(WF001, [], NOW, 180).status == "skip"


def test_a_target_that_takes_nothing() -> None:
    series = [
        mine(PUSHED, NOW - 5, target="pushgateway"),
        mine(PUSHED, NOW - 600, target="victoriametrics"),
    ]
    check = judge_ages(WF001, series, NOW, 180)
    assert (check.status, check.seen) == (
        "fail",
        "successful pushes: none to victoriametrics for 10 min",
    )
    # Nobody pinged: there was nothing to send.
    idle = [*series, mine(WAITING, 0, target="victoriametrics")]
    assert judge_ages(WF001, idle, NOW, 180).status == "pass"
    never = judge_ages(WF001, [mine(PUSHED, 0, target="pushgateway")], NOW, 180)
    assert never.seen == "successful pushes: none to pushgateway ever"
    # Its first samples are on their way.
    new = [mine(PUSHED, 0, target="victoriametrics"), mine(WAITING, 2, target="victoriametrics")]
    assert judge_ages(WF001, [*new, mine(STARTED, NOW - 5)], NOW, 180).status == "pass"
    late = judge_ages(WF001, [*new, mine(STARTED, NOW - 600)], NOW, 180)
    assert late.seen == "successful pushes: none to victoriametrics ever"


def test_a_source_that_is_silent() -> None:
    series = [
        mine(PUSHED, NOW - 5, target="pushgateway"),
        mine(PINGED, NOW - 7200, source_location="brazil"),
    ]
    check = judge_ages(WF001, series, NOW, 180)
    assert (check.status, check.seen) == ("warn", "silent: brazil 2.0 h")


def test_labels_are_the_catalogue_s() -> None:
    wanted = {"rtt_seconds": ["source"], "up": []}
    good = [
        mine("rtt_seconds_bucket", 1, source="x", le="1"),
        mine("up", 1),
        mine("other", 1, y=""),
    ]
    assert judge_own_labels(WF001, good, wanted) is None
    wrong = judge_own_labels(WF001, [*good, mine("rtt_seconds_sum", 1, city="x")], wanted)
    assert wrong is not None
    assert "rtt_seconds: city, source" in wrong.seen


@pytest.mark.parametrize(
    ("success", "age", "errors", "status"),
    [(1, 100, 0, "pass"), (1, 200, 0, "fail"), (0, 100, 1, "fail"), (0, None, 1, "fail")],
)
def test_the_run_of_an_exporter(success: int, age: float | None, errors: int, status: str) -> None:
    series = [
        mine("n8n_exporter_run_success", success),
        mine("n8n_exporter_run_errors", errors, error_type="http_401"),
        mine("n8n_exporter_last_success_timestamp_seconds", NOW - age if age else 0),
    ]
    check = judge_run(WF001, series, NOW)
    assert check
    assert check.status == status
    assert ("http_401" in check.seen) == bool(errors)
    assert judge_run(WF001, [mine(PUSHED, NOW, target="pushgateway")], NOW) is None
