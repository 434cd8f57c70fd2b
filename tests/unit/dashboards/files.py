# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's dashboards, rendered with its defaults, and their queries as Grafana sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

ROLE = Path(__file__).parents[3] / "roles/grafana"
FILES = sorted((ROLE / "templates/dashboards").glob("*.json.j2"))
NAMES = [file.name.removesuffix(".json.j2") for file in FILES]
TEXTS = {name: file.read_text("utf-8") for name, file in zip(NAMES, FILES, strict=True)}
# The role's defaults that a dashboard names.
DEFAULTS: dict[str, Any] = {
    name: value
    for name, value in yaml.safe_load((ROLE / "defaults/main.yml").read_text("utf-8")).items()
    if any(re.search(rf"\b{name}\b", text) for text in TEXTS.values())
}

# What Grafana replaces by itself, with the values it has for a range of six hours.
BUILT_IN = {
    "__rate_interval": "4m",
    "__interval": "1m",
    "__range": "6h",
    "__url_time_range": "from=now-6h&to=now",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)")


def variables(**changes: Any) -> dict[str, Any]:
    """The role's defaults with ``changes``; what refers to another variable is resolved."""
    values = {**DEFAULTS, **changes}
    templates = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 - not HTML
    return {
        name: templates.from_string(value).render(values) if isinstance(value, str) else value
        for name, value in values.items()
    }


def render_text(name: str, **changes: Any) -> str:
    """A dashboard as text. The first line names the delimiters, as Ansible reads them."""
    header, _newline, body = TEXTS[name].partition("\n")
    assert header.startswith("#jinja2:")
    delimiters = dict(re.findall(r"(\w+):'([^']*)'", header))
    environment = jinja2.Environment(  # noqa: S701 - it is not HTML
        **delimiters,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    return environment.from_string(body).render(variables(**changes))


def render(name: str, **changes: Any) -> dict[str, Any]:
    """A dashboard with the defaults, or with some of them changed."""
    dashboard: dict[str, Any] = json.loads(render_text(name, **changes))
    return dashboard


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """All panels that show something: not the rows, but what is folded into them."""
    inside = [panel for row in dashboard["panels"] for panel in row.get("panels", [])]
    return [panel for panel in [*dashboard["panels"], *inside] if panel["type"] != "row"]


@dataclass(frozen=True)
class Query:
    """One query of one panel. ``expr`` is as it stands in the dashboard."""

    dashboard: str
    panel: str
    ref_id: str
    expr: str
    datasource: str
    instant: bool
    kind: str
    values: tuple[tuple[str, str], ...]

    @property
    def filled(self) -> str:
        """The expression with the dashboard's variables at what they are when it is opened."""
        return fill(self.expr, dict(self.values))

    def __str__(self) -> str:
        return f"{self.dashboard} / {self.panel} / {self.ref_id}"


def chosen(variable: dict[str, Any]) -> str:
    """What a variable stands for when the dashboard is opened."""
    value = variable["current"]["value"]
    values = [value] if isinstance(value, str) else value
    return variable["allValue"] if values == ["$__all"] else "|".join(values)


def fill(text: str, values: dict[str, str]) -> str:
    """Put values in the place of Grafana's variables. Raises KeyError for one nobody declared."""
    return VARIABLE.sub(lambda found: {**BUILT_IN, **values}[found[1] or found[2]], text)


def queries(dashboard: dict[str, Any]) -> Iterator[Query]:
    """Every query of the panels."""
    values = tuple((each["name"], chosen(each)) for each in dashboard["templating"]["list"])
    for panel in panels(dashboard):
        for target in panel["targets"]:
            source = target.get("datasource", panel["datasource"])
            yield Query(
                dashboard["uid"],
                panel["title"],
                target["refId"],
                target["expr"],
                source["uid"],
                target["instant"],
                source["type"],
                values,
            )
