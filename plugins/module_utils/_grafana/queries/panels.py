# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries of a dashboard's panels, with the variables filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..client import Grafana
from ..objects.dashboard_files import WITHOUT_DATA, Dashboard, panels_of, variables_of
from ..options import seconds_of
from .offered import Offered
from .run import Query
from .sources import language_of, source_of
from .variables import POINTS, filled, globals_of, valueless, values_of

NOT_ASKED = ("-- Grafana --", "grafana", "-- Dashboard --", "datasource", "-- Mixed --")
EXPRESSION = "__expr__"
TEXTUAL = ("prometheus", "loki")  # types whose queries without a text are not sent


@dataclass
class Panels:
    """The panels of a dashboard that show something.

    Attributes:
        queries: Those of each panel.
        library: Library panels, whose queries are elsewhere.
        valueless: Panels that use variables without a value, and these.
        sourceless: Panels whose data source is a variable that stands for none, and this.
    """

    queries: list[list[Query]] = field(default_factory=list)
    library: list[str] = field(default_factory=list)
    valueless: dict[str, list[str]] = field(default_factory=dict)
    sourceless: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads the panels of one dashboard.

    Args:
        sources: The data sources by uid, in the form of the option.
        window: Seconds of the past that are queried.
        grafana: The server, which is asked for the values of variables.
    """

    def __init__(
        self,
        dashboard: Dashboard,
        sources: Mapping[str, Mapping[str, Any]],
        window: float,
        grafana: Grafana,
    ) -> None:
        self._dashboard, self._sources, self._window = dashboard, sources, window
        self._count = 0
        self._names = {str(variable.get("name")) for variable in variables_of(dashboard.content)}
        ask = Offered(grafana, sources, self._names, window)
        self._values = values_of(dashboard.content, sources, window, ask)
        self._values.setdefault("__dashboard", dashboard.title)
        self._default = next((uid for uid, source in sources.items() if source["is_default"]), "")

    def read(self) -> Panels:
        """Return the panels."""
        found = Panels()
        for panel in panels_of(self._dashboard.content):
            name = f"{self._dashboard.uid}/{panel.get('title') or panel.get('id')}"
            if panel.get("libraryPanel"):
                found.library.append(name)
                continue
            if panel.get("type") in WITHOUT_DATA:
                continue
            left: set[str] = set()
            queries = []
            asked = self._asked(panel)
            nowhere = [one for one in (self._nowhere(panel, target) for target in asked) if one]
            if nowhere:
                found.sourceless[name] = nowhere[0]
                continue
            for target in asked:
                query = self._query(name, panel, target, left)
                if query:
                    queries.append((query, bool(target.get("hide"))))
            if left:
                found.valueless[name] = sorted(left)
            elif any(not hidden for _query, hidden in queries):
                found.queries.append([query for query, _hidden in queries])
        return found

    def _asked(self, panel: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the targets that are asked: hidden ones only if expressions may use them."""
        targets = [t for t in panel.get("targets") or [] if isinstance(t, dict)]
        computes = any(_computes(target) for target in targets)
        return [target for target in targets if computes or not target.get("hide")]

    def _nowhere(self, panel: Mapping[str, Any], target: Mapping[str, Any]) -> str:
        """Return the variable that a target's data source is, if no data source fits it."""
        place = target.get("datasource") or panel.get("datasource")
        named = str((place.get("uid") if isinstance(place, Mapping) else place) or "")
        return "" if self._filled(named) else named

    def _query(
        self, name: str, panel: Mapping[str, Any], target: Mapping[str, Any], left: set[str]
    ) -> Query | None:
        """Return the query; None if there is nothing to ask.

        Args:
            left: Receives the variables that have no value.
        """
        asked, above = target.get("datasource"), panel.get("datasource")
        uid = EXPRESSION if _computes(target) else source_of(self._filled(asked), self._sources)
        if not asked or not uid:
            uid = source_of(self._filled(above), self._sources) or self._default
        if uid in NOT_ASKED:
            return None
        source = self._sources.get(uid) or {"type": "", "json_data": {}}
        kind = language_of(source["type"])
        if kind in TEXTUAL and not str(target.get("expr") or "").strip():
            return None
        place = target.get("datasource") or panel.get("datasource")
        left |= {*valueless(place, self._values, "", self._names)}
        left |= {*valueless(target, self._values, kind, self._names)}
        interval = seconds_of((source.get("json_data") or {}).get("timeInterval") or "15s") or 15.0
        body = filled(target, {**globals_of(self._window, interval), **self._values}, kind)
        step = max(self._window / POINTS, interval)
        body |= {
            "datasource": {"uid": uid, "type": source["type"] or EXPRESSION},
            "intervalMs": round(step * 1000),
            "maxDataPoints": POINTS,
        }
        ref = str(target.get("refId") or "A")
        if kind == "prometheus" and not (body.get("instant") or body.get("range")):
            body["range"] = True
        text = str(body.get("expr") or body.get("expression") or body.get("query") or "")
        self._count += 1
        return Query(name, ref, uid, text, body, self._count)

    def _filled(self, reference: Any) -> Any:
        return filled(reference, self._values)


def _computes(target: Mapping[str, Any]) -> bool:
    """Return whether a target is an expression of others."""
    place = target.get("datasource")
    named = place.values() if isinstance(place, Mapping) else [place]
    return not {EXPRESSION, "Expression", "-100"}.isdisjoint(str(one) for one in named)
