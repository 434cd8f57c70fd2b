# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grafana's own alert rules, for what Prometheus cannot see.

They report that Prometheus does not answer, that a store next to it gets nothing, and that
Alertmanager cannot be reached. If no data is the alert, so is an error of the query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._fleet.inventory import truth


@dataclass(frozen=True)
class Watch:
    """What a rule queries, and what its alert says.

    Args:
        page: Name of the runbook.
        uid: Uid of the rule.
        silence: The state without data: Alerting or OK.
        source: Uid of the data source.
        seconds: How far back it queries.
        query: The query in the data source's form.
        threshold: What is wrong: `gt` or `lt`, and a number.
    """

    page: str
    uid: str
    title: str
    silence: str
    source: str
    seconds: int
    query: dict[str, Any]
    threshold: tuple[str, int]
    description: str
    action: str


def rule_groups(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules as one group, in the form of grafana_bundle; an empty list without rules."""
    rules = [_rule(v, watch) for watch in _watches(v)] if truth(v["grafana_alerting"]) else []
    group = {"folder": v["grafana_folder_uid"], "name": "storage", "interval_seconds": 60}
    return [{**group, "rules": rules}] if rules else []


def _watches(v: Mapping[str, Any]) -> list[Watch]:
    stale = 3 * int(v["grafana_push_interval_seconds"])
    found = [
        Watch(
            page=f"{name}Stale",
            uid=f"vya-{name.lower()}-stale",
            title=f"{name} has no fresh data",
            silence="Alerting",
            source=v[f"grafana_{name.lower()}_uid"],
            seconds=600,
            query={"expr": "time() - max(push_time_seconds)", "instant": True},
            threshold=("gt", stale),
            description=f"No push that is younger than {stale} s is in {name}, or it does not "
            "answer Grafana.",
            action="See on the dashboard Pipeline health where the data stop: collectors, "
            "Pushgateway, Prometheus or remote write.",
        )
        for name in (
            "Prometheus",
            *(["VictoriaMetrics"] if v["grafana_victoriametrics_url"] else []),
        )
    ]
    if v["grafana_loki_url"]:
        found.append(
            Watch(
                page="LokiStale",
                uid="vya-loki-stale",
                title="Loki has no fresh logs",
                silence="Alerting",
                source=v["grafana_loki_uid"],
                seconds=900,
                query={
                    "expr": 'sum(count_over_time({service_name=~".+"}[15m]))',
                    "queryType": "instant",
                },
                threshold=("lt", 1),
                description="No line of any stream came in 15 minutes, or Loki does not answer "
                "Grafana.",
                action="Request /ready from Loki. If it answers 401, the client lacks its tenant "
                "or credentials.",
            )
        )
    # Grafana cannot query Alertmanager. Prometheus knows whether it accepts its alerts, and cannot
    # tell.
    if v["grafana_alertmanager_url"]:
        found.append(
            Watch(
                page="AlertmanagerDown",
                uid="vya-alertmanager-down",
                title="Alertmanager takes no alerts",
                silence="OK",
                source=v["grafana_prometheus_uid"],
                seconds=600,
                query={
                    "expr": "sum(increase(prometheus_notifications_errors_total[5m])"
                    " or increase(prometheus_notifications_dropped_total[5m])) > 0"
                    ' or count(up{job="alertmanager"} == 0) or vector(0)',
                    "instant": True,
                },
                threshold=("gt", 0),
                description="Prometheus could not deliver its alerts to Alertmanager within five "
                "minutes, or cannot scrape it: no alert reaches anyone.",
                action="See whether Alertmanager runs, and whether Prometheus reaches it at the "
                "address in its configuration.",
            )
        )
    return found


def _rule(v: Mapping[str, Any], watch: Watch) -> dict[str, Any]:
    """Return a rule in Grafana's form.

    A threshold takes numbers: an instant query of Prometheus returns some, one of Loki a series
    with one point, whose last value is taken.
    """
    reduced = "queryType" in watch.query
    last = {"type": "reduce", "expression": "seen", "reducer": "last"}
    evaluator = {"type": watch.threshold[0], "params": [watch.threshold[1]]}
    wrong = {
        "type": "threshold",
        "expression": "last" if reduced else "seen",
        "conditions": [{"evaluator": evaluator}],
    }

    def step(ref: str, source: str, model: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "refId": ref,
            "datasourceUid": source,
            "relativeTimeRange": {"from": watch.seconds, "to": 0},
            "model": {"refId": ref, **model},
        }

    return {
        "uid": watch.uid,
        "title": watch.title,
        "condition": "wrong",
        "for": "5m",
        "noDataState": watch.silence,
        "execErrState": watch.silence,
        "labels": {"severity": "critical", "page": watch.page},
        "annotations": {
            "summary": watch.title,
            "description": watch.description,
            "action": watch.action,
            "runbook_url": f"{v['grafana_runbook_url']}/{watch.page}.md",
        },
        "data": [
            step("seen", watch.source, watch.query),
            *([step("last", "__expr__", last)] if reduced else []),
            step("wrong", "__expr__", wrong),
        ],
    }
