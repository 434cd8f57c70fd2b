# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plot of the report shows."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._report.language import Language
from ansible_collections.vya.observability.plugins.plugin_utils._report.plot import (
    MOST_LINES,
    names_of,
    plot_of,
    scale_of,
    time_ticks,
    value_steps,
)

ENGLISH = Language("en")
START = 1_764_000_000  # 2025-11-24 16:00:00 UTC


def entry(*series: list[list[float]], **more: Any) -> dict[str, Any]:
    items = [{"labels": {"instance": f"wf{n}"}, "points": s} for n, s in enumerate(series)]
    window = {"start": START, "end": START + 600, "step": 60}
    return {"name": "Age", "unit": "seconds", "series": items, **window, **more}


def points(*values: float | None, start: int = START) -> list[list[float]]:
    return [[start + 60 * n, v] for n, v in enumerate(values) if v is not None]


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_lines_and_axes() -> None:
    plot = plot_of(entry(points(*range(0, 110, 10)), points(*[100.0] * 11)), ENGLISH)
    assert plot.unit == "s"
    assert [tick.label for tick in plot.values] == ["0", "25", "50", "75", "100"]
    assert [tick.at for tick in plot.values] == [100.0, 75.0, 50.0, 25.0, 0.0]
    assert [(t.at, t.label) for t in plot.times][:2] == [(0.0, "16:00"), (20.0, "16:02")]
    first, second = plot.lines
    assert corners(first.path)[0] == (0.0, 200.0)
    assert corners(first.path)[-1] == (1000.0, 0.0)
    assert {y for _x, y in corners(second.path)} == {0.0}
    assert (first.last, first.least, first.most) == ("100", "0", "100")
    assert [line.name for line in plot.lines] == ["wf0", "wf1"]
    assert not first.until


def test_where_there_are_no_data_no_line_is_drawn() -> None:
    plot = plot_of(entry(points(1, 2, None, 4, None, 5, 6)), ENGLISH)
    (line,) = plot.lines
    assert line.path.count("M") == 3
    assert line.path.count("h1") == 1
    assert line.area.count("M") == 3
    assert line.until == "until 16:06"


def test_nothing_to_draw() -> None:
    nothing = plot_of(entry(), ENGLISH)
    assert (nothing.lines, nothing.error) == ([], "")
    assert not plot_of(entry([], [[START, math.nan], [START + 60, math.inf]]), ENGLISH).lines
    assert not plot_of({"name": "only a name"}, ENGLISH).lines
    failed = plot_of(entry(error="503"), ENGLISH)
    assert failed.error == "503"


def test_one_point_and_no_window() -> None:
    plot = plot_of({"name": "a", "series": [{"points": [[START, 0]]}]}, ENGLISH)
    assert plot.lines[0].name == "a"
    assert plot.lines[0].last == "0"


def test_the_highest_are_shown_and_the_rest_counted() -> None:
    series = [points(n, n) for n in range(MOST_LINES + 3)]
    plot = plot_of(entry(*series, left_out=2), ENGLISH)
    assert [line.name for line in plot.lines] == [f"wf{n}" for n in range(3, MOST_LINES + 3)]
    assert plot.left_out == 5


@pytest.mark.parametrize(
    ("unit", "largest", "expected"),
    [
        ("seconds", 0.2, (0.001, "ms")),
        ("s", 43, (1, "s")),
        ("seconds", 3600, (60, "min")),
        ("seconds", 86400, (3600, "h")),
        ("seconds", 1e6, (86400, "d")),
        ("bytes", 90 * 2**20, (2.0**20, "MiB")),
        ("bytes", 0, (1.0, "B")),
        ("ratio", 0.1, (0.01, "%")),
        ("percent", 3, (1, "%")),
        ("pushes", 3, (1, "pushes")),
    ],
)
def test_units(unit: str, largest: float, expected: tuple[float, str]) -> None:
    assert scale_of(unit, largest) == expected


@pytest.mark.parametrize(
    ("least", "most"), [(0, 0), (0, 1e-7), (-3, 2), (-5, -1), (13.5, 43.6), (0.1, 1e9), (99, 100.1)]
)
def test_the_axis_holds_all_values_and_zero(least: float, most: float) -> None:
    steps = value_steps(least, most)
    assert steps[0] <= min(least, 0)
    assert steps[-1] >= max(most, 0)
    assert 3 <= len(steps) <= 8
    assert 0 in steps
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("hours", [0.02, 1, 6, 24, 100, 24 * 30])
def test_times_are_few_and_inside(hours: float) -> None:
    ticks = time_ticks(START + 17, START + 17 + hours * 3600, ENGLISH)
    assert 1 <= len(ticks) <= 7
    assert all(0 <= tick.at <= 100 for tick in ticks)


def test_names_are_short_and_tell_apart() -> None:
    jobs = [{"job": f"collector_api_wf00{n}", "instance": f"wf00{n}", "x": "y"} for n in (1, 8)]
    assert names_of(jobs, "Age") == ["wf001", "wf008"]
    both = [{"instance": i, "operation": o} for i in ("a", "b") for o in ("connect", "query")]
    assert len(set(names_of(both, "Age"))) == 4
    assert names_of([{"instance": "a"}], "Age") == ["Age"]
    assert names_of([{"instance": "a"}, {}], "Age") == ["a", "—"]
