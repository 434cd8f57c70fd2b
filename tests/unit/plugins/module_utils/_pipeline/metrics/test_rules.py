# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that fail, rules whose metric has gone, alerts that fire or are lost."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.rules import (
    Alerts,
    judge_alerts,
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
