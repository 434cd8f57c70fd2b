# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a collector's group on the gateway: whether it exists and stays fresh."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..._api.pushgateway import Gateway, Group, shown
from ..._check import Ask, Check
from ..._texts.text import text
from ..collector import STALE_INTERVALS, Collector

LATE_INTERVALS = 2
WHOLE = 1.0  # seconds: of the gateway's clock only whole ones are known


def judge_pushed(
    collector: Collector,
    gateway: Gateway,
    before: Gateway | None = None,
    known: Collection[tuple[str, str]] = (),
    started: Callable[[], float | None] = lambda: None,
) -> Check:
    """Judge whether the group exists and is fresh, and whether its last push succeeded.

    Args:
        gateway: The gateway now.
        before: The gateway before the collector was asked to push, if it was asked and said that it
            has pushed. What the collector pushes by itself is judged by this one.
        known: Job and instance of the groups of the other collectors.
        started: Returns when the gateway's process started (Unix time); None if it is not known.
    """
    group = gateway.group(*collector.path)
    oldest = collector.interval * STALE_INTERVALS
    look = text("look.health") if collector.url else text("look.log")
    ask = Ask("pushed", collector.name, group=shown(*collector.path), oldest=oldest, look=look)
    if group is None:
        return _no_group(ask, collector, gateway, known)
    ahead = group.push_time - gateway.now
    age = max(-ahead, 0.0)
    ask.values.update(families=len(group.families), age=age)
    if not group.push_time:
        return ask.fail("pushed.refused.never", failed=gateway.now - group.push_failure_time)
    if not group.last_push_successful or group.push_failure_time > group.push_time:
        return ask.fail("refused", failed=max(gateway.now - group.push_failure_time, 0.0))
    if ahead > max(collector.interval, 5):
        return ask.fail("future", ahead=ahead)
    if before and age > max(collector.interval / 2, 5):
        return ask.fail("elsewhere")
    if age > collector.interval * LATE_INTERVALS:
        return ask.fail("old") if age > oldest else ask.warn("old")
    return _by_itself(ask, collector, gateway, group, before, started)


def _by_itself(
    ask: Ask,
    collector: Collector,
    gateway: Gateway,
    group: Group,
    before: Gateway | None,
    started: Callable[[], float | None],
) -> Check:
    """Judge the pushes before the one that this validation asked for."""
    limit = collector.interval * LATE_INTERVALS
    # It pushes when it starts; before that no push was due.
    if not before or gateway.now - group.process_start_time <= limit:
        return ask.ok()
    old = before.group(*collector.path)
    if old is None:
        return _lost(ask, gateway, group, before, limit, started)
    earlier = before.now - old.push_time
    if earlier <= limit:
        return ask.ok()
    same = group.process_start_time == old.process_start_time
    failures = group.failures - (old.failures if same else 0.0)
    ask.values.update(before=earlier, failures=failures)
    if failures > 0:  # it tried in time, and now it can
        return ask.ok("recovered")
    late = earlier > collector.interval * STALE_INTERVALS
    return ask.fail("seldom") if late else ask.warn("seldom")


def _lost(
    ask: Ask,
    gateway: Gateway,
    group: Group,
    before: Gateway,
    limit: float,
    started: Callable[[], float | None],
) -> Check:
    """Judge a group that was not there before this validation asked for a push."""
    own = gateway.now - group.last_success
    if own > limit:
        return ask.fail("pushed.seldom.never")
    ask.values.update(own=max(own, 0.0))
    since = started()
    if since is None:
        return ask.skip("lost")
    runs = max(gateway.now - since, 0.0)
    ask.values.update(gateway=runs)
    if since > group.last_success:
        return ask.ok("restarted")
    # That push was asked for, too: when it has pushed by itself before, is not known any more.
    asked_for = group.last_success > before.now - WHOLE
    return ask.skip("meanwhile") if asked_for and runs <= limit else ask.fail("removed")


def _no_group(
    ask: Ask, collector: Collector, gateway: Gateway, known: Collection[tuple[str, str]]
) -> Check:
    others = [g for g in gateway.groups if (g.job, g.instance) not in known]
    near = [
        shown(g.job, g.instance)
        for g in others
        if collector.job == g.job or collector.instance == g.instance
    ]
    if near:
        return ask.fail("other_name", near=near)
    return ask.fail("missing", groups=len(gateway.groups))
