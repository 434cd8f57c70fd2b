# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panels: what each kind has in common. The dashboard gives them their number and place.

``shared`` are the arguments of ``_panel``: empty, width, height, links, source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .values import INTERVALS, LOKI, Step, t

Json = dict[str, Any]
# An expression and the legend of what it finds.
Query = tuple[str, str]

# Of a panel that has no data.
GREY = "#5c616b"
PLAIN: tuple[Step, ...] = (("green", 0),)
# What has two states: red also where there is no data.
DOWN_OR_UP: list[Step] = [("red", None), ("green", 1)]
NONE_IS_WELL: list[Step] = [("green", 0), ("red", 1)]
LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
LAST = {"calcs": ["lastNotNull"], "fields": "", "values": False}
BY_THRESHOLDS = {"mode": "thresholds"}
BY_SERIES = {"mode": "palette-classic"}


def link(title: str, dashboard: str, keep: str = "") -> Json:
    """A link of a panel to a dashboard, by uid. It keeps the time range, and the variable ``keep``."""
    return {
        "title": title,
        "type": "link",
        "url": f"/d/{dashboard}?${{__url_time_range}}{keep}",
        "icon": "",
        "tooltip": "",
        "tags": [],
        "asDropdown": False,
        "targetBlank": False,
        "includeVars": False,
        "keepTime": True,
    }


def states(*known: tuple[str, str, str]) -> list[Json]:
    """A word and a colour for each value."""
    words = {
        value: {"text": word, "color": color, "index": index}
        for index, (value, word, color) in enumerate(known)
    }
    return [{"type": "value", "options": words}]


NO, YES = t("no", "não"), t("YES", "SIM")
STALE, HAS_FAILED = t("STALE", "PARADO"), t("FAILED", "FALHOU")
UP_DOWN_STALE = states(("1", "UP", "green"), ("0", "DOWN", "red"), ("-1", STALE, "orange"))


def stat(
    title: str,
    description: str,
    expr: str,
    legend: str,
    unit: str = "short",
    decimals: int = 0,
    steps: list[Step] | None = None,
    mappings: list[Json] | None = None,
    names: bool = False,
    **shared: Any,
) -> Json:
    """A number as it is now, on its colour; or, by ``mappings``, a state. ``names``: of the series, too."""
    style = {"mappings": mappings} if mappings else {"unit": unit, "decimals": decimals}
    options = {
        "reduceOptions": LAST,
        "colorMode": "background",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "textMode": "value_and_name" if names else "auto",
    }
    return _panel(
        "stat",
        title,
        description,
        _targets([(expr, legend)], instant=True),
        _defaults(BY_THRESHOLDS, [(GREY, None), *steps] if steps else DOWN_OR_UP, **style),
        options,
        usual=(4, 4),
        **shared,
    )


def graph(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "short",
    steps: Sequence[Step] = PLAIN,
    lines: bool = False,
    stacked: bool = False,
    points: bool = False,
    signed: bool = False,
    soft_max: int | None = None,
    legend: Json | None = None,
    colors: dict[str, str] | None = None,
    step: str = "",
    **shared: Any,
) -> Json:
    """Lines over time.

    Args:
        lines: Draw the thresholds.
        points: Draw a point for each sample instead of a line; ``step`` is the least between two.
        signed: Values may be below zero.
        soft_max: The axis reaches at least to this.
        legend: What differs from the usual legend.
        colors: By name of the series, or pattern of it.
    """
    custom: Json = {
        "drawStyle": "points" if points else "line",
        "lineWidth": 1,
        "fillOpacity": 40 if stacked else 0,
        "showPoints": "always" if points else "never",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "line" if lines else "off"},
    }
    if soft_max is not None:
        custom["axisSoftMax"] = soft_max
    if points:
        custom["pointSize"] = 3
    style: Json = {"unit": unit, "custom": custom}
    if not signed:
        style["min"] = 0
    return _panel(
        "timeseries",
        title,
        description,
        _targets(queries, step=step),
        _defaults(BY_SERIES, steps, **style),
        {"legend": LEGEND | (legend or {}), "tooltip": {"mode": "multi", "sort": "desc"}},
        overrides=[
            _override("byRegexp", name, color={"mode": "fixed", "fixedColor": color})
            for name, color in (colors or {}).items()
        ],
        **shared,
    )


