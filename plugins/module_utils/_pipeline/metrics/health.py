# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge who pushes, what is scraped, and how old the data are. Sends no requests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..._api.prometheus import Series, Target
from ..._api.pushgateway import Gateway
from ..._check import Ask, Check
from ..._texts.text import Text, text
from ..collector import SOURCE, STALE_INTERVALS, Collector

PUSHED = "collector_push_last_success_timestamp_seconds"
WAITING = "collector_spool_samples"
STARTED = "process_start_time_seconds"
PINGED = "ping_last_received_timestamp_seconds"
RTT = "network_latency_rtt_seconds_count"
RAN = "n8n_exporter_run_success"
LAST_RUN = "n8n_exporter_last_success_timestamp_seconds"
ERRORS = "n8n_exporter_run_errors"
REFUSED = 3  # minutes: who has a wrong key now tries again within one
LEAST = 30.0  # seconds
STILL = 600.0  # seconds: a program that pushed within them is not gone


class Up(NamedTuple):
    """Unix times of a target's past day; None where there is none."""

    first_seen: float | None
    last_up: float | None
    last_down: float | None


def judge_pushers(
    collectors: Sequence[Collector], gateway: Gateway, known_jobs: Sequence[str]
) -> Check:
    """Judge whether every group on the gateway belongs to a known pusher.

    Args:
        collectors: Whose groups are expected.
        gateway: What the gateway has.
        known_jobs: Regular expressions that match the whole name of other known jobs.
    """
    ask = Ask("pushers")
    expected = [{"job": each.job, "instance": each.instance} for each in collectors]
    known = [re.compile(pattern) for pattern in known_jobs]
    strange = [
        group
        for group in gateway.groups
        if dict(group.labels) not in expected
        and not any(pattern.fullmatch(group.job) for pattern in known)
    ]
    if not strange:
        return ask.ok(count=len(gateway.groups))
    groups = [
        text(
            "pushed_group" if group.push_time else "pushed_group.never",
            labels=group.text,
            age=gateway.now - max(group.push_time, group.push_failure_time),
        )
        for group in sorted(strange, key=lambda group: group.push_time)
    ]
    still = any(group.values["age"] < STILL for group in groups)
    return ask.warn("unknown" if still else "dead", groups=groups)


def judge_targets(
    targets: Sequence[Target], past: Mapping[tuple[str, str], Up], now: float, days: float
) -> Check:
    """Judge whether all scrape targets of Prometheus are up, and since when.

    Args:
        targets: What Prometheus scrapes.
        past: The past of each target, by job and instance.
        now: Unix time.
        days: How far back `past` goes.
    """
    ask = Ask("targets", total=len(targets))
    down = [target for target in targets if target.health == "down"]
    if not targets:
        return ask.fail("none")
    if not down:
        since = [max(up.last_down or 0, up.first_seen or now) for up in past.values()]
        return ask.ok(seconds=now - max(since, default=now))
    return ask.fail("down", down=len(down), targets=[_down(each, past, now, days) for each in down])


def _down(target: Target, past: Mapping[tuple[str, str], Up], now: float, days: float) -> Text:
    last_up = past.get((target.job, target.instance), Up(None, None, None)).last_up
    found = {"job": target.job, "instance": target.instance, "error": target.error}
    if last_up:
        return text("down_target", seconds=now - last_up, **found)
    return text("down_target.ever", days=days, **found)


