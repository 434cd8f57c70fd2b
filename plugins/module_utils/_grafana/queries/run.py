# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run queries of panels through Grafana's own query endpoint, many in one request.

One bad query turns the whole answer into a 400 (9.3), or into an error beside the others (later).
The good ones are never lost with it: their results are taken, and the rest is asked again. So are
those that share a request with one that takes too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._http.session import HttpError, excerpt
from ..client import RESULTS, Grafana, columns_of
from .parse import parses

TOGETHER = 20  # queries in one request
EXPRESSIONS = ("__expr__", "-100")
Key = tuple[str, int]  # panel, number of the query in its dashboard
# Grafana's server has no part of the data source's plugin: the browser asks it.
IN_BROWSER = "plugin.unavailable"


@dataclass(frozen=True)
class Query:
    """A query of a panel, with variables filled in; `panel` is `dashboard uid/panel title`.

    Neither panels' titles nor refIds need differ, so `number` does, within a dashboard.
    """

    panel: str
    ref: str
    source: str
    text: str
    body: Mapping[str, Any]
    number: int = 0

    @property
    def key(self) -> Key:
        """Return what tells it apart from all others."""
        return self.panel, self.number


@dataclass(frozen=True)
class Outcome:
    """The result of a query: an outcome of the check `panel`, and what the server said."""

    code: str
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether the query was answered without data."""
        return self.code in ("empty", "no_number")


def run(grafana: Grafana, panels: Iterable[Sequence[Query]], window: float) -> dict[Key, Outcome]:
    """Run the queries of many panels, and return the outcomes by the queries' keys.

    Source: Grafana HTTP API, POST /api/ds/query.

    Args:
        window: Seconds of the past that are queried.
    """
    alone: list[list[Query]] = []
    shared: dict[str, list[Query]] = {}
    for queries in panels:
        if any(query.source in EXPRESSIONS for query in queries):
            alone.append(list(queries))  # expressions refer to the others by their refIds
        else:
            for query in queries:
                shared.setdefault(query.source, []).append(query)
    batches = [
        queries[start : start + TOGETHER]
        for queries in shared.values()
        for start in range(0, len(queries), TOGETHER)
    ]
    outcomes: dict[Key, Outcome] = {}
    for found in grafana.side_by_side(lambda batch: _ask(grafana, batch, window, True), batches):
        outcomes |= found
    lost = [query for batch in batches if len(batch) > 1 for query in batch]
    alone += [[query] for query in lost if outcomes[query.key].code == "unasked"]
    for found in grafana.side_by_side(lambda batch: _ask(grafana, batch, window, False), alone):
        outcomes |= found
    return outcomes


def _ask(
    grafana: Grafana, batch: Sequence[Query], window: float, rename: bool
) -> dict[Key, Outcome]:
    names = {f"Q{n}" if rename else query.ref: query for n, query in enumerate(batch)}
    queries = [{**query.body, "refId": name} for name, query in names.items()]
    body = {"from": f"now-{round(window)}s", "to": "now", "queries": queries}
    try:
        answer = grafana.ask("POST", "/api/ds/query", body, expected=None, only_reads=True)
        content = answer.json(RESULTS)
    except HttpError as error:
        return {q.key: Outcome("unasked", error.seen) for q in batch}
    results = content.get("results")
    outcomes: dict[Key, Outcome] = {}
    for name, query in names.items():
        if results and name in results:
            outcomes[query.key] = _outcome(grafana, query, results[name])
    left = [query for query in batch if query.key not in outcomes]
    if answer.status in (200, 207):
        return {
            **{q.key: Outcome("unanswered") for q in left},
            **outcomes,
        }
    if content.get("messageId") == IN_BROWSER:
        return {**{q.key: Outcome("browser") for q in left}, **outcomes}
    reason = f"{answer.status} {excerpt(answer.text)}"
    if len(left) == 1 or not rename:
        return {**{q.key: Outcome("failed", reason) for q in left}, **outcomes}
    # Not all have results: ask without the bad ones, or, if none is named, by halves.
    parts = [left] if len(left) < len(batch) else [left[: len(left) // 2], left[len(left) // 2 :]]
    for part in parts:
        if part:
            outcomes |= _ask(grafana, part, window, rename)
    return outcomes


def _outcome(grafana: Grafana, query: Query, result: Mapping[str, Any]) -> Outcome:
    if result.get("error"):
        return Outcome("failed", str(result["error"]))
    frames = result.get("frames") or []
    columns = [
        values
        for frame in frames
        for field, values in columns_of(frame)
        if field.get("type") != "time"
    ]
    if any(value is not None for values in columns for value in values):
        return Outcome("ok")
    if any(columns):
        return Outcome("no_number")
    if query.body.get("expr") and (query.body["datasource"] or {}).get("type") == "prometheus":
        # Some versions answer a query that does not parse as if there were no data.
        good, reason = parses(grafana, query.source, query.text)
        if good is False:
            return Outcome("invalid", reason)
    return Outcome("empty")
