# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small plot in the report: lines as SVG paths, labels of the axes at percentages.

The lines are stretched to the width of the page, and the labels are text next to them, so they stay
readable at any width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .language import Language

WIDTH, HEIGHT = 1000, 200  # in the picture's own units
MOST_LINES = 8  # more could not be distinguished
TIME_STEPS = [60 * m for m in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)]


@dataclass(frozen=True)
class Tick:
    """A label of an axis; `at` is in percent, from the left or from the top."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """A series as it is drawn, and its row of the legend."""

    number: int
    name: str
    path: str
    area: str
    last: str
    least: str
    most: str
    until: str  # when it ended, if that is before the end of the plot


@dataclass(frozen=True)
class Plot:
    """Everything that the template needs. Without lines there were no data, or `error` says why."""

    name: str
    unit: str
    lines: Sequence[Line]
    values: Sequence[Tick]
    times: Sequence[Tick]
    left_out: int
    error: str


def scale_of(unit: str, largest: float) -> tuple[float, str]:
    """Return what to divide values by to read them easily, and their unit then."""
    if unit in ("s", "seconds"):
        for limit, factor, name in ((1, 0.001, "ms"), (600, 1, "s"), (7200, 60, "min")):
            if largest < limit:
                return factor, name
        return (3600, "h") if largest < 2 * 86400 else (86400, "d")
    if unit == "bytes":
        power = min(int(math.log2(largest) // 10), 4) if largest >= 1 else 0
        return 1024.0**power, ("B", "KiB", "MiB", "GiB", "TiB")[power]
    if unit == "ratio":
        return 0.01, "%"
    return 1, "%" if unit == "percent" else unit


def value_steps(least: float, most: float) -> list[float]:
    """Return round values from zero (or from below `least`, if that is lower) to above `most`."""
    low, high = min(least, 0.0), max(most, 0.0)
    if low == high:
        high = 1.0
    rough = (high - low) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 9) for number in range(first, last + 1)]


def time_ticks(start: float, end: float, language: Language) -> list[Tick]:
    """Return up to six round times between two Unix times; midnight is labelled with its day."""
    span = max(end - start, 1)
    step = next((s for s in TIME_STEPS if span / s <= 6), math.ceil(span / 6 / 86400) * 86400)
    ticks = []
    at = math.ceil(start / step) * step
    while at <= end:
        label = language.day(at) if at % 86400 == 0 else language.clock(at)
        ticks.append(Tick(round((at - start) / span * 100, 2), label))
        at += step
    return ticks


def names_of(all_labels: Sequence[Mapping[str, str]], fallback: str) -> list[str]:
    """Return a short name for each series: the fewest, shortest labels that distinguish them."""
    keys = sorted({key for labels in all_labels for key in labels})
    differing = [k for k in keys if len({labels.get(k, "") for labels in all_labels}) > 1]
    if not differing:
        return [fallback] * len(all_labels)
    chosen: list[str] = []

    def told_apart(by: Sequence[str]) -> int:
        return len({tuple(labels.get(key, "") for key in by) for labels in all_labels})

    while told_apart(chosen) < told_apart(differing):
        chosen.append(
            max(
                (key for key in differing if key not in chosen),
                key=lambda key: (
                    told_apart([*chosen, key]),
                    -sum(len(labels.get(key, "")) for labels in all_labels),
                ),
            )
        )
    return [" ".join(labels[k] for k in chosen if labels.get(k)) or "—" for labels in all_labels]


def pieces(points: Sequence[Sequence[float]], step: float) -> Iterator[list[Sequence[float]]]:
    """Yield the points between gaps: no line is drawn if values are missing for more than a step.

    Args:
        points: Pairs of Unix time and value.
        step: Seconds between points.
    """
    piece: list[Sequence[float]] = []
    for point in points:
        if piece and point[0] - piece[-1][0] > 1.5 * step:
            yield piece
            piece = []
        piece.append(point)
    if piece:
        yield piece


def _step_of(lines: Sequence[Sequence[Sequence[float]]]) -> float:
    """Return the seconds between points, if they are not given."""
    between = [b[0] - a[0] for points in lines for a, b in zip(points, points[1:])]
    return min(between, default=60.0)


def _points(series: Mapping[str, Any]) -> list[list[float]]:
    pairs = ((float(at), value) for at, value in series.get("points") or [] if value is not None)
    return [[at, float(value)] for at, value in pairs if math.isfinite(float(value))]


def plot_of(entry: Mapping[str, Any], language: Language) -> Plot:
    """Return the plot of one entry of the `series` that prometheus_range_info returns."""
    found = [(s.get("labels") or {}, _points(s)) for s in entry.get("series") or []]
    found = [(labels, points) for labels, points in found if points]
    name, error = str(entry.get("name", "")), str(entry.get("error") or "")
    left_out = int(entry.get("left_out") or 0) + max(len(found) - MOST_LINES, 0)
    if not found:
        return Plot(name, "", [], [], [], 0, error)
    # The highest are the interesting ones; the order stays.
    highest = sorted(found, key=lambda item: -max(p[1] for p in item[1]))[:MOST_LINES]
    found = [item for item in found if any(item is one for one in highest)]
    lines = [points for _labels, points in found]
    values = [value for points in lines for _at, value in points]
    times = [at for points in lines for at, _value in points]
    start, end = entry.get("start") or min(times), entry.get("end") or max(times)
    step = entry.get("step") or _step_of(lines)
    divisor, unit = scale_of(str(entry.get("unit", "")), max(map(abs, values)))
    steps = value_steps(min(values) / divisor, max(values) / divisor)
    low, high = steps[0], steps[-1]

    def x(at: float) -> float:
        return round((at - start) / max(end - start, 1) * WIDTH, 1)

    def y(value: float) -> float:
        return round((high - value / divisor) / (high - low) * HEIGHT, 1)

    drawn = []
    names = names_of([labels for labels, _points in found], name)
    for number, points in enumerate(lines):
        path, area = "", ""
        for piece in pieces(points, step):
            corners = [f"{x(at):g} {y(value):g}" for at, value in piece]
            path += "M" + "L".join(corners) + ("h1" if len(piece) == 1 else "")
            area += f"M{x(piece[0][0]):g} {y(0):g}L" + "L".join(corners) + f"V{y(0):g}Z"
        numbers = [value / divisor for _at, value in points]
        last, least, most = map(language.significant, (numbers[-1], min(numbers), max(numbers)))
        ended = points[-1][0] < end - 2 * step
        until = language.text("until", time=language.clock(points[-1][0])) if ended else ""
        area = area if len(lines) == 1 else ""
        drawn.append(Line(number, names[number], path, area, last, least, most, until))
    ticks = [
        Tick(round((high - v) / (high - low) * 100, 2), language.round_number(v)) for v in steps
    ]
    return Plot(name, unit, drawn, ticks, time_ticks(start, end, language), left_out, error)
