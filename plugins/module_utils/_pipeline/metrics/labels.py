# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge labels: as pushed, as in the catalogue, by one path only. Sends no requests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from ..._api.prometheus import Series
from ..._api.pushgateway import ADDED, Gateway, Group, shown
from ..._check import Ask, Check
from ..._texts.text import text
from ..collector import Collector
from .arrival import honored, not_honored, renamed, sample_names

# Every process has these, so they do not show that the same metrics are pushed twice.
GENERIC = re.compile(r"(process|python|go|push|scrape)_|up$")
BIND_ADDRESS = re.compile(r"(0\.0\.0\.0|127\.[\d.]+|localhost|\[?::1?\]?)(:\d+)?$")
# Labels that are not the metric's own: where it came from, and the parts of a histogram.
NOT_OWN = frozenset({"job", "instance", "le", "quantile"})
PART = re.compile(r"_(bucket|sum|count)$")


def judge_labels(
    collector: Collector,
    gateway: Gateway,
    series: Sequence[Series],
    catalogue: Mapping[str, Collection[str]],
) -> Check:
    """Judge whether job and instance arrive as pushed, with the labels of the catalogue.

    Args:
        gateway: What the gateway has.
        series: What Prometheus has of the collectors' jobs.
        catalogue: The labels of each metric, by its name.
    """
    ask = Ask("labels", collector.name, group=shown(*collector.path))
    mine = honored(collector, series)
    wrong = renamed(collector, series) + [s for s in mine if "exported_instance" in s.labels]
    if wrong:
        return not_honored(ask, wrong)
    paths = {(g.job, g.instance) for g in gateway.groups} | {s.path for s in series}
    others = {i for j, i in paths if j == collector.job and i != collector.instance}
    if others:
        if "" in others:
            return ask.fail("no_instance", job=collector.job)
        bound = any(BIND_ADDRESS.match(instance) for instance in others)
        return ask.fail("bind_address" if bound else "other_instance", instances=others)
    if not mine:
        return ask.skip("series.missing")
    differing = _unlike_catalogue(mine, catalogue)
    if differing:
        metrics = [text("metric_labels", metric=m, labels=x) for m, x in sorted(differing.items())]
        return ask.fail("not_of_catalogue", count=len(metrics), metrics=metrics)
    return ask.ok(series=len(mine))


def _unlike_catalogue(
    series: Iterable[Series], catalogue: Mapping[str, Collection[str]]
) -> dict[str, set[str]]:
    """Return the labels that each metric has too many or too few."""
    wrong = {}
    for one in series:
        base = one.name if one.name in catalogue else PART.sub("", one.name)
        differing = set(one.labels) - NOT_OWN ^ set(catalogue.get(base, ()))
        if base in catalogue and differing:
            wrong[base] = differing
    return wrong


def own_families(group: Group) -> dict[str, str]:
    """Return the families that no other program has: type by name."""
    return {n: k for n, k in group.families.items() if n not in ADDED and not GENERIC.match(n)}


def _repeats(collector: Collector, path: tuple[str, str], gateway: Gateway) -> bool:
    """Return whether a scraped path may be this collector's, as no other pusher has its host."""
    known = {group.instance for group in gateway.groups}
    host = path[1].rsplit(":", 1)[0]
    return host == collector.instance or path[0] == collector.job or host not in known


def judge_once(
    collectors: Sequence[Collector], gateway: Gateway, series: Sequence[Series]
) -> list[Check]:
    """Judge for each collector whether its metrics reach Prometheus by one path only.

    A path repeats a collector when it brings at least half of its families: one name in common is
    chance.

    Args:
        gateway: What the gateway has.
        series: What Prometheus has of the collectors' own families, by whatever path.
    """
    pushed = {(group.job, group.instance) for group in gateway.groups}
    scraped: dict[tuple[str, str], set[str]] = {}
    there = {item.path for item in series}
    for item in series:
        if item.path not in pushed and "exported_job" not in item.labels:
            scraped.setdefault(item.path, set()).add(item.name)
    # What has not come as it was pushed is not there twice: it came with other labels alone.
    return [
        _judge_once(each, gateway, scraped if each.path in there else {}) for each in collectors
    ]


def _judge_once(
    collector: Collector, gateway: Gateway, scraped: Mapping[tuple[str, str], set[str]]
) -> Check:
    """Judge one collector.

    Args:
        scraped: Names of samples by the path by which they came.
    """
    ask = Ask("once", collector.name, group=shown(*collector.path))
    group = gateway.group(*collector.path)
    if group is None:
        return ask.skip("group.missing")
    own = set(sample_names(own_families(group).items()))
    ways = [
        ("way.pushed", other.text, set(sample_names(own_families(other).items())))
        for other in gateway.groups
        if other is not group
        and (other.job == collector.job or other.instance == collector.instance)
    ]
    ways += [
        ("way.scraped", shown(*path), names)
        for path, names in scraped.items()
        if _repeats(collector, path, gateway)
    ]
    copies = [
        text(code, labels=labels, names=len(own & names), of=len(own))
        for code, labels, names in sorted(ways, key=lambda way: way[:2])
        if own & names and len(own & names) * 2 >= len(own)
    ]
    return ask.fail("twice", ways=copies) if copies else ask.ok(names=len(own))
