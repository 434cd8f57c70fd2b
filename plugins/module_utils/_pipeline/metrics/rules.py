# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether the rules that Prometheus has loaded can still do their work."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from ..._api.prometheus import PrometheusApi
from ..._api.promql import metric_names
from ..._api.times import unix_time
from ..._check import Ask, Check
from ..._http.session import HttpError
from ..._texts.text import Text, text

ERRORS, MINUTES = "prometheus_notifications_errors_total", 15
SENT = "prometheus_notifications_sent_total"
# A group is late after so many of its intervals; an alert that is seen later than that is none.
LATE_INTERVALS, LATE, GRACE = 3, 600.0, 10.0  # the others in seconds
GONE = 600.0  # seconds without a series: more than a restart takes
DRILL = "drill"  # the label that only a drill's alerts have
OWN = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


@dataclass(frozen=True)
class Alerts:
    """Which alerts are none to tell of.

    Args:
        expected: Names of those that are meant to fire; `*` matches anything.
    """

    expected: Collection[str] = ()

    def counts(self, name: str, labels: Mapping[str, Any]) -> bool:
        """Return whether an alert that fires is one to tell of."""
        if str(labels.get("severity", "")).lower() == "none":
            return False
        if any(fnmatchcase(name, pattern) for pattern in self.expected):
            return False
        return not labels.get(DRILL)


def check_rules(
    api: PrometheusApi,
    rules: Sequence[Mapping[str, Any]],
    own: Collection[str],
    groups: Collection[str],
    deployed: Sequence[Mapping[str, Any]],
    now: float,
    days: float,
    alerts: Alerts,
) -> list[Check]:
    """Judge the rules and alerts of Prometheus.

    Source: Prometheus HTTP API, GET /api/v1/query, /api/v1/status/runtimeinfo and
    /api/v1/format_query.

    Args:
        rules: As `PrometheusApi.rules` returns them.
        own: Metrics that may be absent, as other checks look after them.
        groups: Names of rule groups that must be loaded.
        deployed: The groups that were deployed, in the form of Prometheus's files.
        now: Unix time.
        days: How far back a metric that is absent now is searched for.
        alerts: Which alerts are none to tell of.

    Raises:
        HttpError: Prometheus does not answer as it should.
    """
    recorded = {rule["name"] for rule in rules if rule.get("type") == "recording"}
    asked: dict[str, set[str]] = {}
    for rule in rules:
        for name in metric_names(rule["query"]) - recorded - OWN:
            base = re.sub(r"_(bucket|sum|count)$", "", name)
            if name not in own and base not in own:
                asked.setdefault(name, set()).add(rule["name"])
    there: set[str] = set()
    if asked:
        found = api.query_values(f"count by (__name__) ({_any_of(asked)})")
        there = {labels.get("__name__", "") for labels, _value in found}
    gone: dict[str, float] = {}
    if missing := asked.keys() - there:
        # Functions over time drop a series' name, so it is kept in a label.
        kept = f'label_replace({_any_of(missing)}, "lost", "$1", "__name__", "(.+)")'
        # Closely as long as it may be a restart, and before that to the hour.
        spans = (f"{2 * GONE:.0f}s:15s", f"{days:g}d:1h")
        last = " or ".join(f"max by (lost) (max_over_time(timestamp({kept})[{s}]))" for s in spans)
        gone = {labels["lost"]: at for labels, at in api.query_values(last)}
    judged = judge_rules(rules, {name: asked[name] for name in gone}, gone, now)
    expected = {*groups, *(group["name"] for group in deployed)}
    missing_groups = expected - {rule["group"] for rule in rules}
    if missing_groups and judged.status != "fail":
        judged = Ask("rules").fail("not_loaded", groups=missing_groups)
    checks = [
        judged,
        judge_evaluated(rules, api.loaded_at(), now),
        judge_alerts(rules, now, alerts),
    ]
    if deployed:
        checks.append(_as_deployed(api, rules, deployed))
    return [*checks, judge_sent(_lost(api))]