def log_stat(*texts: str, **shared: Any) -> Json:
    """A number as it is now, of log lines: the arguments of ``stat``."""
    return _of_lines(stat(*texts, **shared))


def log_graph(title: str, description: str, expr: str, legend: str, **shared: Any) -> Json:
    """Log lines over time, as bars on each other."""
    panel = graph(title, description, (expr, legend), stacked=True, **shared)
    panel["fieldConfig"]["defaults"]["custom"] |= {"drawStyle": "bars", "fillOpacity": 80}
    return _of_lines(panel)


def logs(title: str, description: str, selector: str, **shared: Any) -> Json:
    """The lines themselves, the newest first."""
    options = {
        "showTime": True,
        "showLabels": False,
        "showCommonLabels": False,
        "wrapLogMessage": True,
        "prettifyLogMessage": False,
        "enableLogDetails": True,
        "dedupStrategy": "none",
        "sortOrder": "Descending",
    }
    targets = _targets([(selector, "")])
    defaults = _defaults(BY_SERIES, PLAIN)
    panel = _panel("logs", title, description, targets, defaults, options, usual=(24, 12), **shared)
    return _of_lines(panel)


def _of_lines(panel: Json) -> Json:
    """A panel that asks Loki."""
    kinds = {True: "instant", False: "range"}
    targets = [
        {key: value for key, value in target.items() if key != "format"}
        | {"queryType": kinds[target["instant"]]}
        for target in panel["targets"]
    ]
    return panel | {"datasource": LOKI, "targets": targets}


