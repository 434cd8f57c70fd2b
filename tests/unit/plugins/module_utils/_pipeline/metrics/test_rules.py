# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that fail, and rules whose metric has gone."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.rules import (
    judge_alerts,
    judge_rules,
)

NOW = 1_800_000_000.0
GOOD = {"name": "Good", "query": "up == 0"}


def test_all_is_well() -> None:
    assert judge_rules([GOOD], {}, {}, NOW).status == "pass"
    assert judge_rules([], {}, {}, NOW).seen == "no rules"


def test_a_rule_that_fails() -> None:
    bad = {"name": "Bad", "query": "a + b", "lastError": "many-to-many matching not allowed"}
    check = judge_rules([GOOD, bad], {}, {}, NOW)
    assert check.status == "fail"
    assert check.seen == "1 of 2 fail: Bad: many-to-many matching not allowed"


def test_a_metric_that_an_upgrade_took_away() -> None:
    asked, gone = {"n8n_active": {"N8nDown"}}, {"n8n_active": NOW - 5 * 86400}
    check = judge_rules([GOOD], asked, gone, NOW)
    assert check.status == "warn"
    assert check.seen == "n8n_active, gone 5.0 d ago, which N8nDown asks for"
    # A restart is no upgrade.
    assert judge_rules([GOOD], asked, {"n8n_active": NOW - 60}, NOW).status == "pass"


def firing(state: str = "firing", **labels: str) -> list[dict[str, Any]]:
    since = "2027-01-15T07:50:00.5Z"  # ten minutes before NOW
    alert = {"state": state, "activeAt": since, "labels": {"alertname": "Down", **labels}}
    return [{"name": "Down", "query": "up == 0", "alerts": [alert]}]


def test_an_alert_that_fires() -> None:
    check = judge_alerts(firing(instance="wf001", severity="critical"), NOW)
    assert check.status == "warn"
    assert check.seen == "1 firing; Down of instance=wf001 for 10 min"


@pytest.mark.parametrize(
    "rules",
    [
        [GOOD],
        firing("pending", instance="wf001"),
        firing(job="collector_api_drill_collectorabsent", instance="x"),
        firing(source_location="drill-clockoffsethigh"),
        firing(db_type="drill", database="drill"),
    ],
)
def test_no_alert_fires(rules: list[dict[str, Any]]) -> None:
    assert judge_alerts(rules, NOW).status == "pass"
