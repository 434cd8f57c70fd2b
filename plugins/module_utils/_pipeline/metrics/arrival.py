# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether a push has arrived in a store, with all its families. Sends no requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..._api.prometheus import Series
from ..._api.pushgateway import Group
from ..._check import Ask, Check
from ..collector import SAME, Collector

PARTS = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}


def honored(collector: Collector, series: Iterable[Series]) -> list[Series]:
    """Return the series that kept the labels that the collector pushed."""
    return [s for s in series if s.path == collector.path and "exported_job" not in s.labels]


def renamed(collector: Collector, series: Iterable[Series]) -> list[Series]:
    """Return the collector's series whose labels a scrape job has replaced by its own."""
    return [s for s in series if s.labels.get("exported_job") == collector.job]


def _push_times(series: Iterable[Series]) -> list[float]:
    return [s.value for s in series if s.name == "push_time_seconds"]


def arrived(group: Group, series: Iterable[Series]) -> bool:
    """Return whether the group's push, or a later one, is among these series."""
    return max(_push_times(series), default=float("-inf")) >= group.push_time - SAME


def judge_arrived(
    collector: Collector, group: Group | None, series: Sequence[Series], where: str, wait: float
) -> Check:
    """Judge whether the push that the gateway shows has reached a store.

    Args:
        group: The collector's group on the gateway; None if there is none.
        series: Series of the store; the value of `push_time_seconds` is a Unix time.
        where: `prometheus` or `victoriametrics`.
        wait: Seconds for which the store was asked.
    """
    ask = Ask(where, collector.name, wait=wait)
    if group is None:
        return ask.skip("group.missing")
    mine, other = honored(collector, series), renamed(collector, series)
    times = _push_times(mine)
    if arrived(group, mine):
        return ask.ok(pushed=max(times))
    if arrived(group, other):
        return not_honored(ask, other)
    if times:
        return ask.fail(f"{where}.not_arrived.older", age=group.push_time - max(times))
    return ask.fail("not_arrived")


def not_honored(ask: Ask, series: Collection[Series]) -> Check:
    """Return the failed check for series whose labels a scrape job has replaced."""
    jobs = {s.labels.get("job", "") for s in series}
    return ask.fail("labels.no_honor_labels", series=len(series), jobs=jobs)


def sample_names(families: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of the samples of families.

    Args:
        families: Pairs of name and type (`counter`, `gauge`, `histogram`, `summary`, `untyped`).
    """
    return [name + part for name, kind in families for part in PARTS.get(kind, ("",))]


def judge_families(
    collector: Collector,
    group: Group | None,
    names: Collection[str],
    where: str,
    came: bool = True,
) -> Check:
    """Judge whether a store has every family: those of the group and those expected by name.

    Args:
        group: The collector's group on the gateway; None if there is none.
        names: Names of the collector's samples in the store.
        where: `Prometheus` or `VictoriaMetrics`.
        came: Whether the push itself is there; what is missing of another one proves nothing.
    """
    subject = collector.name if where == "Prometheus" else f"{collector.name} in {where}"
    ask = Ask("families", subject, where=where)
    if group is None:
        return ask.skip("group.missing")
    kinds = dict.fromkeys(collector.families, "") | dict(group.families)
    missing = []
    for name, kind in kinds.items():
        shapes = [sample_names([(name, k)]) for k in ([kind] if kind else ["", *PARTS])]
        if not any(all(part in names for part in shape) for shape in shapes):
            missing.append(name)
    if not missing:
        return ask.ok(families=len(kinds))
    if not came:
        return ask.skip("not_arrived", missing=sorted(missing), count=len(missing))
    missing.sort()
    never = [name for name in missing if name not in group.families]
    if never:
        return ask.fail("not_pushed", count=len(missing), missing=missing, never=never)
    return ask.fail("dropped", count=len(missing), missing=missing)
