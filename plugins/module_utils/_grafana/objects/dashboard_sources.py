# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the data sources that a dashboard refers to are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..problems import NOWHERE, Problem, Sentences
from ..queries.sources import fits, source_of
from ..queries.variables import filled, names_in, values_of
from .dashboard_files import (
    WITHOUT_DATA,
    Dashboard,
    annotations_of,
    panels_of,
    variables_of,
)

problem = Sentences(
    source_unknown=f"{{place}}: data source {{source!r}} is {NOWHERE}",
    source_type_missing=f"{{place}}: a data source of type {{type!r}} is {NOWHERE}",
    source_type_other="{place}: data source {source!r} is of type {type!r}, not {wanted!r}",
    source_no_default="{place}: it uses the default data source, but there is none",
    source_variable_unknown="{place}: its data source is the variable {variable}, which the "
    "dashboard does not define (inputs?)",
)

BUILTIN = frozenset(
    {"-- Grafana --", "grafana", "-- Mixed --", "-- Dashboard --", "__expr__", "-100", "default"}
)


def source_problems(dashboard: Dashboard, known: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Return references to missing data sources.

    Args:
        known: The data sources by uid, with `name`, `type` and `is_default`.
    """
    values = values_of(dashboard.content, known)
    names = {str(variable.get("name")) for variable in variables_of(dashboard.content)}
    problems = [
        problem(found[0], f"dashboard {dashboard.uid}", place=place, **found[1])
        for place, reference in _references(dashboard.content)
        if (found := _problem_of(reference, known, values, names))
    ]
    return list({str(one): one for one in problems}.values())


def _references(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each reference to a data source, with its place."""
    for panel in panels_of(content):
        if panel.get("type") in WITHOUT_DATA:
            continue
        label = f"panel {panel.get('title') or panel.get('id')!r}"
        targets = [t for t in panel.get("targets") or [] if isinstance(t, dict)]
        yield from ((label, target.get("datasource")) for target in targets)
        if "datasource" in panel:
            yield label, panel["datasource"]
        elif targets and not any(target.get("datasource") for target in targets):
            yield label, "default"
    for variable in variables_of(content):
        if variable.get("type") == "query":
            yield f"variable {variable.get('name')}", variable.get("datasource")
    for one in annotations_of(content):
        yield f"annotation {one.get('name')!r}", one.get("datasource")


def _problem_of(
    reference: Any,
    known: Mapping[str, Mapping[str, Any]],
    values: Mapping[str, Any],
    variables: set[str],
) -> tuple[str, dict[str, Any]] | None:
    """Return the code and values of what is wrong with a reference to a data source."""
    kind = None
    if isinstance(reference, dict):
        reference, kind = reference.get("uid"), reference.get("type")
    if not reference:
        builtin = kind in (None, "", "datasource", "grafana", "__expr__")
        if builtin or any(fits(source["type"], kind) for source in known.values()):
            return None
        return "source_type_missing", {"type": kind}
    name = str(reference)
    if name == "default":
        there = any(source["is_default"] for source in known.values())
        return None if there else ("source_no_default", {})
    name = filled(name, values)
    unknown = names_in(name) - variables
    if unknown:
        return "source_variable_unknown", {"variable": str(reference)}
    # A variable may have no data source yet, or a value that only the browser finds.
    if name in BUILTIN or not name or names_in(name):
        return None
    source = known.get(source_of(name, known))
    if source is None:
        return "source_unknown", {"source": name}
    if kind and not names_in(str(kind)) and not fits(source["type"], kind):
        return "source_type_other", {"source": name, "type": source["type"], "wanted": kind}
    return None
