# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What run_side_by_side promises: order, side by side, no probe lost, the deadline kept."""

from __future__ import annotations

import threading
import time
from typing import NoReturn

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import (
    Check,
    Probe,
    run_side_by_side,
)
from ansible_collections.vya.observability.plugins.module_utils._http.error import HttpError


def passing(check_id: str, seconds: float = 0.0) -> Probe:
    def run() -> Check:
        time.sleep(seconds)
        return Check(check_id, "pass", "x", "x")

    return Probe(check_id, "x", run)


def test_order_is_that_of_the_probes() -> None:
    checks = run_side_by_side([passing("slow", 0.2), passing("b"), passing("c")], 60)
    assert [check.id for check in checks] == ["slow", "b", "c"]
    assert checks[0].seconds >= 0.2


def test_probes_run_side_by_side() -> None:
    together = threading.Barrier(8, timeout=60)

    def run() -> Check:
        together.wait()
        return Check("x", "pass", "x", "x")

    checks = run_side_by_side([Probe("x", "x", run)] * 8, 60, workers=8)
    assert {check.status for check in checks} == {"pass"}


def test_more_probes_than_workers_all_run() -> None:
    checks = run_side_by_side([passing(str(n)) for n in range(50)], 60, workers=3)
    assert [check.id for check in checks] == [str(n) for n in range(50)]


def test_a_probe_that_raises_is_a_failed_check() -> None:
    def defect() -> NoReturn:
        raise KeyError("nobody")

    def refused() -> NoReturn:
        raise HttpError.of("refused", "GET", "http://h:1", "an answer", "connection refused")

    probes = [Probe("defect", "d", defect), Probe("refused", "r", refused), passing("fine")]
    checks = run_side_by_side(probes, 60)
    assert [check.status for check in checks] == ["fail", "fail", "pass"]
    assert "KeyError" in checks[0].seen
    assert "defect in the check itself" in checks[0].cause
    assert "nothing listens on port 1 of h" in checks[1].cause


def test_a_probe_without_a_result_is_a_failed_check() -> None:
    assert run_side_by_side([Probe("none", "x", list)], 60)[0].status == "fail"


def test_the_deadline_is_kept() -> None:
    never = threading.Event()
    late = Probe("late", "x", lambda: never.wait() and [])
    checks = run_side_by_side([late, passing("soon")], 5)
    never.set()
    assert [check.status for check in checks] == ["fail", "pass"]
    assert checks[0].seen == "did not answer within 5 s"


def test_nothing_to_do() -> None:
    assert run_side_by_side([], 1) == []


def test_a_status_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="status 'ok'"):
        Check("x", "ok", "x", "x")
