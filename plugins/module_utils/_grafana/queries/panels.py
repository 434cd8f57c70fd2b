# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries of a dashboard's panels, with the variables filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..objects.dashboard_files import Dashboard, panels_of
from .run import Query
from .variables import POINTS, filled, globals_of, values_of

NOT_ASKED = ("-- Grafana --", "grafana", "-- Dashboard --", "datasource", "-- Mixed --")


def queries_of(
    dashboard: Dashboard, sources: Mapping[str, Mapping[str, Any]], window: float
) -> tuple[list[list[Query]], list[str]]:
    """Return the queries of each panel, and the library panels, whose queries are elsewhere.

    Args:
        sources: The data sources by uid, in the form of the option.
        window: Seconds of the past that are queried.
    """
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
    if uid in NOT_ASKED:
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
    return (
        float(text[:-1]) * units[text[-1]] if text[:-1].isdecimal() and text[-1] in units else 15.0
    )
