# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a collector's group on the gateway: is it there, and does the collector keep it fresh?"""

from __future__ import annotations

from collections.abc import Collection

from ..._api.pushgateway import Gateway
from ..._check import Check
from ..collector import STALE_INTERVALS
from .arrival import Expected, path_text

LATE_INTERVALS = 2


def judge_pushed(
    expected: Expected,
    gateway: Gateway,
    before: Gateway | None = None,
    known: Collection[tuple[str, str]] = (),
) -> Check:
    """Is the group there, fresh, and was its last push good?

    C(before): the gateway as it was before the collector was asked to push and said that it has;
    what it had pushed of itself is judged by that. C(known): paths of the groups of others.
    """
    group = gateway.group(*expected.path)
    check_id = f"pushed {expected.host}"
    oldest = expected.interval * STALE_INTERVALS
    wanted = f"{expected.text} on the gateway, at most {oldest:g} s old, last push good"
    if group is None:
        return _no_group(check_id, wanted, expected, gateway, known)
    ahead = group.push_time - gateway.now
    age = max(-ahead, 0.0)
    seen = f"{len(group.families)} families, {age:.0f} s old"
    if not group.last_push_successful or group.push_failure_time > group.push_time:
        failed = max(gateway.now - group.push_failure_time, 0.0)
        seen += f", but the last push, {failed:.0f} s ago, failed"
        cause = "the gateway refused it: timestamps, or a type that differs from another group's"
        fix = "read the gateway's log, and compare the types of the families with other groups"
        return Check(check_id, "fail", wanted, seen, cause, fix)
    if ahead > max(expected.interval, 5):
        seen = f"{len(group.families)} families, pushed {ahead:.0f} s in the future"
        cause = "the clock of the gateway's host was set back, and it has not pushed since"
        return Check(check_id, "fail", wanted, seen, cause, _where_to_look(expected))
    if before and age > max(expected.interval / 2, 5):
        cause = "the collector said that it has pushed just now: it pushes to another gateway"
        fix = "compare the collector's pushgateway url with the one that was checked"
        return Check(check_id, "fail", wanted, seen, cause, fix)
    if age > expected.interval * LATE_INTERVALS:
        status = "fail" if age > oldest else "warn"
        cause = "it no longer pushes: stopped, or it cannot reach the gateway;" + (
            " the gateway shows its last values for ever"
        )
        return Check(check_id, status, wanted, seen, cause, _where_to_look(expected))
    return _by_itself(Check(check_id, "pass", wanted, seen), expected, gateway, before)


def _where_to_look(expected: Expected) -> str:
    if expected.has_api:
        return "ask the collector's /health for its last push and its error"
    return "read its log on its host, and what starts it"


def _by_itself(check: Check, expected: Expected, gateway: Gateway, before: Gateway | None) -> Check:
    """A group that is fresh because this has asked for the push says nothing of the others."""
    group, old = gateway.group(*expected.path), before and before.group(*expected.path)
    limit = expected.interval * LATE_INTERVALS
    # It pushes when it starts; before that it owed nothing.
    if not before or not group or gateway.now - group.process_start_time <= limit:
        return check
    age = before.now - old.push_time if old else None
    if age is not None and age <= limit:
        return check
    own = f"of itself it had pushed {age:.0f} s before" if age else "of itself it had not pushed"
    status = "warn" if age and age <= expected.interval * STALE_INTERVALS else "fail"
    cause = "it pushes less often than is expected here, or could not until now"
    fix = "compare its push interval with the inventory's; read its log for failed pushes"
    return Check(check.id, status, check.expected, f"{check.seen}; {own}", cause, fix)


def _no_group(
    check_id: str,
    wanted: str,
    expected: Expected,
    gateway: Gateway,
    known: Collection[tuple[str, str]],
) -> Check:
    others = [g for g in gateway.groups if (g.job, g.instance) not in known]
    near = [g for g in others if expected.job == g.job or expected.instance == g.instance]
    paths = "; ".join(path_text((g.job, g.instance)) for g in near[:3])
    seen = f"no such group, but {paths}" if near else f"not among {len(gateway.groups)} groups"
    cause = "it does not push, or pushes to another gateway"
    fix = _where_to_look(expected)
    if near:
        cause = "it pushes under another job or instance"
        fix = "compare host and region in its settings with what is expected here"
    return Check(check_id, "fail", wanted, seen, cause, fix)
