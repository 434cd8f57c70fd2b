# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organisation, of which only the name is managed."""

from __future__ import annotations

from functools import partial

from ..client import Grafana
from ..kind import Kind, Task
from ..problems import Sentences

problem = Sentences(
    organization_other="expected {expected!r}, but these credentials belong to {seen!r} (check "
    "org_id and token, or set rename_organization)",
)

PATH = "/api/org"


def read(grafana: Grafana) -> str:
    """Return the organisation's name.

    Source: Grafana HTTP API, GET /api/org.
    """
    return str(grafana.get(PATH)["name"])


def plan(task: Task) -> None:
    """Compare the organisation's name; rename it only if requested."""
    name, seen = task.given("organization"), task.state.of(read)
    if seen != name and not task.options["rename_organization"]:
        other = problem("organization_other", "organization", expected=name, seen=seen)
        task.plan.problems.append(other)
        return
    rename = partial(task.grafana.ask, "PUT", PATH, {"name": name})
    key, what = ("organization", seen), f"organization {seen}"
    task.plan.ensure(key, what, {"name": seen}, {"name": name}, rename)


KIND = Kind(
    name="organization",
    option={"type": "str"},
    reads=(read,),
    settings={"rename_organization": {"type": "bool", "default": False}},
    plan=plan,
    export=lambda task: task.state.of(read),
)
