# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dashboard: its frame, and the places of its panels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from .values import LOKI, PROMETHEUS, role, t

Json = dict[str, Any]
TAG = "vya-observability"
GRAFANA = {"type": "grafana", "uid": "-- Grafana --"}
WHOLE_WIDTH = 24
ALL_IS_WELL = t("Is it well?", "Está tudo bem?")

ANNOTATIONS = [
    {
        "builtIn": 1,
        "name": "Annotations & Alerts",
        "datasource": GRAFANA,
        "type": "dashboard",
        "enable": True,
        "hide": True,
        "iconColor": "rgba(0, 211, 255, 1)",
    },
    {
        "name": t("Deploys", "Implantações"),
        "datasource": GRAFANA,
        "enable": True,
        "hide": False,
        "iconColor": "purple",
        "target": {"type": "tags", "tags": ["deploy"], "matchAny": False, "limit": 100},
    },
]
TO_ALL = {
    "title": t("Dashboards", "Painéis"),
    "type": "dashboards",
    "tags": [TAG],
    "asDropdown": False,
    "icon": "external link",
    "tooltip": "",
    "url": "",
    "targetBlank": False,
    "includeVars": False,
    "keepTime": True,
}


def variable(name: str, label: str, metric: str, metric_label: str) -> Json:
    """A choice at the top: the values of a metric's label, at first all of them."""
    return {
        "type": "query",
        "name": name,
        "label": label,
        "datasource": "",
        "query": f"label_values({metric}, {metric_label})",
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [],
        "regex": "",
        "hide": 0,
        "skipUrlSync": False,
    }


def log_variable(label: str, title: str) -> Json:
    """The same of a label of log lines."""
    asked = variable(label, title, "", "")
    return asked | {"datasource": LOKI, "query": f"label_values({label})", "allValue": ".+"}


def row(title: str, *panels: Json, **shared: Any) -> list[Json]:
    """A headline and what is below it, from left to right.

    Args:
        shared: ``empty``, ``width`` and ``height`` of those panels that do not say it.
    """
    headline = {
        "type": "row",
        "title": title,
        "collapsed": False,
        "gridPos": {"w": WHOLE_WIDTH, "h": 1},
        "panels": [],
    }
    return [headline, *(_completed(panel, **shared) for panel in panels)]


def _completed(panel: Json, empty: str = "", width: int = 0, height: int = 0) -> Json:
    size, config = panel["gridPos"], panel["fieldConfig"]
    says = config["defaults"]["noValue"] or empty
    place = {"w": size["w"] or width, "h": size["h"] or height}
    usual = dict(zip(place, size["usual"], strict=True))
    return panel | {
        "gridPos": {name: value or usual[name] for name, value in place.items()},
        "fieldConfig": config | {"defaults": config["defaults"] | {"noValue": says}},
    }


def dashboard(
    uid: str,
    title: str,
    description: str,
    variables: list[Json],
    *rows: list[Json],
    source: str = PROMETHEUS,
) -> Json:
    """A whole dashboard. ``source``: the uid of the data source of all that name no other."""
    return {
        "uid": uid,
        "title": title,
        "description": description,
        "tags": [TAG],
        "timezone": "browser",
        "editable": True,
        "graphTooltip": 1,
        "refresh": role("refresh"),
        "schemaVersion": 37,
        "time": {"from": "now-6h", "to": "now"},
        "timepicker": {},
        "weekStart": "",
        "liveNow": False,
        "fiscalYearStartMonth": 0,
        "annotations": {"list": ANNOTATIONS},
        "links": [TO_ALL],
        "templating": {"list": [_asking(source, each) for each in variables]},
        "panels": [_asking(source, each) for each in _placed(chain(*rows))],
    }


def _asking(source: str, part: Json) -> Json:
    if "datasource" not in part:
        return part
    kind = "loki" if part["datasource"] == LOKI else "prometheus"
    return part | {"datasource": {"type": kind, "uid": part["datasource"] or source}}


def _placed(panels: Iterable[Json]) -> Iterator[Json]:
    """Number the panels and put them beside each other, a line as high as its highest panel."""
    x = y = height = 0
    for number, panel in enumerate(panels, 1):
        size = panel["gridPos"]
        if x + size["w"] > WHOLE_WIDTH:
            x, y, height = 0, y + height, 0
        yield {"id": number, **panel, "gridPos": {"x": x, "y": y, **size}}
        x, height = x + size["w"], max(height, size["h"])
