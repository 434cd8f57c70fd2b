# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries of panels, run through Grafana's own query endpoint, many in one request.

One bad query makes the whole answer a 400 (9.3), or an error beside the others (later). The good
ones are never lost with it: what the answer tells of them is taken, the rest is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._http.session import HttpError, excerpt
from ..client import Grafana
from ..objects.dashboard_files import Dashboard, panels_of
from .parse import parses
from .variables import POINTS, filled, globals_of, values_of

TOGETHER = 20  # queries in one request
NOT_ASKED = ("-- Grafana --", "grafana", "-- Dashboard --", "datasource")
EXPRESSIONS = ("__expr__", "-100")
Key = tuple[str, str]  # panel, refId


@dataclass(frozen=True)
class Query:
    """One query of a panel, variables filled in. C(panel): dashboard's uid/panel's title."""

    panel: str
    ref: str
    source: str
    text: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of it: C(state) is data, empty or error."""

    state: str
    reason: str = ""


def queries_of(
    dashboard: Dashboard, sources: Mapping[str, Mapping[str, Any]], window: float
) -> tuple[list[list[Query]], list[str]]:
    """The queries of each panel that has some, and panels whose queries are kept elsewhere."""
    values = values_of(dashboard.content, sources)
    default = next((uid for uid, source in sources.items() if source["is_default"]), "")
    found: list[list[Query]] = []
    elsewhere: list[str] = []
    for panel in panels_of(dashboard.content):
        name = f"{dashboard.uid}/{panel.get('title') or panel.get('id')}"
        if panel.get("libraryPanel"):
            elsewhere.append(name)
        targets = [t for t in panel.get("targets") or [] if isinstance(t, dict)]
        queries = [
            query
            for target in targets
            if (query := _query(name, panel, target, values, sources, default, window))
        ]
        shown = any(t.get("refId") == q.ref and not t.get("hide") for t in targets for q in queries)
        if shown:
            found.append(queries)
    return found, elsewhere


def _query(
    name: str,
    panel: Mapping[str, Any],
    target: Mapping[str, Any],
    values: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, Any]],
    default: str,
    window: float,
) -> Query | None:
    uid = _uid(filled(target.get("datasource"), values), sources)
    uid = uid or _uid(filled(panel.get("datasource"), values), sources) or default
    if uid in NOT_ASKED or uid == "-- Mixed --":
        return None
    source = sources.get(uid, {"type": "", "json_data": {}})
    interval = _seconds((source.get("json_data") or {}).get("timeInterval"))
    body = filled(target, {**globals_of(window, interval), **values})
    step = max(window / POINTS, interval)
    body |= {
        "datasource": {"uid": uid, "type": source["type"] or "__expr__"},
        "intervalMs": round(step * 1000),
        "maxDataPoints": POINTS,
    }
    ref = str(target.get("refId") or "A")
    if source["type"] == "prometheus" and not (body.get("instant") or body.get("range")):
        body["range"] = True
    text = str(body.get("expr") or body.get("expression") or body.get("query") or "")
    return Query(name, ref, uid, text, body)


def _uid(reference: Any, sources: Mapping[str, Mapping[str, Any]]) -> str:
    if isinstance(reference, Mapping):
        return str(reference.get("uid") or "")
    if not reference or reference == "default":
        return ""
    named = (uid for uid, source in sources.items() if source["name"] == reference)
    return next(named, str(reference))


def _seconds(interval: Any) -> float:
    text = str(interval or "15s")
    units = {"s": 1, "m": 60, "h": 3600}
    return float(text[:-1]) * units[text[-1]] if text[:-1].isdigit() and text[-1] in units else 15.0


def run(grafana: Grafana, panels: Iterable[Sequence[Query]], window: float) -> dict[Key, Outcome]:
    """Run the queries of many panels; outcomes by panel and refId."""
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
        content = answer.json()
    except HttpError as error:
        return {(q.panel, q.ref): Outcome("error", error.seen) for q in batch}
    results = content.get("results") if isinstance(content, Mapping) else None
    outcomes: dict[Key, Outcome] = {}
    for name, query in names.items():
        if results and name in results:
            outcomes[(query.panel, query.ref)] = _outcome(grafana, query, results[name])
    left = [query for query in batch if (query.panel, query.ref) not in outcomes]
    if answer.status in (200, 207):
        return {
            **{(q.panel, q.ref): Outcome("empty", "not in the answer") for q in left},
            **outcomes,
        }
    reason = f"{answer.status} {excerpt(answer.text)}"
    if len(left) == 1 or not rename:
        return {**{(q.panel, q.ref): Outcome("error", reason) for q in left}, **outcomes}
    # Not all are told of: without the bad ones, or, where none is named, by halves.
    parts = [left] if len(left) < len(batch) else [left[: len(left) // 2], left[len(left) // 2 :]]
    for part in parts:
        if part:
            outcomes |= _ask(grafana, part, window, rename)
    return outcomes


def _outcome(grafana: Grafana, query: Query, result: Mapping[str, Any]) -> Outcome:
    if result.get("error"):
        return Outcome("error", str(result["error"]))
    frames = result.get("frames") or []
    columns = [
        values
        for frame in frames
        for field, values in zip(
            (frame.get("schema") or {}).get("fields") or [],
            (frame.get("data") or {}).get("values") or [],
        )
        if field.get("type") != "time"
    ]
    if any(value is not None for values in columns for value in values):
        return Outcome("data")
    if any(columns):
        return Outcome("empty", "only values that are not numbers (NaN)")
    if query.body.get("expr") and (query.body["datasource"] or {}).get("type") == "prometheus":
        # Some versions answer a query that does not parse as if there were no data.
        good, reason = parses(grafana, query.source, query.text)
        if good is False:
            return Outcome("error", f"does not parse: {reason}")
    return Outcome("empty", "no series match in the window")
