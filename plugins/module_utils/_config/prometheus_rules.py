# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus's rules: which ones a server has loaded, and whether it can evaluate them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from .._api.exposition import samples
from .._api.prometheus import RULES
from .._api.promql import metric_names
from .._http.session import HttpError, Session
from .._signals import take_none

# Seconds: a server that is younger has not seen everything yet.
YOUNG = 3600
# Shapes of answers (`_http.answer`).
LOADED = {"data": {"groups": [RULES]}}
NAMES = {"data": [str]}
RESULT = {"data": {"resultType": str}}
# Prometheus writes these itself once a rule alerts.
OWN = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
LONGEST = "10s"  # how long a rule's expression may take
WORKERS = 4
# What is said of a rule before its first evaluation.
GROUP_FIELDS = ("interval", "limit")
RULE_FIELDS = (
    *("type", "name", "query", "labels", "annotations", "duration", "keepFiringFor"),
    *("keep_firing_for", "sourceTenants"),
)


@dataclass(frozen=True)
class Rule:
    """A rule that a server has loaded."""

    file: str
    group: str
    name: str
    query: str
    records: bool
    error: str  # of its last evaluation
    evaluated: bool = False  # by the server, without an error

    @property
    def label(self) -> str:
        """Return what it is called in messages."""
        return f"{self.group}/{self.name}"


@dataclass
class Known:
    """What a server has said of its rules: those that fail, and the expressions that do not."""

    failing: set[str] = field(default_factory=set)
    evaluated: set[str] = field(default_factory=set)

    def learn(self, rules: Iterable[Rule]) -> None:
        """Add what a server says of its rules."""
        for rule in rules:
            if rule.error:
                self.failing.add(rule.label)
            elif rule.evaluated:
                self.evaluated.add(rule.query)

    def new(self, rules: Iterable[Rule]) -> list[Rule]:
        """Return the rules of which nothing is known."""
        return [r for r in rules if r.label not in self.failing and r.query not in self.evaluated]


def groups_of(session: Session, url: str) -> list[Mapping[str, Any]]:
    """Return the loaded groups; none of an agent, which has no rules.

    Source: Prometheus HTTP API, GET /api/v1/rules.
    """
    answer = session.get(f"{url}/api/v1/rules", expected=(200, 422))
    if answer.status != 200:
        if "Prometheus Agent" in answer.text:
            return []
        raise HttpError.status_of(answer, (200,))
    found: list[Mapping[str, Any]] = answer.json(LOADED)["data"]["groups"]
    return found


def rules_below(groups: Iterable[Mapping[str, Any]], directory: str) -> list[Rule]:
    """Return the rules from files below a directory (all: an empty one)."""
    return [
        Rule(
            group["file"],
            group["name"],
            rule["name"],
            rule["query"],
            rule["type"] == "recording",
            rule.get("lastError") or "",
            rule.get("health") == "ok",
        )
        for group in groups
        if group["file"].startswith(directory)
        for rule in group["rules"]
    ]


def said_of_groups(groups: Iterable[Mapping[str, Any]], directory: str) -> dict[str, Any]:
    """Return groups by file and name, as they are before their first evaluation."""
    found: dict[str, Any] = {}
    for group in groups:
        if group["file"].startswith(directory):
            found.setdefault(group["file"], {})[group["name"]] = {
                **{field: group.get(field) for field in GROUP_FIELDS},
                "rules": [
                    {field: rule[field] for field in RULE_FIELDS if rule.get(field)}
                    for rule in group["rules"]
                ],
            }
    return found


def loaded(session: Session, url: str) -> list[Rule]:
    """Return all loaded rules."""
    return rules_below(groups_of(session, url), "")


def not_evaluable(session: Session, url: str, rules: Iterable[Rule]) -> list[str]:
    """Return the rules that the server cannot evaluate, as `group/rule: reason`.

    The server is asked for the expression itself: it evaluates a rule that was just loaded only
    after an evaluation interval.
    """
    asked = list(rules)
    queries = list(dict.fromkeys(rule.query for rule in asked))

    def refused(query: str) -> bool:
        try:
            return bool(_refusal(session, url, query))
        except HttpError:
            return True

    with ThreadPoolExecutor(WORKERS, initializer=take_none) as pool:
        again = [query for query, bad in zip(queries, pool.map(refused, queries)) if bad]
    # Those beside it took their share of the server's time, so what failed is asked alone.
    said = {**dict.fromkeys(queries, ""), **{one: _refusal(session, url, one) for one in again}}
    return [f"{rule.label}: {said[rule.query]}" for rule in asked if said[rule.query]]


def _refusal(session: Session, url: str, query: str) -> str:
    """Return why the server cannot evaluate an expression; empty if it can.

    Source: Prometheus HTTP API, POST /api/v1/query.
    """
    answer = session.request(
        "POST",
        f"{url}/api/v1/query",
        data={"query": query, "timeout": LONGEST},
        expected=(200, 400, 422, 503),
    )
    if answer.status != 200:
        return answer.json({"error?": str}).get("error") or answer.text
    kind = answer.json(RESULT)["data"]["resultType"]
    return "" if kind in ("vector", "scalar") else f"a {kind}, expected a vector or a scalar"


def never_seen(session: Session, url: str, rules: Iterable[Rule]) -> dict[str, list[str]]:
    """Return the metrics that the server has never had, and the rules that use them.

    Metrics that these rules record do not count: they depend on what those rules use.

    Source: Prometheus HTTP API, GET /api/v1/label/__name__/values.
    """
    rules = list(rules)
    recorded = {rule.name for rule in rules if rule.records}
    asked: dict[str, list[str]] = {}
    for rule in rules:
        for metric in metric_names(rule.query) - recorded - OWN:
            asked.setdefault(metric, []).append(rule.name)
    if not asked:
        return {}
    known = set(session.get_json(f"{url}/api/v1/label/__name__/values", NAMES)["data"])
    return {metric: sorted(set(names)) for metric, names in asked.items() if metric not in known}


def never_seen_warnings(
    session: Session, url: str, missing: Mapping[str, list[str]], now: float
) -> list[str]:
    """Return a warning for each metric, if the server has existed for long enough to know.

    Args:
        missing: What `never_seen` returned.
        now: Unix time.
    """
    if not missing or now - _oldest(session, url) < YOUNG:
        return []
    return [
        f"no series {metric} has ever been on {url}, so {', '.join(rules)} cannot work. "
        "Check the name, and that its exporter is deployed and scraped."
        for metric, rules in sorted(missing.items())
    ]


def _oldest(session: Session, url: str) -> float:
    """Return the Unix time of the server's oldest sample, 0 if it is not known."""
    text = session.get(f"{url}/metrics").text
    found = samples(text, "prometheus_tsdb_lowest_timestamp_seconds")
    return found[0].value if found else 0.0
