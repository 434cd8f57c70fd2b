# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether the rules that Prometheus has loaded can still do their work."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..._api.prometheus import PrometheusApi
from ..._api.promql import metric_names
from ..._api.times import unix_time
from ..._check import Ask, Check
from ..._texts.text import Text, text

ERRORS, MINUTES = "prometheus_notifications_errors_total", 15
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
        if str(labels.get("severity")).lower() == "none":
            return False
        if any(fnmatchcase(name, pattern) for pattern in self.expected):
            return False
        return not labels.get(DRILL)


def check_rules(
    api: PrometheusApi,
    own: Collection[str],
    groups: Collection[str],
    now: float,
    days: float,
    alerts: Alerts,
) -> list[Check]:
    """Read the rules and alerts of Prometheus, and judge them.

    Source: Prometheus HTTP API, GET /api/v1/rules and /api/v1/query.

    Args:
        own: Metrics that may be absent, as other checks look after them.
        groups: Names of rule groups that must be loaded.
        now: Unix time.
        days: How far back a metric that is absent now is searched for.
        alerts: Which alerts are none to tell of.

    Raises:
        HttpError: Prometheus does not answer as it should.
    """
    rules = api.rules()
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
        last = f"max by (lost) (max_over_time(timestamp({kept})[{days:g}d:1h]))"
        gone = {labels["lost"]: at for labels, at in api.query_values(last)}
    judged = judge_rules(rules, {name: asked[name] for name in gone}, gone, now)
    missing_groups = set(groups) - {rule["group"] for rule in rules}
    if missing_groups and judged.status != "fail":
        judged = Ask("rules").fail("not_loaded", groups=missing_groups)
    # What was lost before Prometheus was first scraped is no increase.
    counted = f"({ERRORS} - {ERRORS} offset {MINUTES}m) or {ERRORS}"
    lost = api.query_values(f"sum by (alertmanager) ({counted}) >= 1")
    return [judged, judge_alerts(rules, now, alerts), judge_sent(lost)]


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
