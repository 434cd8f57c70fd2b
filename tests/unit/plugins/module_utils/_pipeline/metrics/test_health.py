# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who pushes, what is scraped, how old it is: judged from what was read."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import (
    Series,
    Target,
)
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import Group
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.health import (
    PINGED,
    PUSHED,
    RTT,
    STARTED,
    WAITING,
    Up,
    judge_ages,
    judge_pushers,
    judge_run,
    judge_sources,
    judge_targets,
    refusals_window,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

from .tools import DAY, NOW, WF001, gateway, group, series

OWN = group()


def target(job: str, health: str, error: str = "") -> Target:
    return Target(job, "x:1", "http://x:1/metrics", health, error, "")


@pytest.mark.parametrize(
    ("groups", "known", "code"),
    [
        ([OWN, group(job="n8n_exporter_x")], "n8n_.+", "ok"),
        ([OWN, group(job="n8n_exporter_x")], "n8n", "unknown"),  # it is for the whole name
        ([group(30 * DAY, "old", "wf005")], "", "dead"),
        ([group(30 * DAY, "old", "wf005"), group(job="cron")], "", "unknown"),
        ([OWN, group(more={"zone": "a"})], "", "unknown"),
        ([group(instance="0.0.0.0:5000")], "", "unknown"),
    ],
)
def test_pushers(groups: list[Group], known: str, code: str) -> None:
    check = judge_pushers([WF001], gateway(*groups), [known])
    assert (check.status, check.code) == ("pass" if code == "ok" else "warn", f"pushers.{code}")
    strange = [] if code == "ok" else [g.text for g in groups if g is not OWN]
    assert [g.values["labels"] for g in check.values.get("groups", [])] == strange


def test_all_targets_up_and_since_when() -> None:
    past = {
        ("a", "x:1"): Up(NOW - DAY, None, NOW - 3600 * 3),
        ("b", "x:1"): Up(NOW - 3600 * 5, None, None),
    }
    check = judge_targets([target("a", "up"), target("b", "up")], past, NOW, 14)
    assert check.status == "pass"
    assert check.values == {"total": 2, "seconds": 3600 * 3}


def test_a_target_that_is_down_and_for_how_long() -> None:
    targets = [target("a", "up"), target("b", "down", "refused"), target("c", "down", "refused")]
    past = {("b", "x:1"): Up(None, NOW - 13 * DAY, NOW)}
    check = judge_targets(targets, past, NOW, 14)
    assert (check.status, check.code) == ("fail", "targets.down")
    found = {"instance": "x:1", "error": "refused"}
    assert check.values["targets"] == [
        text("down_target", job="b", seconds=13 * DAY, **found),
        text("down_target.ever", job="c", days=14, **found),
    ]
    assert judge_targets([], {}, NOW, 14).code == "targets.none"


PUSH = series(PUSHED, target="pushgateway")
OTHER = "victoriametrics"
LATE = [PUSH, series(PUSHED, NOW - 600, target=OTHER)]
LATE_PUSH = series(PUSHED, NOW - 600, target="pushgateway")
# Its first samples are on their way.
NEW = [series(PUSHED, 0, target=OTHER), series(WAITING, 2, target=OTHER)]
NEVER = text("last_push.never", target=OTHER)


@pytest.mark.parametrize(
    ("found", "refused", "code", "values"),
    [
        (
            [
                PUSH,
                series(PINGED, NOW - 20, source_location="brazil"),
                series(PINGED, NOW - DAY, source_location="validation"),
            ],
            0,
            "ages.ok",
            {"sources": {"brazil"}},
        ),
        ([], 0, "series.missing", {}),
        (LATE, 0, "ages.undelivered", {"targets": [text("last_push", target=OTHER, age=600)]}),
        # The push that has this was accepted: what it says is of the time before it.
        ([LATE_PUSH, series("push_time_seconds", NOW - 2)], 0, "ages.ok", {}),
        ([LATE_PUSH, series("push_time_seconds", NOW - 600)], 0, "ages.undelivered", {}),
        # Nobody pinged: there was nothing to send.
        ([*LATE, series(WAITING, 0, target=OTHER)], 0, "ages.ok", {"sources": text("none")}),
        ([series(PUSHED, 0, target=OTHER)], 0, "ages.undelivered", {"targets": [NEVER]}),
        ([*NEW, series(STARTED, NOW - 5)], 0, "ages.ok", {}),
        ([*NEW, series(STARTED, NOW - 600)], 0, "ages.undelivered", {"targets": [NEVER]}),
        (
            [PUSH, series(PINGED, NOW - 7200, source_location="brazil")],
            0,
            "ages.silent",
            {"sources": [text("silent_source", source="brazil", age=7200)]},
        ),
        ([PUSH], 3, "ages.wrong_key", {"refused": 3}),
    ],
)
def test_ages(found: list[Series], refused: float, code: str, values: dict[str, object]) -> None:
    check = judge_ages(WF001, found, NOW, 180, refused)
    assert check.code == code
    statuses = {"ages.ok": "pass", "series.missing": "skip", "ages.undelivered": "fail"}
    assert check.status == statuses.get(code, "warn")
    assert {name: check.values[name] for name in values} == values


@pytest.mark.parametrize(
    ("refused", "pinged", "seconds"),
    [
        # One refusal, and all were heard since.
        (1, {"brazil": 40, "usa": 50}, 50),
        (1, {"brazil": 5}, 30),
        (1, {"brazil": 5, "usa": 4000}, 180),
        # The validation's own pings tell nothing of the others.
        (1, {"validation": 5}, 180),
        (1, {}, 180),
        # Somebody may go on every minute.
        (3, {"brazil": 5}, 120),
        (30, {"brazil": 5}, 30),
    ],
)
def test_how_long_a_refused_ping_accuses(
    refused: float, pinged: dict[str, float], seconds: float
) -> None:
    found = [series(PINGED, NOW - ago, source_location=at) for at, ago in pinged.items()]
    assert refusals_window(refused, found, NOW) == seconds


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ({"brazil": {"usa"}}, "ages.left"),
        ({"brazil": {"usa", "virginia"}}, "ages.silent"),
        # It is not scraped: whom it pings is not known.
        ({}, "ages.silent"),
    ],
)
def test_a_source_that_pings_others_now_is_not_silent(
    targets: dict[str, set[str]], code: str
) -> None:
    """Two swapped names sent its pings here, until they were repaired."""
    old = series(PINGED, NOW - 7200, source_location="brazil")
    here = series(RTT, 3, source_location="brazil", target_location="virginia")
    check = judge_ages(WF001, [PUSH, old, here], NOW, 180, targets=targets)
    assert check.code == code
    if code == "ages.left":
        assert (check.status, check.values["left"]) == ("pass", ["brazil"])


