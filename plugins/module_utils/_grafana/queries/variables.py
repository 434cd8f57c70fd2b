# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill in the variables of dashboards, as the browser does before it asks.

A variable whose value only the browser can find out has none here: what uses it is not judged.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timezone
from typing import Any, Optional
from urllib.parse import quote

from ..objects.dashboard_files import variables_of
from ..options import seconds_of
from .patterns import pattern_of
from .sources import fits

# $name, ${name}, ${name:format}, ${name.field}, [[name]], [[name:format]]
PATTERN = re.compile(
    r"\$(\w+)|\$\{(\w+)(?:\.[^:}]*)?(?::([^}]+))?\}|\[\[(\w+)(?::([^\]]+))?\]\]", re.ASCII
)
ALL = "$__all"
# Variables of Grafana itself whose values only the browser knows.
BROWSER = frozenset(
    {"__user", "__org", "__timezone", "__url_time_range", "__all_variables", "__searchFilter"}
)
BUILT_IN = ("grafana", "datasource")  # types whose data source each server has
POINTS = 100  # of each query
AUTO = "__auto"
PROMQL = re.compile(r"[$^*{}\[\]'+?.()|]")
SQL = ("mysql", "postgres", "mssql", "sql", "clickhouse")  # in the names of types
# Where a pattern for anything may stand: in a quoted text after the operator =~.
MATCHED = re.compile(r"=~\s*(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)")
DATES = {"": "%Y-%m-%dT%H:%M:%S.000Z", "iso": "%Y-%m-%dT%H:%M:%S.000Z"}


Values = list[str]
Ask = Callable[[Mapping[str, Any], Mapping[str, Any]], Optional[Values]]


class Anything(str):
    """A pattern that stands for all values of a variable."""


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
        AUTO: f"{max(1, round(interval))}s",
        "timeFilter": "",
    }


def values_of(
    content: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, Any]],
    window: float = 600.0,
    ask: Ask | None = None,
) -> dict[str, Any]:
    """Return the current values of a dashboard's variables; "all" becomes a pattern for any.

    One that was saved without a value has the first one that it lists, or that its query finds.

    Args:
        window: Seconds of the past that are queried.
        ask: Returns what a variable's query finds, from the variable and the values of the others;
            None if that is not known.
    """
    found: dict[str, Any] = {}
    for each in variables_of(content):
        name, kind = str(each.get("name")), each.get("type")
        if kind == "interval":
            found[f"{AUTO}_interval_{name}"] = _automatic(each, window)
        known = {**globals_of(window, 15.0), **found}
        variable = {**each, "regex": filled(each.get("regex"), known)}
        value = _value_of(variable, sources)
        if kind == "query" and ask and not isinstance(value, Anything):
            value = _offered(value, ask(variable, known))
        if kind == "interval" and value == f"${AUTO}":
            value = f"${AUTO}_interval_{name}"
        if value is None:
            continue
        anything = isinstance(value, Anything)
        value = Anything(filled(str(value), known)) if anything else filled(value, known)
        many = variable.get("multi") or variable.get("includeAll")
        plain = isinstance(value, Anything) or kind == "datasource"
        found[name] = [value] if many and not plain and not isinstance(value, list) else value
    return found


