# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the bundle's dashboards from files, and check them, also against the data sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..options import uid_problem
from ..problems import NOWHERE, Problem, Sentences

problem = Sentences(
    file_empty="it contains no *.json",
    file_unreadable="not valid JSON: {error}",
    dashboard_not_object="not a dashboard: JSON of type {type}, expected an object",
    dashboard_newer_form="a resource of Grafana's newer API; use the dashboard's own JSON "
    "(classic model)",
    dashboard_no_title="not a dashboard: it has no title",
    dashboard_no_panels="not a dashboard: it has no panels",
    dashboard_bad_panels="not a dashboard: panels is not a list of objects",
    dashboard_bad_tags="tags is not a list",
    panel_no_type="panel {panel!r} has no type",
    source_unknown=f"{{place}}: data source {{source!r}} is {NOWHERE}",
    source_type_missing=f"{{place}}: a data source of type {{type!r}} is {NOWHERE}",
    source_type_other="{place}: data source {source!r} is of type {type!r}, not {wanted!r}",
    source_no_default="{place}: it uses the default data source, but there is none",
    source_variable_unknown="{place}: its data source is the variable {variable}, which the "
    "dashboard does not define (inputs?)",
)

# Not part of a dashboard's content: set by the server, or only used by an import.
VOLATILE = frozenset({"id", "version", "iteration", "__inputs", "__requires", "__elements"})
BUILTIN = frozenset(
    {"-- Grafana --", "grafana", "-- Mixed --", "-- Dashboard --", "__expr__", "-100", "default"}
)


@dataclass(frozen=True)
class Dashboard:
    """A desired dashboard, without volatile fields.

    Args:
        folder: Uid of its folder, empty for none.
        source: Its file, or its place among the options, for messages.
        problems: What only matters if the dashboard is written.
    """

    uid: str
    title: str
    folder: str
    content: Mapping[str, Any]
    source: str
    problems: tuple[Problem, ...] = ()


def load(items: Sequence[Mapping[str, Any]], problems: list[Problem]) -> list[Dashboard]:
    """Return the dashboards of the option.

    Args:
        problems: Receives what is wrong with the others.
    """
    found: list[Dashboard] = []
    for index, item in enumerate(items):
        for source, content in _contents(index, item, problems):
            useless = _problems_of(source, content)
            problems += useless
            if not useless:
                kept = {key: value for key, value in content.items() if key not in VOLATILE}
                uid, title, folder = content["uid"], content["title"], item["folder"] or ""
                doubts = tuple(_doubts_about(source, content))
                found.append(Dashboard(uid, title, folder, kept, source, doubts))
    return found


def _contents(
    index: int, item: Mapping[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    inputs = item["inputs"] or {}
    if item["content"] is not None:
        content = _filled(json.dumps(item["content"]), inputs) if inputs else item["content"]
        yield f"dashboards[{index}]", _unwrapped(content)
        return
    path = Path(item["path"])
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        problems.append(problem("file_empty", str(path)))
    for file in files:
        try:
            yield str(file), _unwrapped(_filled(file.read_text(encoding="utf-8"), inputs))
        except (OSError, ValueError) as error:
            problems.append(problem("file_unreadable", str(file), error=error))


def _filled(text: str, inputs: Mapping[str, Any]) -> Any:
    for name, value in inputs.items():
        text = text.replace("${" + name + "}", json.dumps(str(value))[1:-1])
    return json.loads(text)


def _unwrapped(content: Any) -> Any:
    """Unwrap a dashboard in the form of the API's answer, which has `meta` beside it."""
    if isinstance(content, dict) and isinstance(content.get("dashboard"), dict):
        return content["dashboard"]
    return content


def _problems_of(what: str, content: Any) -> list[Problem]:
    """Return why this is not a dashboard."""
    if not isinstance(content, dict):
        return [problem("dashboard_not_object", what, type=type(content).__name__)]
    if "spec" in content and "kind" in content:
        return [problem("dashboard_newer_form", what)]
    panels = content.get("panels") or content.get("rows") or []
    title = content.get("title")
    if not isinstance(title, str) or not title.strip():
        return [problem("dashboard_no_title", what)]
    problems = uid_problem(f"{what}: dashboard {title!r}", content.get("uid"))
    if not isinstance(panels, list) or not all(isinstance(panel, dict) for panel in panels):
        problems.append(problem("dashboard_bad_panels", what))
    if not isinstance(content.get("tags") or [], list):
        problems.append(problem("dashboard_bad_tags", what))
    return problems


def _doubts_about(what: str, content: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with a dashboard, but accepted by servers."""
    if "panels" not in content and "rows" not in content:
        yield problem("dashboard_no_panels", what)
    for panel in panels_of(content):
        if not panel.get("type"):
            yield problem("panel_no_type", what, panel=panel.get("title"))


def panels_of(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield all panels, including those inside rows."""
    for panel in content.get("panels") or []:
        yield panel
        yield from panel.get("panels") or []
    for row in content.get("rows") or []:
        yield from row.get("panels") or []


def variables_of(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the dashboard's variables."""
    return [v for v in (content.get("templating") or {}).get("list") or [] if isinstance(v, dict)]


def source_problems(dashboard: Dashboard, known: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Return references to missing data sources.

    Args:
        known: The data sources by uid, with `name`, `type` and `is_default`.
    """
    content = dashboard.content
    variables = variables_of(content)
    names = {str(variable.get("name")) for variable in variables}
    places: list[tuple[str, Any]] = []
    for panel in panels_of(content):
        label = f"panel {panel.get('title') or panel.get('id')!r}"
        targets = [t for t in panel.get("targets") or [] if isinstance(t, dict)]
        places += [(label, target.get("datasource")) for target in targets]
        if "datasource" in panel and panel.get("type") != "row":
            places.append((label, panel["datasource"]))
        elif targets and not any(target.get("datasource") for target in targets):
            places.append((label, "default"))
    for variable in variables:
        if variable.get("type") == "query":
            places.append((f"variable {variable.get('name')}", variable.get("datasource")))
    for one in (content.get("annotations") or {}).get("list") or []:
        places.append((f"annotation {one.get('name')!r}", one.get("datasource")))
    problems = [
        problem(found[0], f"dashboard {dashboard.uid}", place=place, **found[1])
        for place, reference in places
        if (found := _reference_problem(reference, known, names))
    ]
    return list({str(one): one for one in problems}.values())


def _reference_problem(
    reference: Any, known: Mapping[str, Mapping[str, Any]], variables: set[str]
) -> tuple[str, dict[str, Any]] | None:
    """Return the code and values of what is wrong with a reference to a data source."""
    kind = None
    if isinstance(reference, dict):
        reference, kind = reference.get("uid"), reference.get("type")
    if reference is None:
        builtin = kind in (None, "datasource", "grafana", "__expr__")
        if builtin or any(source["type"] == kind for source in known.values()):
            return None
        return "source_type_missing", {"type": kind}
    name = str(reference)
    if name == "default":
        there = any(source["is_default"] for source in known.values())
        return None if there else ("source_no_default", {})
    if name in BUILTIN:
        return None
    if name.startswith(("$", "[[")):
        variable = name.strip("${}[]").partition(":")[0]
        return None if variable in variables else ("source_variable_unknown", {"variable": name})
    source = known.get(name) or next((s for s in known.values() if s["name"] == name), None)
    if source is None:
        return "source_unknown", {"source": name}
    if kind and kind != source["type"]:
        return "source_type_other", {"source": name, "type": source["type"], "wanted": kind}
    return None
