# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards as they are given: read from files, checked alone and against the data sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..options import uid_problem

# Not part of what a dashboard is: the server counts them, or an import has used them up.
VOLATILE = frozenset({"id", "version", "iteration", "__inputs", "__requires", "__elements"})
BUILTIN = frozenset(
    {"-- Grafana --", "grafana", "-- Mixed --", "-- Dashboard --", "__expr__", "-100", "default"}
)


@dataclass(frozen=True)
class Dashboard:
    """One that is wanted, without what is volatile."""

    uid: str
    title: str
    folder: str
    content: Mapping[str, Any]
    source: str  # for messages: its file, or its place among the options
    problems: tuple[str, ...] = ()  # which do not matter while it stays as it is


def load(items: Sequence[Mapping[str, Any]], problems: list[str]) -> list[Dashboard]:
    """The dashboards of the option. What is wrong with the others goes to C(problems)."""
    found: list[Dashboard] = []
    for index, item in enumerate(items):
        for source, content in _contents(index, item, problems):
            useless = _problems_of(content)
            problems += [f"{source}: {problem}" for problem in useless]
            if not useless:
                kept = {key: value for key, value in content.items() if key not in VOLATILE}
                uid, title, folder = content["uid"], content["title"], item["folder"] or ""
                doubts = tuple(f"{source}: {doubt}" for doubt in _doubts_about(content))
                found.append(Dashboard(uid, title, folder, kept, source, doubts))
    return found


def _contents(
    index: int, item: Mapping[str, Any], problems: list[str]
) -> Iterator[tuple[str, Any]]:
    inputs = item["inputs"] or {}
    if item["content"] is not None:
        content = _filled(json.dumps(item["content"]), inputs) if inputs else item["content"]
        yield f"dashboards[{index}]", _unwrapped(content)
        return
    path = Path(item["path"])
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        problems.append(f"dashboards[{index}]: no *.json in {path}")
    for file in files:
        try:
            yield str(file), _unwrapped(_filled(file.read_text(encoding="utf-8"), inputs))
        except (OSError, ValueError) as error:
            problems.append(f"{file}: not JSON that can be read: {error}")


def _filled(text: str, inputs: Mapping[str, Any]) -> Any:
    for name, value in inputs.items():
        text = text.replace("${" + name + "}", json.dumps(str(value))[1:-1])
    return json.loads(text)


def _unwrapped(content: Any) -> Any:
    """A dashboard may be given as the API answers it, beside its meta."""
    if isinstance(content, dict) and isinstance(content.get("dashboard"), dict):
        return content["dashboard"]
    return content


def _problems_of(content: Any) -> list[str]:
    """Why this is no dashboard."""
    if not isinstance(content, dict):
        return [f"not a dashboard: JSON of type {type(content).__name__}, expected an object"]
    if "spec" in content and "kind" in content:
        return ["a resource of Grafana's newer API; give the dashboard's own JSON (classic model)"]
    panels = content.get("panels") or content.get("rows") or []
    title = content.get("title")
    if not isinstance(title, str) or not title.strip():
        return ["not a dashboard: it has no title"]
    problems = uid_problem(f"dashboard {title!r}", content.get("uid"))
    if not isinstance(panels, list) or not all(isinstance(panel, dict) for panel in panels):
        problems.append("not a dashboard: panels is not a list of objects")
    if not isinstance(content.get("tags") or [], list):
        problems.append("tags is not a list")
    return problems


def _doubts_about(content: Mapping[str, Any]) -> list[str]:
    """What is wrong with a dashboard, and can be on a server nevertheless."""
    untyped = [panel.get("title") for panel in panels_of(content) if not panel.get("type")]
    none = "panels" not in content and "rows" not in content
    return [
        *(["not a dashboard: it has no panels"] if none else []),
        *(f"panel {name!r} has no type" for name in untyped),
    ]


def panels_of(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All panels, those of rows too."""
    for panel in content.get("panels") or []:
        yield panel
        yield from panel.get("panels") or []
    for row in content.get("rows") or []:
        yield from row.get("panels") or []


def variables_of(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The dashboard's variables."""
    return [v for v in (content.get("templating") or {}).get("list") or [] if isinstance(v, dict)]


def source_problems(dashboard: Dashboard, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """References to data sources that are not there. C(known): uid to name, type, is_default."""
    content = dashboard.content
    names = {str(variable.get("name")) for variable in variables_of(content)}
    places: list[tuple[str, Any]] = []
    for panel in panels_of(content):
        label = f"panel {panel.get('title') or panel.get('id')!r}"
        targets = [t for t in panel.get("targets") or [] if isinstance(t, dict)]
        places += [(label, target.get("datasource")) for target in targets]
        if "datasource" in panel and panel.get("type") != "row":
            places.append((label, panel["datasource"]))
        elif targets and not any(target.get("datasource") for target in targets):
            places.append((label, "default"))
    for variable in variables_of(content):
        if variable.get("type") == "query":
            places.append((f"variable {variable.get('name')}", variable.get("datasource")))
    for one in (content.get("annotations") or {}).get("list") or []:
        places.append((f"annotation {one.get('name')!r}", one.get("datasource")))
    problems = (
        f"dashboard {dashboard.uid}: {place}: {problem}"
        for place, reference in places
        if (problem := _reference_problem(reference, known, names))
    )
    return list(dict.fromkeys(problems))


def _reference_problem(
    reference: Any, known: Mapping[str, Mapping[str, Any]], variables: set[str]
) -> str:
    kind = None
    if isinstance(reference, dict):
        reference, kind = reference.get("uid"), reference.get("type")
    if reference is None:
        if kind in (None, "datasource", "grafana", "__expr__"):
            return ""
        if any(source["type"] == kind for source in known.values()):
            return ""
        return f"no data source of type {kind!r}, neither in the bundle nor on the server"
    name = str(reference)
    if name == "default":
        if any(source["is_default"] for source in known.values()):
            return ""
        return "it asks the default data source, and there is none"
    if name in BUILTIN:
        return ""
    if name.startswith(("$", "[[")):
        variable = name.strip("${}[]").partition(":")[0]
        if variable in variables:
            return ""
        return (
            f"its data source is the variable {name}, which the dashboard does not have (inputs?)"
        )
    source = known.get(name) or next((s for s in known.values() if s["name"] == name), None)
    if source is None:
        return f"data source {name!r} is neither in the bundle nor on the server"
    if kind and kind != source["type"]:
        return f"data source {name!r} is of type {source['type']!r}, it asks for {kind!r}"
    return ""
