# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill in the variables of dashboards, as the browser does before it asks."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from ..objects.dashboard_files import variables_of

# $name, ${name}, ${name:format}, ${name.field}, [[name]], [[name:format]]
PATTERN = re.compile(r"\$(\w+)|\$\{(\w+)(?:\.[^:}]*)?(?::([^}]+))?\}|\[\[(\w+)(?::([^\]]+))?\]\]")
ALL = "$__all"
POINTS = 100  # of each query


def globals_of(window: float, scrape_interval: float) -> dict[str, Any]:
    """Return Grafana's own variables for a window and a scrape interval, both in seconds."""
    interval = max(window / POINTS, scrape_interval)
    rate = max(interval + scrape_interval, 4 * scrape_interval)
    now = time.time()
    return {
        "__interval": f"{max(1, round(interval))}s",
        "__interval_ms": str(max(1, round(interval)) * 1000),
        "__rate_interval": f"{max(1, round(rate))}s",
        "__rate_interval_ms": str(max(1, round(rate)) * 1000),
        "__range": f"{round(window)}s",
        "__range_s": str(round(window)),
        "__range_ms": str(round(window) * 1000),
        "__from": str(round((now - window) * 1000)),
        "__to": str(round(now * 1000)),
        "__auto": f"{max(1, round(interval))}s",
        "timeFilter": "",
    }


def values_of(
    content: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the current values of a dashboard's variables; "all" becomes a pattern for any."""
    found: dict[str, Any] = {}
    for variable in variables_of(content):
        name, kind = str(variable.get("name")), variable.get("type")
        current = (variable.get("current") or {}).get("value")
        if kind == "datasource":
            found[name] = _source(str(variable.get("query")), current, sources)
        elif kind == "constant":
            found[name] = str(variable.get("query") or "")
        elif current in (ALL, [ALL]):
            found[name] = variable.get("allValue") or _all_of(variable)
        elif current not in (None, "", []):
            found[name] = current
        elif kind == "textbox":
            found[name] = str(variable.get("query") or "")
        elif kind in ("custom", "interval"):
            first = str(variable.get("query") or "").partition(",")[0]
            found[name] = first.split(" : ")[-1].strip()
        else:
            found[name] = variable.get("allValue") or ".*"
    return found


def _all_of(variable: Mapping[str, Any]) -> Any:
    """Return all values of a variable: those that it lists, else a pattern for any."""
    if variable.get("type") == "custom":
        parts = str(variable.get("query") or "").split(",")
        return [part.split(" : ")[-1].strip() for part in parts if part.strip()]
    return ".*"


def _source(kind: str, current: Any, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the uid that a variable for a data source stands for."""
    if isinstance(current, list):
        current = current[0] if current else ""
    for uid, source in sources.items():
        if current and current in (uid, source["name"]):
            return uid
    fitting = [uid for uid, source in sources.items() if source["type"] == kind]
    return next((u for u in fitting if sources[u]["is_default"]), next(iter(fitting), ""))


def _written(value: Any, form: str | None) -> str:
    if not isinstance(value, list):
        return str(value)
    if len(value) == 1:
        return str(value[0])
    texts = [str(item) for item in value]
    if form in ("csv", "raw"):
        return ",".join(texts)
    if form == "pipe":
        return "|".join(texts)
    return "(" + "|".join(texts) + ")"


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """Return `value` with the variables in all its texts replaced; unknown ones stay."""
    if isinstance(value, str):
        return PATTERN.sub(lambda found: _replacement(found, values), value)
    if isinstance(value, list):
        return [filled(item, values) for item in value]
    if isinstance(value, Mapping):
        return {key: filled(item, values) for key, item in value.items()}
    return value


def _replacement(found: re.Match[str], values: Mapping[str, Any]) -> str:
    name = found[1] or found[2] or found[4]
    return _written(values[name], found[3] or found[5]) if name in values else found[0]
