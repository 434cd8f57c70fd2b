# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a query asks for: its selectors, found in the tree that a PromQL parser makes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import promql_parser

from collector import catalogue

# Labels that any series may have: Prometheus's own, and what a series has without honor_labels.
COMMON = {"job", "instance", "exported_job", "exported_instance"}
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
# What Prometheus has by itself, with the labels it may be selected and grouped by.
PROMETHEUS: dict[str, set[str]] = {
    "up": set(),
    "scrape_samples_scraped": set(),
    "scrape_duration_seconds": set(),
    "ALERTS": {"alertname", "alertstate"},
    "prometheus_rule_group_rules": {"rule_group"},
    "prometheus_tsdb_head_samples_appended_total": {"type"},
    "prometheus_remote_storage_highest_timestamp_in_seconds": set(),
    "prometheus_remote_storage_queue_highest_sent_timestamp_seconds": {"remote_name", "url"},
    "prometheus_remote_storage_samples_retried_total": {"remote_name", "url"},
    "prometheus_remote_storage_samples_failed_total": {"remote_name", "url"},
}

# What our rules record, with the labels it has: tests/unit/rules/test_recorded.py holds it to them.
_PING = {"source_location", "target_location"}
RECORDED: dict[str, set[str]] = {
    "job_instance_database_operation:database_query_latency_seconds:p95": {
        *("job", "instance", "db_type", "database", "operation")
    },
    **{
        f"source_target:network_latency_rtt_seconds:{each}": _PING for each in ("p50", "p95", "p99")
    },
}


def _series() -> dict[str, set[str]]:
    """Every series name that the catalogue promises, with the labels it has."""
    series: dict[str, set[str]] = {}
    for metric in catalogue.load():
        labels = set(metric.labels)
        for suffix in SUFFIXES.get(metric.type, ("",)):
            more = {"le"} if suffix == "_bucket" else set()
            series[metric.name + suffix] = labels | more
    return series


CATALOGUE = _series()
KNOWN = {
    **{name: labels | COMMON for name, labels in {**CATALOGUE, **PROMETHEUS}.items()},
    **RECORDED,
}


@dataclass(frozen=True)
class Selector:
    """A name and the labels that are matched."""

    name: str | None
    labels: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """What a query selects, and the labels it groups or joins by."""

    selectors: tuple[Selector, ...]
    grouped: frozenset[str]


def ask(expr: str) -> Asked:
    """Parse an expression; raises ValueError when it is none."""
    selectors: list[Selector] = []
    grouped: set[str] = set()

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            matchers = node.matchers
            every = [
                *matchers.matchers,
                *(each for group in matchers.or_matchers for each in group),
            ]
            selectors.append(Selector(node.name, frozenset(each.name for each in every)))
        if isinstance(node, promql_parser.AggregateExpr) and node.modifier:
            grouped.update(node.modifier.labels)
        if isinstance(node, promql_parser.BinaryExpr) and node.modifier:
            modifier = node.modifier
            if modifier.matching:
                grouped.update(modifier.matching.labels)

    promql_parser.walk(promql_parser.parse(expr), pre_visit=visit)
    return Asked(tuple(selectors), frozenset(grouped))


def of_legend(legend: str) -> set[str]:
    """The labels that a legend names."""
    return set(re.findall(r"\{\{\s*(\w+)\s*\}\}", legend))