def _lost(api: PrometheusApi) -> list[tuple[dict[str, str], float]]:
    """Return the alerts that were lost on the way to each Alertmanager.

    The last minutes in which any were sent decide: what was lost before that is over.
    """
    for minutes in (1, 5, MINUTES):
        # What was lost before Prometheus was first scraped is no increase.
        counted = (f"({each} - {each} offset {minutes}m) or {each}" for each in (SENT, ERRORS))
        sent, lost = (api.query_values(f"sum by (alertmanager) ({each}) >= 1") for each in counted)
        if sent or lost:
            return lost
    return []


def judge_evaluated(rules: Sequence[Mapping[str, Any]], loaded: float, now: float) -> Check:
    """Judge whether the rules are evaluated, and often enough for an alert.

    Args:
        rules: As `PrometheusApi.rules` returns them.
        loaded: When the configuration was loaded (Unix time).
        now: Unix time.
    """
    ask = Ask("evaluated", rules=len(rules))
    alerting = {rule["group"] for rule in rules if rule.get("type") == "alerting"}
    late: dict[str, Text] = {}
    slow = {rule["group"]: rule for rule in rules if rule["took"] > rule["interval"]}
    for rule in rules:
        if not isinstance(rule.get("lastEvaluation"), str):
            continue
        # A time of the year 1 is none.
        at = max(unix_time(rule.get("lastEvaluation")) or 0.0, 0.0)
        # A group of records alone may be meant to be slow.
        limit = rule["interval"] * LATE_INTERVALS + GRACE
        limit = min(limit, LATE) if rule["group"] in alerting else limit
        if now - max(at, loaded) > limit or (not at and now - loaded > limit):
            code = "late_group" if at else "late_group.never"
            values = {"group": rule["group"], "interval": rule["interval"]}
            late.setdefault(rule["group"], text(code, seconds=now - (at or loaded), **values))
    if late:
        return ask.fail("late", groups=[*late.values()])
    if slow:
        groups = [
            text("slow_group", group=group, seconds=of["took"], interval=of["interval"])
            for group, of in sorted(slow.items())
        ]
        return ask.warn("slow", groups=groups)
    return ask.ok(seconds=max((rule["interval"] for rule in rules), default=0.0))


def _as_deployed(
    api: PrometheusApi,
    rules: Sequence[Mapping[str, Any]],
    deployed: Sequence[Mapping[str, Any]],
) -> Check:
    ask = Ask("rules_deployed")
    try:
        return judge_deployed(ask, rules, deployed, cache(api.formatted))
    except HttpError as error:
        return ask.skip("unformatted", error=error.seen)


def judge_deployed(
    ask: Ask,
    rules: Sequence[Mapping[str, Any]],
    deployed: Sequence[Mapping[str, Any]],
    formatted: Callable[[str], str],
) -> Check:
    """Judge whether the loaded rules are those that were deployed.

    Args:
        rules: As `PrometheusApi.rules` returns them.
        deployed: The groups that were deployed.
        formatted: Writes an expression as Prometheus does, so that only its meaning counts.

    Raises:
        HttpError: Prometheus cannot format expressions.
    """
    loaded: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        loaded.setdefault(rule["group"], []).append(rule)
    differing = [
        text("differing_rule", group=group["name"], rule=name, parts=sorted(parts))
        for group in deployed
        # Of a group that is not there, the check `rules` tells.
        if group["name"] in loaded
        for name, parts in _differing(group, loaded[group["name"]], formatted)
    ]
    if differing:
        return ask.fail("differ", count=len(differing), rules=differing)
    return ask.ok(groups=len(deployed))


def _differing(
    group: Mapping[str, Any],
    loaded: Sequence[Mapping[str, Any]],
    formatted: Callable[[str], str],
) -> Iterator[tuple[str, list[str]]]:
    """Yield the rules that differ, and in what; a rule may have a name that another has, too."""
    left = [*loaded]
    for rule in group["rules"]:
        name = rule.get("alert") or rule.get("record") or ""
        same = {i: one for i, one in enumerate(left) if one["name"] == name}
        near = {i: _parts(rule, one, formatted) for i, one in same.items()}
        if not near:
            yield name, ["missing"]
            continue
        best = min(near, key=lambda index: len(near[index]))
        left.pop(best)
        if near[best]:
            yield name, near[best]
    for rule in left:
        yield rule["name"], ["added"]
    if group.get("interval") and loaded:
        wanted = _duration(group["interval"], formatted)
        if wanted != _duration(loaded[0]["interval"], formatted):
            yield "", ["interval"]


