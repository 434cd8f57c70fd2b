# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out whether the queries of alert rules parse, by asking their data source's own parser.

The server accepts a rule whose query does not parse. Prometheus and servers that speak its API are
asked through Grafana; on other data sources the query is run. If one is down or does not exist yet,
another one of its type parses: that does not depend on data. What only PromQL refuses is then taken
for MetricsQL, unless the data source says what it speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ..._http.session import HttpError, excerpt
from ..client import RESULTS, Grafana, path_of
from ..problems import Problem, problem

WINDOW = 600.0  # seconds, for queries that are run
READERS = 4
SHARED = ("prometheus", "loki")  # types of which any server parses for another
MOST_ASKED = 3  # other data sources, for one that cannot be asked
PROMQL = ("Prometheus", "Cortex", "Mimir", "Thanos")  # servers that a data source may name
# What no dialect accepts: brackets and quotes that are left open.
CUT = re.compile(r"unexpected end of input|unclosed|unterminated|unexpected right", re.IGNORECASE)


@dataclass(frozen=True)
class Expression:
    """A query of a rule: `text` for Prometheus, else its model."""

    rule: str
    ref: str
    source: str
    text: str
    model: Mapping[str, Any]


@dataclass(frozen=True)
class Parsers:
    """The data sources by uid, in the form of the option.

    Args:
        wanted: As they will be.
        present: As they are on the server, without those that will be deleted.
    """

    wanted: Mapping[str, Mapping[str, Any]]
    present: Mapping[str, Mapping[str, Any]]

    def kind(self, uid: str) -> str:
        """Return the type of a data source."""
        return str((self.wanted.get(uid) or {}).get("type"))

    def others(self, uid: str) -> list[str]:
        """Return the data sources of its type that can parse for it, the likeliest first."""
        url = (self.wanted.get(uid) or {}).get("url")
        found = [u for u, s in self.present.items() if s["type"] == self.kind(uid) and u != uid]
        return sorted(found, key=lambda other: self.present[other]["url"] != url)[:MOST_ASKED]

    def speak_alike(self, uid: str, other: str) -> bool:
        """Return whether a query that `other` cannot parse is wrong for `uid`, too."""
        wanted = self.wanted.get(uid) or {}
        if wanted.get("type") != "prometheus":
            return True
        dialect = (wanted.get("json_data") or {}).get("prometheusType")
        return dialect in PROMQL or wanted.get("url") == self.present[other]["url"]


Verdict = tuple[Optional[bool], str]  # None if it is not known; the reason


def check_expressions(
    grafana: Grafana, wanted: Sequence[Expression], parsers: Parsers
) -> tuple[list[Problem], dict[str, str]]:
    """Return problems, and for each data source why not all of its queries could be parsed."""
    unique: dict[tuple[str, str], list[Expression]] = {}
    for one in wanted:
        text = one.text if parsers.kind(one.source) == "prometheus" else repr(one.model)
        unique.setdefault((one.source, text), []).append(one)
    problems: list[Problem] = []
    unsure: dict[str, str] = {}
    by_source: dict[str, list[list[Expression]]] = {}
    for same in unique.values():
        by_source.setdefault(same[0].source, []).append(same)
    for source, queries in by_source.items():
        firsts = [same[0] for same in queries]
        for same, (good, reason) in zip(queries, _judged(grafana, source, firsts, parsers)):
            if good is None:
                unsure[source] = reason
            if good is False:
                said = same[0].text or excerpt(repr(same[0].model))
                problems += [
                    problem("query_invalid", one.rule, ref=one.ref, reason=reason, query=said)
                    for one in same
                ]
    return problems, unsure


def _judged(
    grafana: Grafana, source: str, queries: Sequence[Expression], parsers: Parsers
) -> list[Verdict]:
    """Return the verdicts on the queries of one data source."""
    kind = parsers.kind(source)

    def asks(uid: str) -> Callable[[Expression], Verdict]:
        def judge(one: Expression) -> Verdict:
            if kind != "prometheus":
                return _run(grafana, one, uid)
            if not one.text.strip():
                return False, "the query is empty"
            return parses(grafana, uid, one.text)

        return judge

    verdicts: list[Verdict] = [(None, "it is not there yet")] * len(queries)
    there = (parsers.present.get(source) or {}).get("type") == kind
    others = parsers.others(source) if kind in SHARED else []
    for asked in [source, *others] if there else others:
        left = [n for n, (good, _reason) in enumerate(verdicts) if good is None]
        if not left:
            break
        told = _all(grafana, [queries[n] for n in left], asks(asked))
        for n, (good, reason) in zip(left, told):
            if good is False and not (parsers.speak_alike(source, asked) or CUT.search(reason)):
                verdicts[n] = None, f"{asked} does not parse it: {reason}"
            elif good is not None or asked == source:
                verdicts[n] = good, reason
    return verdicts


def _all(
    grafana: Grafana, queries: Sequence[Expression], judge: Callable[[Expression], Verdict]
) -> list[Verdict]:
    """Return all verdicts; if the first query gets none, the others would not either."""
    first = judge(queries[0])
    if first[0] is None:
        return [first] * len(queries)
    return [first, *grafana.side_by_side(judge, queries[1:], READERS)]


def parses(grafana: Grafana, source: str, text: str) -> Verdict:
    """Return whether a data source with Prometheus's API parses a query; None if it is not known.

    Source: Prometheus HTTP API, GET /api/v1/format_query and /api/v1/query, through Grafana
    (/api/datasources/uid/UID/resources).
    """
    base = path_of("datasources", "uid", source, "resources") + "/api/v1"
    reason = ""
    # The second one runs the query; older servers have only that.
    for path in ("format_query", "query"):
        try:
            answer = grafana.ask("GET", f"{base}/{path}", params={"query": text}, expected=None)
            body = answer.json({"status?": str, "errorType?": str, "error?": str})
        except HttpError as error:
            reason = str(error.seen)
            continue
        if answer.status == 200 and body.get("status") == "success":
            return True, ""
        if body.get("errorType") == "bad_data":
            return False, str(body.get("error"))
        if answer.status == 422 and body.get("errorType"):  # parsed, and failed when it ran
            return True, ""
        reason = f"{answer.status} {excerpt(answer.text)}"
    return None, reason


def _run(grafana: Grafana, one: Expression, source: str) -> Verdict:
    """Run a query of a data source whose parser cannot be asked alone."""
    query = {**one.model, "refId": "A", "datasource": {"uid": source}}
    body = {"from": f"now-{int(WINDOW)}s", "to": "now", "queries": [query]}
    try:
        answer = grafana.ask("POST", "/api/ds/query", body, expected=None, only_reads=True)
        results = answer.json(RESULTS).get("results") or {}
    except HttpError as error:
        return None, str(error.seen)
    error_text = str((results.get("A") or {}).get("error") or "")
    if "parse error" in error_text or "bad_data" in error_text or "syntax error" in error_text:
        return False, error_text
    if answer.status in (200, 207) and not error_text:
        return True, ""
    return None, error_text or f"{answer.status} {excerpt(answer.text)}"