def judge_ages(
    collector: Collector,
    series: Sequence[Series],
    now: float,
    ping_seconds: float,
    refused: float = 0.0,
    targets: Mapping[str, Collection[str]] | None = None,
) -> Check:
    """Judge whether a collector's last deliveries, and the pings that it got, are recent.

    Args:
        series: The collector's series in Prometheus.
        now: Unix time.
        ping_seconds: How long a source of pings may be silent.
        refused: Pings that the collector answered with 401 in the last REFUSED minutes.
        targets: The locations that each ping service says it pings. One that does not ping this
            collector's is not silent: it came here before names or targets were put right.
    """
    limit = collector.interval * STALE_INTERVALS
    ask = Ask("ages", collector.name, push_seconds=limit, ping_seconds=ping_seconds)
    pushes = _by_label(series, PUSHED, "target")
    pings = _by_label(series, PINGED, "source_location")
    pings.pop(SOURCE["location"], None)
    if not pushes:
        return ask.skip("series.missing")
    # The push that says this was accepted itself: it tells of the time before it.
    times = [one.value for one in series if one.name == "push_time_seconds"]
    if "pushgateway" in pushes:
        pushes["pushgateway"] = max([pushes["pushgateway"], *times])
    started = max((s.value for s in series if s.name == STARTED), default=0.0)
    # Where samples are spooled, a push is late only if samples are waiting for it.
    waiting = _by_label(series, WAITING, "target")
    late = [
        text("last_push", target=target, age=now - at)
        if at
        else text("last_push.never", target=target)
        for target, at in sorted(pushes.items())
        if now - max(at, started) > limit and waiting.get(target, 1) > 0
    ]
    if late:
        return ask.fail("undelivered", targets=late)
    here = {s.labels.get("target_location", "") for s in series if s.name == RTT}
    old = [source for source, at in sorted(pings.items()) if now - at > ping_seconds]
    left = [each for each in old if here and here.isdisjoint((targets or {}).get(each, here))]
    silent = [
        text("silent_source", source=each, age=now - pings[each])
        for each in old
        if each not in left
    ]
    if silent:
        return ask.warn("silent", sources=silent)
    if refused >= 1:
        return ask.warn("wrong_key", refused=refused, minutes=REFUSED)
    sources = {*pings} - {*left} or text("none")
    if left:
        return ask.ok("left", targets={*pushes}, sources=sources, left=left)
    return ask.ok(targets={*pushes}, sources=sources)


def refusals_window(refused: float, series: Iterable[Series], now: float) -> float:
    """Return for how many seconds a refused ping tells that somebody still has another key.

    What was refused before all sources were heard is history: the one that was has the right key
    now. But somebody who is not known may go on, as slowly as the refusals came.

    Args:
        refused: Pings that the collector answered with 401 in the last REFUSED minutes.
        series: The collector's series in Prometheus.
        now: Unix time.
    """
    longest = REFUSED * 60.0
    pings = _by_label(series, PINGED, "source_location")
    pings.pop(SOURCE["location"], None)
    if not pings:
        return longest
    again = 2 * longest / refused if refused >= 2 else 0.0
    return min(max(now - min(pings.values()), again, LEAST), longest)


def _by_label(series: Iterable[Series], name: str, label: str) -> dict[str, float]:
    """Return the values of a metric by that label."""
    return {s.labels.get(label, ""): s.value for s in series if s.name == name}


def judge_run(collector: Collector, series: Sequence[Series], now: float) -> Check | None:
    """Judge whether an exporter's last run succeeded; None for a program that is no exporter.

    Args:
        series: The exporter's own series in Prometheus.
        now: Unix time.
    """
    told = {s.name: s.value for s in series if s.name in (RAN, LAST_RUN)}
    if RAN not in told:
        return None
    limit = collector.interval * STALE_INTERVALS
    at = told.get(LAST_RUN, 0.0)
    last = text("last_run", age=now - at) if at else text("last_run.never")
    ask = Ask("run", collector.name, limit=limit, last=last)
    if told[RAN] and now - at <= limit:
        return ask.ok()
    errors = {s.labels.get("error_type", "") for s in series if s.name == ERRORS and s.value}
    return ask.fail("failed", errors=errors) if errors else ask.fail("overdue")


def judge_sources(
    sources: Collection[str],
    collectors: Sequence[Collector],
    series: Iterable[Series],
    now: float,
    ping_seconds: float,
) -> Check:
    """Judge whether every expected ping service pings one of the collectors.

    Args:
        sources: Locations of the ping services (label `source_location`).
        series: Series of Prometheus, those of the collectors among them.
        now: Unix time.
        ping_seconds: How long a source may be silent.
    """
    ask = Ask("ping_sources", seconds=ping_seconds)
    paths = {each.path for each in collectors}
    last: dict[str, float] = {}
    for one in series:
        if one.name == PINGED and one.path in paths:
            where = one.labels.get("source_location", "")
            last[where] = max(one.value, last.get(where, 0.0))
    silent = {each for each in sources if now - last.get(each, 0.0) > ping_seconds}
    return ask.fail("silent", sources=silent) if silent else ask.ok(sources={*sources})
