# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the queries of rules that will be written: before writing if possible, else later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..kind import Task
from ..objects.rule import EXPRESSIONS
from ..plan import Step
from ..problems import problem, refused
from .parse import WINDOW, Expression, Parsers, check_expressions
from .variables import filled, globals_of


def _expressions(task: Task) -> list[Expression]:
    """Return the queries of the rules that will be written because they differ."""
    fresh = task.plan.keys("rules", "created", "updated")
    values = globals_of(WINDOW, 15.0)
    return [
        Expression(
            f"rule {rule.get('title')!r}",
            str(query.get("refId")),
            str(query.get("datasourceUid")),
            str(filled(query["model"].get("expr") or "", values)),
            query["model"],
        )
        for group in task.given("rule_groups")
        for rule in group["rules"]
        if str(rule.get("uid")) in fresh and isinstance(rule.get("data"), list)
        for query in rule["data"]
        if isinstance(query, dict)
        and isinstance(query.get("model"), dict)
        and query.get("datasourceUid") not in EXPRESSIONS
    ]


def plan_parsing(
    task: Task,
    sources: Mapping[str, Mapping[str, Any]],
    present: Mapping[str, Mapping[str, Any]],
    kind: str,
) -> None:
    """Parse the queries now, or after their data source has been written.

    Args:
        sources: The data sources after this run, by uid, in the form of the option.
        present: Those that are on the server and stay, in the same form.
        kind: The type of data sources; the rest is parsed after its writes.
    """
    plan = task.plan
    known = [one for one in _expressions(task) if one.source in sources]
    problems, unsure = check_expressions(task.grafana, known, Parsers(sources, present))
    plan.problems += problems
    changing = plan.keys(kind, "created", "updated", "recreated")
    later = [one for one in known if one.source in unsure and one.source in changing]
    for source, reason in sorted(unsure.items()):
        noted, code = (
            (plan.foreseen, "query_later")
            if source in changing
            else (plan.warnings, "query_unsure")
        )
        noted.append(problem(code, f"data source {source}", reason=reason))

    def parse_later() -> None:
        found, still = check_expressions(task.grafana, later, Parsers(sources, sources))
        if found:
            raise refused(found)
        plan.warnings.extend(
            problem("query_unsure", f"data source {source}", reason=reason)
            for source, reason in sorted(still.items())
        )

    if later:
        plan.steps.append(Step(kind, "parse the queries of new data sources", parse_later))
