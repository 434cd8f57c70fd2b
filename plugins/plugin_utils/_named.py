# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that a module's messages name, by the variables that a role's user sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ._preflight.names import names

_TEXTS = ("expected", "seen", "cause", "fix")


def variables_of(task: Any, action: str) -> dict[str, str]:
    """Return the variable of each option that is made of exactly one of ours.

    Args:
        task: The task as it is written, before templating.
        action: Its module.
    """
    known = names().known
    short = action.rpartition(".")[2]
    found: dict[str, str] = {}
    for key, options in task.items() if isinstance(task, Mapping) else ():
        if str(key).rpartition(".")[2] == short and isinstance(options, Mapping):
            for option, value in options.items():
                behind = known & {*re.findall(r"\w+", str(value) if "{{" in str(value) else "")}
                found.update({str(option): each for each in behind if len(behind) == 1})
    return found


def named(result: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """Return a module's result, with variables where its texts name options."""
    if not variables:
        return dict(result)
    # Of one word, as `timeout`, it is an option only where a text says so.
    pattern = re.compile(
        "|".join(
            rf"\b{option}\b" if "_" in option else rf"(?:(?<=option )|(?<=opção )){option}\b"
            for option in variables
        )
    )

    def told(value: Mapping[str, Any], *texts: str) -> dict[str, Any]:
        values = value.get("values")
        option = str(values.get("option")) if isinstance(values, Mapping) else ""
        return {
            **value,
            **{
                name: pattern.sub(lambda found: variables[found[0]], value[name])
                for name in texts
                if isinstance(value.get(name), str)
            },
            **({"variable": variables[option]} if option in variables else {}),
        }

    found = told(result, "msg") if result.get("failed") else dict(result)
    if isinstance(found.get("checks"), list):
        found["checks"] = [told(check, *_TEXTS) for check in found["checks"]]
    return found
