# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries that several panels ask. The names of metrics stay in the dashboards."""

from __future__ import annotations


def where(*matchers: str) -> str:
    """The braces of a selector."""
    return "{" + ", ".join(matchers) + "}"


def also(selector: str, *matchers: str) -> str:
    """A selector with more matchers."""
    return selector.removesuffix("}") + ", " + where(*matchers).removeprefix("{")


def quantile(rank: float, buckets: str, window: str, by: str = "") -> str:
    """A quantile of a histogram, without the NaN that it is while nothing happens."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({rank}, sum by ({labels}) (rate({buckets}[{window}]))) >= 0"


def quantiles(buckets: str, window: str) -> list[tuple[str, str]]:
    """Three quantiles, with their legends."""
    ranks = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return [(quantile(rank, buckets, window), legend) for legend, rank in ranks.items()]


def per_minute(counter: str, window: str, by: str) -> str:
    """How many a minute."""
    return f"60 * sum by ({by}) (rate({counter}[{window}]))"


def in_range(counter: str, by: str) -> str:
    """How many in the range that is shown."""
    return f"sum by ({by}) (increase({counter}[$__range]))"


def mean(name: str, selector: str, window: str, by: str, over: str = "rate") -> str:
    """The mean of a histogram or summary."""

    def total(part: str) -> str:
        return f"sum by ({by}) ({over}({name}_{part}{selector}[{window}]))"

    return f"{total('sum')} / ({total('count')} > 0)"


def share(part: str, whole: str) -> str:
    """A part of a whole: 0 where the part has no series yet, nothing where the whole is 0."""
    return f"({part} or vector(0)) / ({whole} > 0)"


def last_hour(counter: str, there: str) -> str:
    """How often a counter counted in an hour, its first event too, over which it has no increase.

    It is 0 while ``there`` has series.
    """
    risen = f"({counter} - ({counter} offset 1h or 0 * {counter}))"
    increase = f"increase({counter}[1h])"
    return f"round(sum({risen} > {increase} or {increase} or {risen})) or 0 * sum({there})"


def or_stale(state: str, since: str, stale: str, join: str = "") -> str:
    """A state of 0 or 1, and -1 once the time ``since`` is ``stale`` seconds ago and it was 1."""
    return f"{state} * {join}((time() - {since} < bool {stale}) * 2 - 1)"


def of_group(time: str) -> str:
    """A time of each group: some have more labels, and two of those at once match nothing."""
    return f"max by (job, instance) ({time})"
