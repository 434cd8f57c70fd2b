# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that the query of a dashboard's variable finds, asked as the browser asks."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from ..._http.session import HttpError
from ..client import Grafana, path_of
from .patterns import fitting
from .sources import language_of, source_of
from .variables import filled, valueless

LABEL_VALUES = re.compile(r"\s*label_values\(\s*(?:(.+),)?\s*([a-zA-Z_]\w*)\s*\)\s*", re.DOTALL)
METRICS = re.compile(r"\s*metrics\((.*)\)\s*", re.DOTALL)
FOUND = {"data": [str]}


class Offered:
    """Asks Prometheus through Grafana; what it cannot ask is not known.

    Args:
        sources: The data sources by uid, in the form of the option.
        names: Those of the dashboard's variables.
        window: Seconds of the past that are queried.
    """

    def __init__(
        self,
        grafana: Grafana,
        sources: Mapping[str, Mapping[str, Any]],
        names: set[str],
        window: float,
    ) -> None:
        self._grafana, self._sources = grafana, sources
        self._names, self._window = names, window

    def __call__(self, variable: Mapping[str, Any], values: Mapping[str, Any]) -> list[str] | None:
        """Return what a variable's query finds; None if that is not known.

        Source: Prometheus HTTP API, GET /api/v1/label/LABEL/values, through Grafana.

        Args:
            values: The values of the other variables.
        """
        uid = source_of(filled(variable.get("datasource"), values), self._sources)
        if language_of((self._sources.get(uid) or {}).get("type") or "") != "prometheus":
            return None
        query = variable.get("query")
        text = query.get("query") if isinstance(query, Mapping) else query
        if not isinstance(text, str):
            return None
        if valueless({"expr": text}, values, "prometheus", self._names):
            return None
        text = filled(text, values)
        by_label, by_name = LABEL_VALUES.fullmatch(text), METRICS.fullmatch(text)
        try:
            if by_label:
                return fitting(self._values(uid, by_label[2], by_label[1]), variable.get("regex"))
            if by_name:
                pattern = re.compile(by_name[1].strip())
                names = [
                    name for name in self._values(uid, "__name__", None) if pattern.search(name)
                ]
                return fitting(names, variable.get("regex"))
        except (HttpError, re.error):
            pass
        return None

    def _values(self, uid: str, label: str, selector: str | None) -> list[str]:
        now = time.time()
        params = {"start": str(round(now - self._window)), "end": str(round(now))}
        if selector and selector.strip():
            params["match[]"] = selector.strip()
        path = path_of("datasources", "uid", uid, "resources") + f"/api/v1/label/{label}/values"
        found: list[str] = self._grafana.get(path, FOUND, params=params)["data"]
        return found