def _value_of(variable: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return a variable's value as it is stored; None if it has none."""
    kind, query = variable.get("type"), variable.get("query")
    stored = variable.get("current")
    current = stored.get("value") if isinstance(stored, Mapping) else None
    if kind == "datasource" and names_in(str(variable.get("regex") or "")):
        return current or None  # which ones it offers is not known
    if kind == "datasource":
        return _source(str(query), current, _named(variable, sources))
    if kind == "constant":
        return str(query or "")
    if current in (ALL, [ALL]):
        return _all_of(variable)
    if current not in (None, "", []):
        return current
    if kind == "textbox":
        return str(query or "")
    options = [o for o in variable.get("options") or [] if isinstance(o, Mapping)]
    options = sorted(options, key=lambda option: not option.get("selected"))
    if options and options[0].get("value") not in (None, ""):
        first = options[0]["value"]
        return _all_of(variable) if first in (ALL, [ALL]) else first
    if kind in ("custom", "interval"):
        listed = _listed(variable)
        return listed[0] if listed else ""
    if kind == "query" and variable.get("includeAll"):
        return _all_of(variable)
    return Anything(variable["allValue"]) if variable.get("allValue") else None


def _offered(value: Any, offered: Values | None) -> Any:
    """Return the value that Grafana selects of those that a query finds."""
    if not offered:
        return value
    if isinstance(value, list):
        return [one for one in value if str(one) in offered] or [offered[0]]
    return value if value is not None and str(value) in offered else offered[0]


def _listed(variable: Mapping[str, Any]) -> list[str]:
    """Return the values in the text of a variable, which quotes a comma by a backslash."""
    parts = re.split(r"(?<!\\),", str(variable.get("query") or ""))
    texts = [part.replace("\\,", ",").split(" : ")[-1].strip() for part in parts]
    return [text for text in texts if text]


def _all_of(variable: Mapping[str, Any]) -> Any:
    """Return all values of a variable: those that it lists, else a pattern for any."""
    if variable.get("allValue"):
        return Anything(variable["allValue"])
    return _listed(variable) if variable.get("type") == "custom" else Anything(".*")


def _automatic(variable: Mapping[str, Any], window: float) -> str:
    """Return the interval that a variable's "auto" stands for."""
    told = str(variable.get("auto_count"))
    count = int(told) if told.isdecimal() and int(told) else 30
    least = seconds_of(variable.get("auto_min") or "10s") or 10.0
    return f"{max(1, round(max(window / count, least)))}s"


def _named(
    variable: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Mapping[str, Any]]:
    """Return the data sources that a variable may stand for, by their names."""
    try:
        pattern = pattern_of(variable.get("regex"))
    except re.error:  # JavaScript's are not all Python's
        return sources

    def offered(source: Mapping[str, Any]) -> bool:
        names = [source["name"], *(["default"] if source["is_default"] else [])]
        return not pattern or any(pattern.search(name) for name in names)

    return {uid: one for uid, one in sources.items() if offered(one)}


def _source(kind: str, current: Any, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the uid that a variable for a data source stands for."""
    if isinstance(current, list):
        current = current[0] if current else ""
    for uid, source in sources.items():
        if current and current in (uid, source["name"]):
            return uid
    if kind in BUILT_IN:
        return kind
    fitting = [uid for uid, source in sources.items() if fits(source["type"], kind)]
    return next((u for u in fitting if sources[u]["is_default"]), next(iter(fitting), ""))


def _written(value: Any, form: str | None, kind: str, name: str) -> str:
    if isinstance(value, Anything):
        return ".+" if kind == "loki" and value == ".*" else str(value)
    if name in ("__from", "__to"):
        return _time(int(value), form)
    if form is None and isinstance(value, list):
        return _as_default(value, kind)
    texts = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    return _formatted(texts, form) if form else texts[0]


def _as_default(values: list[Any], kind: str) -> str:
    """Return several values as the data source's own plugin writes them."""
    texts = [str(value) for value in values]
    if any(word in kind for word in SQL):
        return _formatted(texts, "sqlstring")
    if kind in ("prometheus", "loki"):
        texts = [PROMQL.sub(r"\\\\\g<0>", text.replace("\\", "\\\\\\\\")) for text in texts]
    return texts[0] if len(texts) == 1 else f"({'|'.join(texts)})"


def _formatted(texts: list[str], form: str) -> str:
    if form == "json":
        return json.dumps(texts if len(texts) > 1 else texts[0])
    quotes = {"doublequote": '"', "singlequote": "'", "sqlstring": "'"}
    if form in quotes:
        quote_ = quotes[form]
        escaped = quote_ * 2 if form == "sqlstring" else f"\\{quote_}"
        return ",".join(f"{quote_}{text.replace(quote_, escaped)}{quote_}" for text in texts)
    if form in ("percentencode", "uriencode"):
        return quote(texts[0] if len(texts) == 1 else f"{{{','.join(texts)}}}", safe="")
    if form == "regex":
        texts = [re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", text) for text in texts]
    if form in ("csv", "raw", "pipe"):
        return ("|" if form == "pipe" else ",").join(texts)
    if len(texts) == 1:
        return texts[0]
    if form in ("glob", "lucene"):
        words = texts if form == "glob" else [f'"{text}"' for text in texts]
        return f"{{{','.join(words)}}}" if form == "glob" else f"({' OR '.join(words)})"
    return f"({'|'.join(texts)})" if form == "regex" else " + ".join(texts)


def _time(milliseconds: int, form: str | None) -> str:
    """Return a moment in one of Grafana's formats for `__from` and `__to`."""
    if form is None or not form.startswith("date"):
        return str(milliseconds)
    pattern = form.partition(":")[2]
    if pattern == "seconds":
        return str(milliseconds // 1000)
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    if pattern in DATES:
        return moment.strftime(DATES[pattern])
    for word, code in (("YYYY", "%Y"), ("MM", "%m"), ("DD", "%d"), ("HH", "%H"), ("mm", "%M")):
        pattern = pattern.replace(word, moment.strftime(code))
    return pattern.replace("ss", moment.strftime("%S"))


def filled(value: Any, values: Mapping[str, Any], kind: str = "prometheus") -> Any:
    """Return `value` with the variables in all its texts replaced; unknown ones stay.

    Args:
        kind: The type of the data source, which decides how several values are written.
    """
    if isinstance(value, str):
        return PATTERN.sub(lambda found: _replacement(found, values, kind), value)
    if isinstance(value, list):
        return [filled(item, values, kind) for item in value]
    if isinstance(value, Mapping):
        return {key: filled(item, values, kind) for key, item in value.items()}
    return value


def _replacement(found: re.Match[str], values: Mapping[str, Any], kind: str) -> str:
    name = found[1] or found[2] or found[4]
    if name not in values:
        return found[0]
    return _written(values[name], found[3] or found[5], kind, name)


def names_in(value: Any) -> set[str]:
    """Return the names of the variables in all texts of `value`."""
    return {found[1] or found[2] or found[4] for found in PATTERN.finditer(json.dumps(value))}


def valueless(
    value: Any, values: Mapping[str, Any], kind: str, defined: Collection[str]
) -> list[str]:
    """Return the variables in `value` that have no value there.

    Args:
        kind: The type of the data source.
        defined: The names of the dashboard's variables.
    """
    found = {name for name in names_in(value) & {*defined, *BROWSER} if name not in values}
    patterns = {name for name, one in values.items() if isinstance(one, Anything)}
    if kind in ("prometheus", "loki"):
        value = MATCHED.sub("", str((value.get("expr") if isinstance(value, Mapping) else 0) or ""))
    return sorted(found | (names_in(value) & patterns))