def timeline(
    title: str,
    description: str,
    expr: str,
    legend: str,
    mappings: list[Json],
    steps: Sequence[Step] = PLAIN,
    **shared: Any,
) -> Json:
    """States over time."""
    custom = {"lineWidth": 0, "fillOpacity": 80}
    options = {
        "mergeValues": True,
        "showValue": "auto",
        "alignValue": "left",
        "rowHeight": 0.9,
        "legend": LEGEND | {"showLegend": False},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    return _panel(
        "state-timeline",
        title,
        description,
        _targets([(expr, legend)]),
        _defaults(BY_SERIES, steps, mappings=mappings, custom=custom),
        options,
        **shared,
    )


def heatmap(title: str, description: str, buckets: str, step: str, **shared: Any) -> Json:
    """How the values of a histogram are spread, over time. ``step``: the least time of a column."""
    query = (f"sum by (le) (increase({buckets}[$__interval]))", "{{le}}")
    options = {
        "calculate": False,
        "cellGap": 1,
        "cellValues": {},
        "color": {
            "mode": "scheme",
            "scheme": "Oranges",
            "steps": 64,
            "exponent": 0.5,
            "fill": "dark-orange",
            "reverse": False,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-09},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "show": True, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": "s"},
    }
    return _panel(
        "heatmap",
        title,
        description,
        _targets([query], form="heatmap", step=step),
        _defaults(BY_SERIES, PLAIN, unit="short"),
        options,
        **shared,
    )


def bars(
    title: str,
    description: str,
    expr: str,
    legend: str,
    steps: list[Step],
    **style_and_shared: Any,
) -> Json:
    """The largest as horizontal bars."""
    shared = {**style_and_shared}
    style = {key: shared.pop(key) for key in ("unit", "decimals") if key in shared}
    options = {
        "reduceOptions": LAST,
        "orientation": "horizontal",
        "displayMode": "basic",
        "showUnfilled": True,
        "minVizWidth": 0,
        "minVizHeight": 10,
    }
    return _panel(
        "bargauge",
        title,
        description,
        _targets([(expr, legend)], instant=True),
        _defaults(BY_THRESHOLDS, steps, min=0, **style),
        options,
        **shared,
    )


def column(
    field: str,
    title: str,
    width: int | None = None,
    unit: str = "",
    steps: list[Step] | None = None,
    mappings: list[Json] | None = None,
) -> Json:
    """A column of a table: a label, or ``Value #A`` for what the first query found."""
    properties: Json = {}
    if width is not None:
        properties["custom.width"] = width
    if unit:
        properties["unit"] = unit
    if steps:
        properties["thresholds"] = _thresholds(steps)
        # The first is for Grafana before 9.4.
        properties["custom.displayMode"] = "color-text"
        properties["custom.cellOptions"] = {"type": "color-text"}
    if unit or steps:
        properties["noValue"] = "-"
    if mappings:
        properties["mappings"] = mappings
    return {"field": field, "title": title, "properties": properties}


def table(
    title: str,
    description: str,
    exprs: list[str],
    columns: list[Json],
    sort: str = "",
    **shared: Any,
) -> Json:
    """The answers of several queries, joined by their labels. ``sort``: by that column, largest first."""
    targets = _targets([(expr, "__auto") for expr in exprs], form="table", instant=True)
    footer = {"show": False, "reducer": ["sum"], "countRows": False, "fields": ""}
    options: Json = {"showHeader": True, "cellHeight": "sm", "footer": footer}
    if sort:
        options["sortBy"] = [{"displayName": sort, "desc": True}]
    titles = {each["field"]: each["title"] for each in columns}
    fields = ["Time", *(f"Value #{target['refId']}" for target in targets)]
    organize = {
        "excludeByName": {field: True for field in fields if field not in titles},
        "indexByName": {field: index for index, field in enumerate(titles)},
        "renameByName": titles,
    }
    panel = _panel(
        "table",
        title,
        description,
        targets,
        _defaults(BY_THRESHOLDS, PLAIN, custom={"align": "auto"}),
        options,
        overrides=[
            _override("byName", each["title"], **each["properties"])
            for each in columns
            if each["properties"]
        ],
        usual=(24, 8),
        **shared,
    )
    steps = [{"id": "merge", "options": {}}, {"id": "organize", "options": organize}]
    return panel | {"transformations": steps}


def _thresholds(steps: list[Step]) -> Json:
    return {
        "mode": "absolute",
        "steps": [{"color": color, "value": value} for color, value in steps],
    }


def _defaults(color: Json, steps: list[Step], **style: Any) -> Json:
    return {"color": color, "thresholds": _thresholds(steps), **style}


def _override(matcher: str, name: str, **properties: Any) -> Json:
    return {
        "matcher": {"id": matcher, "options": name},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def _targets(
    queries: Iterable[Query],
    form: str = "time_series",
    instant: bool = False,
    step: str = "",
) -> list[Json]:
    """The queries of a panel. Over time they ask no finer than arrives what a window is taken over."""
    targets = []
    for ref_id, (expr, legend) in zip("ABCDEF", queries, strict=False):
        target = {
            "refId": ref_id,
            "expr": expr,
            "legendFormat": legend,
            "format": form,
            "instant": instant,
            "range": not instant,
        }
        interval = step or next((INTERVALS[each] for each in INTERVALS if each in expr), "")
        if interval and not instant:
            target["interval"] = interval
        targets.append(target)
    return targets


def _panel(
    kind: str,
    title: str,
    description: str,
    targets: list[Json],
    defaults: Json,
    options: Json,
    empty: str = "",
    width: int = 0,
    height: int = 0,
    usual: tuple[int, int] = (12, 8),
    overrides: Iterable[Json] = (),
    links: list[Json] | None = None,
    source: str = "",
) -> Json:
    """A panel; what it does not say, its row does.

    Args:
        empty: What it says when there are no data.
        width: Of 24.
        usual: Width and height where neither the panel nor its row says them.
        source: The uid of the data source, where it is not the dashboard's.
    """
    panel = {
        "type": kind,
        "title": title,
        "description": description,
        "gridPos": {"w": width, "h": height, "usual": usual},
        "datasource": source,
        "targets": targets,
        "fieldConfig": {"defaults": {"noValue": empty, **defaults}, "overrides": [*overrides]},
        "options": options,
    }
    return panel | {"links": links} if links else panel
