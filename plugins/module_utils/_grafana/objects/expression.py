# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server-side expressions of alert rules: what they refer to, and what is wrong.

The server accepts any expression, and only fails when it evaluates the rule. Only what no version
accepts is a problem here. Expressions of unknown types are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SENTENCES = {
    "expression_no_type": "expression {ref} has no type",
    "expression_no_reference": "expression {ref} refers to no query",
    "expression_value": "expression {ref} has {field} {value!r}, not one of {known}",
    "expression_no_window": "expression {ref} has no window",
    "expression_no_conditions": "expression {ref} has no conditions",
    "expression_numbers": "expression {ref} has evaluator {evaluator} with {params!r}: it needs "
    "{count} number(s)",
    "math_empty": "expression {ref} is empty",
    "math_brackets": "expression {ref} does not parse: unbalanced brackets: {text}",
    "math_dollar": "expression {ref} does not parse: $ without a name: {text}",
    "math_operator": "expression {ref} does not parse: operator without a value: {text}",
    "math_values": "expression {ref} does not parse: no operator between two values: {text}",
}

REDUCERS = ("sum", "mean", "min", "max", "count", "last", "median")
DOWNSAMPLERS = (*REDUCERS,)
UPSAMPLERS = ("pad", "backfilling", "fillna")
MODES = ("", "dropNN", "replaceNN")
CLASSIC_REDUCERS = (
    *("avg", "min", "max", "sum", "count", "last", "median", "stddev"),
    *("diff", "diff_abs", "percent_diff", "percent_diff_abs", "count_non_null"),
)
# Evaluators, with the number of their parameters.
EVALUATORS = {
    **dict.fromkeys(("gt", "lt", "eq", "ne", "gte", "lte", "ge", "le"), 1),
    **dict.fromkeys(("within_range", "outside_range"), 2),
    **dict.fromkeys(("within_range_included", "outside_range_included"), 2),
    "no_value": 0,
}
Found = tuple[str, dict[str, Any]]  # code and values of a problem
SINGLE = ("reduce", "resample", "threshold")
VARIABLE = re.compile(r"\$(?:\{(\w[^}]*)\}|(\w+))")
OPERATOR = "-+*/%<>=&|!"
# Two values with nothing between them.
BESIDE = re.compile(r"[\w)}]\s+[$\d(]|[)}][$\w(]")
CALL = re.compile(r"[a-z_]\w*\s+\(")


def references(model: Mapping[str, Any]) -> list[str]:
    """Return the refIds that an expression needs."""
    kind, text = model.get("type"), str(model.get("expression") or "")
    if kind == "math":
        return list(dict.fromkeys(a or b for a, b in VARIABLE.findall(text)))
    if kind == "classic_conditions":
        refs = [(c.get("query") or {}).get("params") or [None] for c in _conditions(model)]
        return list(dict.fromkeys(str(params[0]) for params in refs if params[0]))
    if kind in SINGLE:
        return [text.strip("${}")] if text else []
    return []  # sql and what later versions may add


def problems_of_expression(model: Mapping[str, Any]) -> list[Found]:
    """Return what is wrong with an expression, apart from its references."""
    kind = model.get("type")
    if not kind:
        return [("expression_no_type", {})]
    if kind == "math":
        return _math_problems(str(model.get("expression") or ""))
    if kind in SINGLE and not references(model):
        return [("expression_no_reference", {})]
    if kind == "reduce":
        mode = (model.get("settings") or {}).get("mode") or ""
        return [
            *_one_of("reducer", model.get("reducer"), REDUCERS),
            *_one_of("settings.mode", mode, MODES),
        ]
    if kind == "resample":
        return [
            *_one_of("downsampler", model.get("downsampler"), DOWNSAMPLERS),
            *_one_of("upsampler", model.get("upsampler"), UPSAMPLERS),
            *([] if model.get("window") else [("expression_no_window", {})]),
        ]
    if kind in ("threshold", "classic_conditions"):
        conditions = _conditions(model)
        found: list[Found] = [] if conditions else [("expression_no_conditions", {})]
        for condition in conditions:
            found += _evaluator_problems(condition.get("evaluator") or {})
            if kind == "classic_conditions":
                reducer = (condition.get("reducer") or {}).get("type")
                found += _one_of("reducer", reducer, CLASSIC_REDUCERS)
        return found
    return []


def circle_in(needs: Mapping[str, list[str]]) -> list[str]:
    """Return a circle among the expressions, its first one twice, or an empty list."""
    finished: set[str] = set()

    def walk(ref: str, way: list[str]) -> list[str]:
        if ref in way:
            return [*way[way.index(ref) :], ref]
        if ref in finished or ref not in needs:
            return []
        for other in needs[ref]:
            found = walk(other, [*way, ref])
            if found:
                return found
        finished.add(ref)
        return []

    return next((found for ref in needs if (found := walk(ref, []))), [])


def _conditions(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [c for c in model.get("conditions") or [] if isinstance(c, Mapping)]


def _one_of(field: str, value: object, known: tuple[str, ...]) -> list[Found]:
    if value in known:
        return []
    return [("expression_value", {"field": field, "value": value, "known": known})]


def _evaluator_problems(evaluator: Mapping[str, Any]) -> list[Found]:
    kind, params = evaluator.get("type"), evaluator.get("params") or []
    if kind not in EVALUATORS:
        return _one_of("evaluator", kind, tuple(EVALUATORS))
    count = EVALUATORS[kind]
    numbers = [p for p in params if isinstance(p, (int, float)) and not isinstance(p, bool)]
    if len(numbers) < count or len(numbers) < len(params):
        values = {"evaluator": kind, "params": str(params), "count": count}
        return [("expression_numbers", values)]
    return []


def _math_problems(text: str) -> list[Found]:
    """Check brackets, operators and values, but not the arguments of functions."""
    bare = text.strip()
    if not bare:
        return [("math_empty", {})]
    depth = 0
    for sign in bare:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    plain = VARIABLE.sub("$v", bare)
    wrong = (
        ("math_brackets", depth),
        ("math_dollar", "$" in plain.replace("$v", "")),
        ("math_operator", plain[-1] in OPERATOR or plain[0] in OPERATOR.strip("-+!")),
        ("math_values", BESIDE.search(CALL.sub("f(", plain))),
    )
    return [(code, {"text": bare}) for code, found in wrong if found][:1]
