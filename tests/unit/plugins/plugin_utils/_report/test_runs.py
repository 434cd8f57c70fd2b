# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._report.runs import MOST, runs_of


def entry(name: str, *series: tuple[dict[str, str], list[list[float]]]) -> dict[str, Any]:
    return {"name": name, "series": [{"labels": labels, "points": at} for labels, at in series]}


def test_a_run_is_told_once_the_newest_first() -> None:
    ended = entry("ended", ({}, [[300, 290], [600, 290], [900, 880], [1200, 880]]))
    seconds = entry("seconds", ({}, [[300, 7.5], [600, 7.5], [900, 8.5], [1200, 8.5]]))
    checks = entry(
        "checks",
        ({"status": "pass"}, [[300, 40], [600, 40], [900, 39], [1200, 39]]),
        ({"status": "fail"}, [[300, 0], [600, 0], [900, 1], [1200, 1]]),
    )
    assert runs_of([ended, seconds, checks]) == [
        {"ended": 880, "seconds": 8.5, "counts": {"pass": 39, "warn": 0, "fail": 1, "skip": 0}},
        {"ended": 290, "seconds": 7.5, "counts": {"pass": 40, "warn": 0, "fail": 0, "skip": 0}},
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert runs_of([]) == []
    assert runs_of([{"name": "ended", "series": [], "error": "refused"}]) == []
    many = entry("ended", ({}, [[n, n] for n in range(50)]))
    found = runs_of([many])
    assert [run["ended"] for run in found] == list(range(49, 49 - MOST, -1))
    assert found[0]["seconds"] is None
