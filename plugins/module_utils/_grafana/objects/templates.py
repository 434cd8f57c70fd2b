# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notification templates. Their mark is a comment in them."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from ..._http.session import HttpError
from ..client import Grafana
from ..kind import Kind, Task
from ..options import list_of, required
from ..problems import Sentences, twice
from ..provisioning import Object, ensure, provenance_told, read_named, removal, request

problem = Sentences(
    template_braces="an action that {{{{ begins has no end",
)

LIST = "templates"
# An action of Go's templates. Its texts, and what stands outside of actions, may have any braces.
ACTION = re.compile(
    r"\{\{(?:-\s)?\s*/\*.*?\*/\s*(?:\s-)?\}\}"
    r"|\{\{(?:\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])*'|(?!\}\})[^\"`'])*\}\}",
    re.DOTALL,
)


def read(grafana: Grafana) -> dict[str, Object]:
    """Return the templates of the server by name.

    Source: Grafana HTTP API, GET /api/v1/provisioning/templates.
    """
    try:
        return read_named(grafana, LIST)
    except HttpError as error:
        if error.status == 404:  # some versions, where there are none
            return {}
        raise


def _comment(mark: str) -> str:
    return "{{/* managed by " + mark.replace("*/", "") + " */}}\n"


def normal(name: str, text: str, mark: str) -> str:
    """Return the text of a template without the mark; if it has no define, with the server's."""
    text = text.replace(_comment(mark), "").strip()
    if re.search(r"\{\{-?\s*define\b", text):
        return text
    return '{{ define "' + name + '" }}\n  ' + text + "\n{{ end }}"


def plan(task: Task) -> None:
    """Compare the templates."""
    wanted, existing = task.given("templates"), task.state.of(read)
    task.plan.problems += twice("templates", "name", (template["name"] for template in wanted))
    for template in wanted:
        name, text = str(template["name"]), template["template"]
        key, what, held = ("templates", name), f"template {name}", existing.get(name)
        if "{{" in ACTION.sub("", text):
            task.plan.doubt([key], [problem("template_braces", what)])
        after = {"template": normal(name, text, task.mark)}
        before = {"template": normal(name, str(held["template"]), task.mark)} if held else None
        body = {"template": _comment(task.mark) + after["template"]}
        write = partial(request, task.grafana, "PUT", (LIST, name), body)
        ensure(task, key, what, held, before, after, write, told=False)
    ours = {template["name"] for template in wanted}
    for name, held in existing.items():
        if (
            task.options["prune"]
            and name not in ours
            and _comment(task.mark) in str(held["template"])
        ):
            remove = removal(task.grafana, LIST, name, provenance_told(task.grafana, held))
            task.plan.delete(("templates", name), f"template {name}", "", {"name": name}, remove)


def export(task: Task) -> list[dict[str, Any]]:
    """Return all templates of the server."""
    return [
        {"name": name, "template": normal(name, template["template"], task.mark)}
        for name, template in sorted(task.state.of(read).items())
    ]


KIND = Kind(
    name="templates",
    option=list_of(name=required(), template=required()),
    reads=(read,),
    plan=plan,
    export=export,
)
