# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regular expression of a dashboard's variable: which values it takes, and what of them."""

from __future__ import annotations

import re

WRAPPED = re.compile(r"/(.*)/([a-z]*)", re.DOTALL)


def pattern_of(text: object) -> re.Pattern[str] | None:
    """Return a variable's regular expression, None if it has none; raises `re.error`."""
    if not isinstance(text, str) or not text:
        return None
    wrapped = WRAPPED.fullmatch(text)
    flags = re.IGNORECASE if wrapped and "i" in wrapped[2] else 0
    # JavaScript's groups have their names without a P.
    return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", wrapped[1] if wrapped else text), flags)


def fitting(values: list[str], pattern: object) -> list[str]:
    """Return what a variable's regular expression makes of values; raises `re.error`."""
    compiled = pattern_of(pattern)
    if compiled is None:
        return values
    found = []
    for value in values:
        match = compiled.search(value)
        if match:
            groups = match.groupdict()
            named = groups.get("value") or groups.get("text")
            found.append(named or (match[1] if compiled.groups and match[1] else value))
    return list(dict.fromkeys(found))