@pytest.mark.parametrize(
    ("success", "age", "error", "status", "code"),
    [
        (1, 100, 0, "pass", "run.ok"),
        (1, 200, 0, "fail", "run.overdue"),
        (0, 100, 1, "fail", "run.failed"),
        (0, None, 1, "fail", "run.failed"),
    ],
)
def test_the_run_of_an_exporter(
    success: int, age: float | None, error: int, status: str, code: str
) -> None:
    found = [
        series("n8n_exporter_run_success", success),
        series("n8n_exporter_run_errors", error, error_type="http_401"),
        series("n8n_exporter_last_success_timestamp_seconds", NOW - age if age else 0),
    ]
    check = judge_run(WF001, found, NOW)
    assert check
    assert (check.status, check.code) == (status, code)
    assert check.values.get("errors") == ({"http_401"} if error else None)
    assert check.values["last"] == (text("last_run", age=age) if age else text("last_run.never"))
    assert judge_run(WF001, [PUSH], NOW) is None


@pytest.mark.parametrize(
    ("instance", "age", "code"),
    [("wf001", 20, "ok"), ("wf001", 200, "silent"), ("another", 20, "silent")],
)
def test_sources(instance: str, age: float, code: str) -> None:
    found = [series(PINGED, NOW - age, instance=instance, source_location="brazil")]
    check = judge_sources(["brazil"], [WF001], found, NOW, 180)
    assert (check.code, check.values["sources"]) == (f"ping_sources.{code}", {"brazil"})
