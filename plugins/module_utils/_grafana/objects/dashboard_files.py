# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the bundle's dashboards from files, and check them.

A file is what Grafana's own import takes: saved, exported, or wrapped as the API answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..options import uid_problem
from ..problems import Problem, Sentences

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
    inputs_missing="inputs: no value for {names}",
    inputs_unknown="inputs: the dashboard has no {names}",
)

# Panels that ask no data source, whatever queries they were left with by an earlier type.
WITHOUT_DATA = frozenset(
    {
        "alertlist",
        "annolist",
        "dashlist",
        "gettingstarted",
        "live",
        "news",
        "row",
        "text",
        "welcome",
    }
)
# Not part of a dashboard's content: set by the server, or only used by an import.
VOLATILE = frozenset({"id", "version", "iteration", "__inputs", "__requires", "__elements"})


@dataclass(frozen=True)
class Dashboard:
    """A desired dashboard, without volatile fields.

    Args:
        folder: Uid of its folder, empty for none.
        source: Its file, or its place among the options, for messages.
        problems: What only matters if the dashboard is written.
        elements: The library panels that an export brings along, by uid.
        notes: What is told, and changes nothing.
    """

    uid: str
    title: str
    folder: str
    content: Mapping[str, Any]
    source: str
    problems: tuple[Problem, ...] = ()
    elements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def load(items: Sequence[Mapping[str, Any]], problems: list[Problem]) -> list[Dashboard]:
    """Return the dashboards of the option.

    Args:
        problems: Receives what is wrong with the others.
    """
    found: list[Dashboard] = []
    for index, item in enumerate(items):
        used: set[str] = set()
        loaded: list[Dashboard] = []
        for source, raw in _contents(index, item, problems):
            one = dashboard_of(source, raw, item, used, problems)
            loaded += [one] if one else []
        unused = sorted({*(item["inputs"] or {})} - used)
        note = (problem("inputs_unknown", f"dashboards[{index}]", names=unused),) if unused else ()
        found += [replace(one, notes=note) for one in loaded]
    return found


def dashboard_of(
    source: str, raw: Any, item: Mapping[str, Any], used: set[str], problems: list[Problem]
) -> Dashboard | None:
    """Return one dashboard of the content of a file; None if it is none.

    Args:
        source: The file, for messages.
        item: Of the option, with `folder` and `inputs`.
        used: Receives the inputs that it has.
        problems: Receives what is wrong with it.
    """
    content, missing = _with_inputs(raw, item.get("inputs") or {}, used)
    useless = [*_problems_of(source, content), *missing(source)]
    problems += useless
    return None if useless else _dashboard(source, content, item.get("folder") or "")


def parsed(source: str, content: bytes, problems: list[Problem]) -> list[Any]:
    """Return what a file holds, in a list; an empty one if it cannot be read."""
    try:
        # Bytes, of which it finds out the encoding: editors of Windows have several.
        return [json.loads(content)]
    except (ValueError, RecursionError) as error:
        problems.append(problem("file_unreadable", source, error=error))
        return []


def _dashboard(source: str, content: Mapping[str, Any], folder: str) -> Dashboard:
    title = content["title"].strip()
    # As an import does; derived, so that the next run finds it.
    made = hashlib.sha256(f"{folder}/{title}".encode()).hexdigest()[:20]
    uid = content.get("uid") or made
    kept = {key: value for key, value in content.items() if key not in VOLATILE}
    doubts = tuple(_doubts_about(source, content))
    elements = content.get("__elements") or {}
    if isinstance(elements, list):  # before 9.1
        elements = {str(one.get("uid")): one for one in elements if isinstance(one, dict)}
    return Dashboard(
        uid, title, folder, {**kept, "uid": uid, "title": title}, source, doubts, elements
    )


def _contents(
    index: int, item: Mapping[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    """Yield the dashboards of an item, as they are."""
    if item["content"] is not None:
        yield f"dashboards[{index}]", item["content"]
        return
    path = Path(item["path"])
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        problems.append(problem("file_empty", str(path)))
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            problems.append(problem("file_unreadable", str(file), error=error))
            continue
        for raw in parsed(str(file), content, problems):
            yield str(file), raw


def _with_inputs(
    raw: Any, given: Mapping[str, Any], used: set[str]
) -> tuple[Any, Callable[[str], list[Problem]]]:
    """Return a dashboard with its inputs filled in, and what says which have no value.

    Those that an export names have the value that it gives, unless it is a data source.

    Args:
        used: Receives the inputs that it has.
    """
    content = _unwrapped(raw)
    asked = content.get("__inputs") if isinstance(content, dict) else None
    asked = [one for one in asked or [] if isinstance(one, dict)] if isinstance(asked, list) else []
    known = {
        str(one.get("name")): one["value"]
        for one in asked
        if one.get("type") == "constant" and one.get("value") is not None
    }
    known |= {
        str(one.get("name")): "__expr__" for one in asked if one.get("pluginId") == "__expr__"
    }
    known |= _import_inputs(raw)
    known |= given
    text = json.dumps({k: v for k, v in content.items() if k != "__inputs"} if asked else content)
    used |= {str(one.get("name")) for one in asked}
    used |= {name for name in given if "${" + name + "}" in text}
    for name, value in known.items():
        text = text.replace("${" + name + "}", json.dumps(str(value))[1:-1])
    names = [str(one.get("name")) for one in asked]
    missing = [name for name in names if name not in known and "${" + name + "}" in text]

    def problems(what: str) -> list[Problem]:
        return [problem("inputs_missing", what, names=missing)] if missing else []

    return json.loads(text), problems


def _import_inputs(raw: Any) -> dict[str, Any]:
    """Return the inputs that stand beside a dashboard in the body of an import."""
    beside = raw.get("inputs") if isinstance(raw, dict) and "dashboard" in raw else None
    return {
        str(one.get("name")): one["value"]
        for one in (beside if isinstance(beside, list) else [])
        if isinstance(one, dict) and one.get("value")
    }


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
    uid = content.get("uid")
    problems = uid_problem(f"{what}: dashboard {title!r}", uid) if uid else []
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
        if not panel.get("type") and not panel.get("libraryPanel"):
            yield problem("panel_no_type", what, panel=panel.get("title"))


def panels_of(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield all panels, including those inside rows."""
    for place in (content.get("panels"), content.get("rows")):
        for panel in _objects(place):
            if place is not content.get("rows"):
                yield panel
            yield from _objects(panel.get("panels"))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def variables_of(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the dashboard's variables."""
    return _listed(content, "templating")


def annotations_of(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the dashboard's annotations."""
    return _listed(content, "annotations")


def _listed(content: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    held = content.get(key)
    return _objects(held.get("list")) if isinstance(held, dict) else []
