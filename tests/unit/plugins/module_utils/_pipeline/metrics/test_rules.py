# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that fail, rules whose metric has gone, alerts that fire or are lost."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.rules import (
    Alerts,
    judge_alerts,
    judge_deployed,
    judge_evaluated,
    judge_rules,
    judge_sent,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

from .tools import DAY, NOW

GOOD = {"name": "Good", "query": "up == 0"}


def test_a_rule_that_fails() -> None:
    bad = {"name": "Bad", "query": "a + b", "lastError": "many-to-many matching not allowed"}
    check = judge_rules([GOOD, bad], {}, {}, NOW)
    assert (check.status, check.code) == ("fail", "rules.broken")
    assert (check.values["count"], check.values["rules"]) == (1, 2)
    assert check.values["errors"] == [text("broken_rule", rule="Bad", error=bad["lastError"])]


def test_a_metric_that_an_upgrade_took_away() -> None:
    asked, gone = {"n8n_active": {"N8nDown"}}, {"n8n_active": NOW - 5 * DAY}
    check = judge_rules([GOOD], asked, gone, NOW)
    assert (check.status, check.code) == ("warn", "rules.metric_gone")
    metric = text("gone_metric", metric="n8n_active", age=5 * DAY, rules={"N8nDown"})
    assert check.values["metrics"] == [metric]
    # A restart is no upgrade.
    assert judge_rules([GOOD], asked, {"n8n_active": NOW - 60}, NOW).code == "rules.ok"
    assert judge_rules([], {}, {}, NOW).code == "rules.ok"


def firing(state: str = "firing", **labels: str) -> list[dict[str, Any]]:
    since = "2027-01-15T07:50:00.5Z"  # ten minutes before NOW
    alert = {"state": state, "activeAt": since, "labels": {"alertname": "Down", **labels}}
    return [{"name": "Down", "query": "up == 0", "alerts": [alert]}]


@pytest.mark.parametrize(
    ("labels", "where"),
    [
        ({"instance": "wf001"}, ["instance=wf001"]),
        ({}, text("all")),
        # A machine of somebody's own workshop.
        ({"instance": "drill-01"}, ["instance=drill-01"]),
    ],
)
def test_an_alert_that_fires(labels: dict[str, str], where: object) -> None:
    check = judge_alerts(firing(severity="critical", **labels), NOW)
    assert (check.status, check.code) == ("warn", "alerts.firing")
    alert = text("firing_alert", alert="Down", labels=where, seconds=599.5)
    assert check.values["alerts"] == [alert]


@pytest.mark.parametrize(
    "rules",
    [
        [GOOD],
        firing("pending", instance="wf001"),
        firing(drill="true", instance="drill-databasedown"),
    ],
)
def test_no_alert_fires(rules: list[dict[str, Any]]) -> None:
    assert judge_alerts(rules, NOW).code == "alerts.ok"


@pytest.mark.parametrize(
    ("rules", "alerts"),
    [
        (firing(severity="none"), Alerts()),
        (firing(severity="critical"), Alerts(expected=["Down"])),
        (firing(severity="critical"), Alerts(expected=["Do*", "Watchdog"])),
    ],
)
def test_an_alert_that_is_meant_to_fire(rules: list[dict[str, Any]], alerts: Alerts) -> None:
    assert judge_alerts(rules, NOW, alerts).code == "alerts.ok"


def test_alerts_that_are_lost() -> None:
    check = judge_sent([({"alertmanager": "http://a.example/api"}, 2.0)])
    assert (check.status, check.code) == ("warn", "alerts_sent.lost")
    lost = text("lost_alerts", alerts=2.0, alertmanager="http://a.example/api")
    assert check.values["alertmanagers"] == [lost]
    assert judge_sent([]).code == "alerts_sent.ok"


def loaded(**changes: Any) -> dict[str, Any]:
    at = "2027-01-15T05:00:00-03:00"  # NOW, where Prometheus runs
    rule = {"name": "Down", "group": "g", "type": "alerting", "query": "up == 0", "duration": 60}
    return {**rule, "labels": {"a": "b"}, "interval": 15, "took": 1, "lastEvaluation": at} | changes


NEVER = "0001-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("changes", "age", "outcome"),
    [
        ({}, DAY, "pass evaluated.ok"),
        ({"lastEvaluation": NEVER}, 20, "pass evaluated.ok"),
        ({"lastEvaluation": NEVER}, 120, "fail evaluated.late"),
        ({"lastEvaluation": NEVER, "interval": 86400}, 300, "pass evaluated.ok"),
        ({"lastEvaluation": NEVER, "interval": 86400}, 700, "fail evaluated.late"),
        (
            {"lastEvaluation": NEVER, "interval": 86400, "type": "recording"},
            700,
            "pass evaluated.ok",
        ),
        ({"lastEvaluation": "2027-01-15T07:50:00Z"}, DAY, "fail evaluated.late"),
        ({"took": 16}, DAY, "warn evaluated.slow"),
        # Another server, or an older one, does not tell.
        ({"lastEvaluation": None}, DAY, "pass evaluated.ok"),
    ],
)
def test_rules_that_are_not_evaluated(changes: dict[str, Any], age: float, outcome: str) -> None:
    check = judge_evaluated([loaded(**changes)], NOW - age, NOW)
    assert f"{check.status} {check.code}" == outcome


WANTED = {"alert": "Down", "expr": "up  == 0", "for": "1m", "labels": {"a": "b"}}


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, []),
        ({"query": "up == 7"}, [("Down", ["expr"])]),
        ({"duration": 90}, [("Down", ["for"])]),
        ({"keepFiringFor": 90}, [("Down", ["keep_firing_for"])]),
        ({"labels": {}}, [("Down", ["labels"])]),
        ({"name": "Up"}, [("Down", ["missing"]), ("Up", ["added"])]),
        ({"interval": 30}, [("", ["interval"])]),
        ({"group": "other"}, []),
    ],
)
def test_rules_that_were_changed_by_hand(
    changes: dict[str, Any], parts: list[tuple[str, list[str]]]
) -> None:
    def formatted(expression: str) -> str:
        """As Prometheus does: whitespace does not count, and 60000ms are 1m."""
        for milliseconds, written in ((60000, "1m"), (15000, "15s")):
            expression = expression.replace(f"{milliseconds}ms", written)
        return " ".join(expression.split())

    deployed = [{"name": "g", "interval": "15s", "rules": [WANTED]}]
    check = judge_deployed(Ask("rules_deployed"), [loaded(**changes)], deployed, formatted)
    assert check.code == f"rules_deployed.{'differ' if parts else 'ok'}"
    told = [each.values for each in check.values.get("rules", ())]
    assert [(each["rule"], each["parts"]) for each in told] == parts
