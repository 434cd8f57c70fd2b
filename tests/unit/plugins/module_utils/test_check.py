# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What run_side_by_side promises: order, side by side, no probe lost, the deadline kept."""

from __future__ import annotations

import threading
import time
from typing import NoReturn

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import (
    Ask,
    Check,
    Probe,
    run_side_by_side,
)
from ansible_collections.vya.observability.plugins.module_utils._http.error import HttpError

ASK = Ask("alerts_sent", minutes=5)


def passing(subject: str, seconds: float = 0.0) -> Probe:
    ask = Ask("alerts_sent", subject)

    def run() -> Check:
        time.sleep(seconds)
        return ask.ok()

    return Probe(ask, run)


def test_order_is_that_of_the_probes() -> None:
    checks = run_side_by_side([passing("slow", 0.2), passing("b"), passing("c")], 60)
    assert [check.id for check in checks] == [f"alerts sent {name}" for name in ("slow", "b", "c")]
    assert checks[0].seconds >= 0.2


def test_probes_run_side_by_side() -> None:
    together = threading.Barrier(8, timeout=60)

    def run() -> Check:
        together.wait()
        return ASK.ok()

    checks = run_side_by_side([Probe(ASK, run)] * 8, 60, workers=8)
    assert {check.status for check in checks} == {"pass"}


def test_more_probes_than_workers_all_run() -> None:
    checks = run_side_by_side([passing(str(n)) for n in range(50)], 60, workers=3)
    assert [check.subject for check in checks] == [str(n) for n in range(50)]


def test_a_probe_that_raises_is_a_failed_check() -> None:
    def defect() -> NoReturn:
        raise KeyError("nobody")

    def refused() -> NoReturn:
        raise HttpError.of("refused", "GET", "http://h:1", "an answer", "connection refused")

    probes = [Probe(ASK, defect), Probe(ASK, refused), passing("fine")]
    checks = run_side_by_side(probes, 60)
    assert [(check.status, check.code) for check in checks] == [
        ("fail", "defect.raised"),
        ("fail", "http.refused"),
        ("pass", "alerts_sent.ok"),
    ]
    assert checks[0].values["error"] == "KeyError: 'nobody'"
    assert checks[0].values["function"] == "defect"


def test_a_probe_without_a_result_is_a_failed_check() -> None:
    (check,) = run_side_by_side([Probe(ASK, list)], 60)
    assert (check.status, check.code) == ("fail", "defect.no_result")


def test_the_deadline_is_kept() -> None:
    never = threading.Event()
    late = Probe(ASK, lambda: never.wait() and [])
    checks = run_side_by_side([late, passing("soon")], 5)
    never.set()
    assert [check.status for check in checks] == ["fail", "pass"]
    assert (checks[0].code, checks[0].values["deadline"]) == ("deadline.passed", 5)


def test_nothing_to_do() -> None:
    assert run_side_by_side([], 1) == []


def test_a_status_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="status 'ok'"):
        Check("alerts_sent", "", "ok", "alerts_sent.ok", {})


@pytest.mark.parametrize(("name", "outcome"), [("nobody", "ok"), ("defect", "raised")])
def test_a_check_without_a_text_for_what_is_expected_is_a_defect(name: str, outcome: str) -> None:
    with pytest.raises(ValueError, match=f"no text for expected of {name}"):
        Ask(name).fail(outcome)


def test_a_check_without_a_text_for_what_is_seen_is_a_defect() -> None:
    with pytest.raises(ValueError, match=r"no text for seen of alerts_sent\.no_such_code"):
        ASK.fail("no_such_code")


@pytest.mark.parametrize(
    ("name", "outcome", "code"),
    [
        ("counted", "missing", "counted.missing"),
        ("counted", "missing.older", "counted.missing.older"),
        ("running", "unhealthy.replaced", "running.unhealthy.replaced"),
        ("counted", "http.status", "http.status"),
    ],
)
def test_an_outcome_may_have_parts(name: str, outcome: str, code: str) -> None:
    assert Ask(name).fail(outcome).code == code