def _parts(
    rule: Mapping[str, Any], loaded: Mapping[str, Any], formatted: Callable[[str], str]
) -> list[str]:
    wrong = []
    if rule["expr"] != loaded["query"] and formatted(rule["expr"]) != formatted(loaded["query"]):
        wrong.append("expr")
    for name, told in (("for", "duration"), ("keep_firing_for", "keepFiringFor")):
        if _duration(rule.get(name), formatted) != _duration(loaded.get(told), formatted):
            wrong.append(name)
    if dict(rule.get("labels") or {}) != dict(loaded.get("labels") or {}):
        wrong.append("labels")
    return wrong


def _duration(told: Any, formatted: Callable[[str], str]) -> str:
    """Return a duration as Prometheus writes it; empty for none.

    Args:
        told: In Prometheus's notation, or seconds.
    """
    written = f"{told * 1000:.0f}ms" if isinstance(told, (int, float)) else str(told or "")
    # An expression is what Prometheus formats, and it takes no 0 there.
    return formatted(f"up offset {written}") if re.search("[1-9]", written) else ""


def judge_sent(lost: Sequence[tuple[Mapping[str, str], float]]) -> Check:
    """Judge whether Prometheus could send its alerts.

    Args:
        lost: Labels of an Alertmanager (`alertmanager`), and how many alerts it has not accepted.
    """
    ask = Ask("alerts_sent", minutes=MINUTES)
    if not lost:
        return ask.ok()
    alertmanagers = [
        text("lost_alerts", alerts=count, alertmanager=labels.get("alertmanager", "?"))
        for labels, count in lost
    ]
    return ask.warn("lost", alertmanagers=alertmanagers)


def judge_alerts(
    rules: Collection[Mapping[str, Any]], now: float, alerts_known: Alerts = Alerts()
) -> Check:
    """Judge whether an alert is firing. Those of a drill, and those meant to fire, do not count.

    Args:
        rules: As `PrometheusApi.rules` returns them.
        now: Unix time.
    """
    ask = Ask("alerts")
    alerts = [
        _firing(rule["name"], alert, now)
        for rule in rules
        for alert in rule.get("alerts") or []
        if alert.get("state") == "firing" and alerts_known.counts(rule["name"], alert["labels"])
    ]
    return (
        ask.warn("firing", count=len(alerts), alerts=alerts) if alerts else ask.ok(rules=len(rules))
    )


def _firing(name: str, alert: Mapping[str, Any], now: float) -> Text:
    labels = {k: v for k, v in alert["labels"].items() if k not in ("alertname", "severity")}
    where = [f"{key}={value}" for key, value in sorted(labels.items())]
    since = unix_time(alert.get("activeAt"))
    seconds = now - since if since else "?"
    return text("firing_alert", alert=name, labels=where or text("all"), seconds=seconds)


def _any_of(names: Iterable[str]) -> str:
    pattern = json.dumps("|".join(sorted(re.escape(name) for name in names)))
    return f"{{__name__=~{pattern}}}"


def judge_rules(
    rules: Collection[Mapping[str, Any]],
    asked: Mapping[str, Collection[str]],
    gone: Mapping[str, float],
    now: float,
) -> Check:
    """Judge whether the rules can be evaluated and whether their metrics exist.

    Args:
        rules: As `PrometheusApi.rules` returns them.
        asked: Names of the rules that use a metric, by metric.
        gone: Metrics that have no series now, and the Unix time at which they last had one.
        now: Unix time.
    """
    ask = Ask("rules", rules=len(rules))
    broken = [
        text("broken_rule", rule=rule["name"], error=rule["lastError"])
        for rule in rules
        if rule.get("lastError")
    ]
    if broken:
        return ask.fail("broken", count=len(broken), errors=broken)
    lost = [
        text("gone_metric", metric=name, age=now - at, rules={*asked[name]})
        for name, at in sorted(gone.items())
        if now - at > GONE
    ]
    return ask.warn("metric_gone", metrics=lost) if lost else ask.ok()
