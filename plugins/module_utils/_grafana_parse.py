# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the queries of alert rules parse, as their data source's own parser says.

The server takes a rule whose query does not parse. Prometheus and what speaks its API are asked
through Grafana; of other data sources the query is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._grafana_api import (
    Grafana,
    path_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_plan import Plan
from ansible_collections.vya.observability.plugins.module_utils._grafana_rule import EXPRESSIONS
from ansible_collections.vya.observability.plugins.module_utils._grafana_variables import (
    filled,
    globals_of,
)
from ansible_collections.vya.observability.plugins.module_utils._http import HttpError, excerpt

WINDOW = 600.0  # seconds, for queries that are run
READERS = 4


@dataclass(frozen=True)
class Expression:
    """A query of a rule: C(text) for Prometheus, else its model."""

    rule: str
    ref: str
    source: str
    text: str
    model: Mapping[str, Any]


def new_expressions(plan: Plan, groups: Iterable[Mapping[str, Any]]) -> list[Expression]:
    """The queries of the rules that will be written because they differ."""
    fresh = {c.key for c in plan.changes if c.kind == "rules" and c.action != "deleted"}
    values = globals_of(WINDOW, 15.0)
    return [
        Expression(
            f"rule {rule.get('title')!r}",
            str(query.get("refId")),
            str(query.get("datasourceUid")),
            str(filled(query["model"].get("expr") or "", values)),
            query["model"],
        )
        for group in groups
        for rule in group["rules"]
        if str(rule.get("uid")) in fresh and isinstance(rule.get("data"), list)
        for query in rule["data"]
        if isinstance(query, dict)
        and isinstance(query.get("model"), dict)
        and query.get("datasourceUid") not in EXPRESSIONS
    ]


def check_expressions(
    grafana: Grafana, wanted: Sequence[Expression], types: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Problems, and warnings where the data source cannot be asked."""
    unique: dict[tuple[str, str], list[Expression]] = {}
    for one in wanted:
        text = one.text if types.get(one.source) == "prometheus" else repr(one.model)
        unique.setdefault((one.source, text), []).append(one)

    def judge(same: list[Expression]) -> tuple[bool | None, str]:
        one = same[0]
        if types.get(one.source) != "prometheus":
            return _run(grafana, one)
        if not one.text.strip():
            return False, "the query is empty"
        return parses(grafana, one.source, one.text)

    problems: list[str] = []
    unsure: dict[str, str] = {}
    by_source: dict[str, list[list[Expression]]] = {}
    for same in unique.values():
        by_source.setdefault(same[0].source, []).append(same)
    for source, queries in by_source.items():
        first = judge(queries[0])
        if first[0] is None:  # nor would the others be answered
            unsure[source] = first[1]
            continue
        judged = [first, *grafana.side_by_side(judge, queries[1:], READERS)]
        for same, (good, reason) in zip(queries, judged):
            if good is None:
                unsure[source] = reason
            problems += [
                f"{one.rule}: query {one.ref} does not parse: {reason}: "
                f"{one.text or excerpt(repr(one.model))}"
                for one in same
                if good is False
            ]
    warnings = [
        f"queries of data source {source} could not be parsed beforehand: {reason}"
        for source, reason in sorted(unsure.items())
    ]
    return problems, warnings


def parses(grafana: Grafana, source: str, text: str) -> tuple[bool | None, str]:
    """Whether a Prometheus (or what speaks its API) parses a query; None: it cannot be asked."""
    base = path_of("datasources", "uid", source, "resources") + "/api/v1"
    reason = ""
    # The second one runs the query; older servers have only that.
    for path in ("format_query", "query"):
        try:
            answer = grafana.ask("GET", f"{base}/{path}", params={"query": text}, expected=None)
            body = answer.json()
        except HttpError as error:
            reason = error.seen
            continue
        if answer.status == 200 and body.get("status") == "success":
            return True, ""
        if body.get("errorType") == "bad_data":
            return False, str(body.get("error"))
        if answer.status == 422 and body.get("errorType"):  # parsed, and failed when it ran
            return True, ""
        reason = f"{answer.status} {excerpt(answer.text)}"
    return None, reason


def _run(grafana: Grafana, one: Expression) -> tuple[bool | None, str]:
    """Run a query of a data source whose parser cannot be asked alone."""
    query = {**one.model, "refId": "A", "datasource": {"uid": one.source}}
    body = {"from": f"now-{int(WINDOW)}s", "to": "now", "queries": [query]}
    try:
        answer = grafana.ask("POST", "/api/ds/query", body, expected=None, only_reads=True)
        results = answer.json().get("results") or {}
    except HttpError as error:
        return None, error.seen
    error_text = str((results.get("A") or {}).get("error") or "")
    if "parse error" in error_text or "bad_data" in error_text or "syntax error" in error_text:
        return False, error_text
    if answer.status in (200, 207) and not error_text:
        return True, ""
    return None, error_text or f"{answer.status} {excerpt(answer.text)}"
