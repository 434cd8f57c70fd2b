# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variable of the user a fault is about, and where it is set."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .._variables import ROLES
from .fault import Fault
from .names import names

_tag: Callable[[Any], Any] | None
try:
    from ansible._internal._datatag._tags import Origin

    _tag = Origin.get_tag
except ImportError:  # ansible-core before 2.19: a text, list or dictionary of YAML has a position
    _tag = None

_STEP = re.compile(r"\[([^]]*)\]|\.([^.\[]+)")


def where(value: Any) -> str:
    """Return the file and line where a value was written; empty if Ansible does not know it."""
    path, line = getattr(value, "ansible_pos", ("", 0, 0))[:2]
    if _tag and (found := _tag(value)):
        path, line = found.path or found.description, found.line_num
    if not str(path).startswith("/"):
        return str(path or "")
    if Path(path).resolve().is_relative_to(ROLES.resolve()):
        return ""
    near = os.path.relpath(path)
    return f"{path if near.startswith('..') else near}:{line or 1}"


def located(fault: Fault, known: Mapping[str, Any]) -> Fault:
    """Return a fault with the place of its variable.

    Args:
        known: Variables as they are written.
    """
    name = base(fault.variable)
    if fault.where or name not in known:
        return fault
    value = known[name]
    found = where(value)
    if fault.code in ("variable.unknown", "variable.computed"):
        # A name is from the first place that sets the variable, its value from the last.
        found = found or where(next(key for key in known if key == name))
    for entry, key in _STEP.findall(fault.variable[len(name) :]):
        value = _inside(value, entry, key)
        found = where(value) or found
    return replace(fault, where=found)


def traced(fault: Fault, known: Mapping[str, Any], defaults: Mapping[str, Any]) -> Fault:
    """Return a fault with the name and the place of what the user has set.

    A wrong ``observability_bind_address`` is found as ``prometheus_bind_address``, of which it is
    the default.

    Args:
        known: What is set, as it is written.
        defaults: The defaults of roles, and what they compute, as they are written.
    """
    name = base(fault.variable)
    # A pair is told by the one that is missing, and the other one that it belongs to.
    expected = re.sub(r"\w+", lambda word: _root(word[0], known, defaults), fault.expected)
    if fault.code == "pair.incomplete" and expected == fault.expected:
        return located(fault, known)  # the other one is this role's own
    if fault.code == "variable.unreadable":
        for missing in _missing_keys(fault.variable, known, defaults):
            return located(missing, known)
    root = _root(name, known, defaults)
    behind = [] if is_set(root, known, defaults) else sorted(_behind(root, known, defaults))
    if len(behind) == 1:
        written = known[behind[0]]
        # A lookup in the default may be why, which has nothing of this variable.
        if str(written) not in fault.seen and fault.code == "url.invalid":
            return located(fault, known)
        itself = fault.seen in (str(written), repr(written))
        seen = fault.seen if itself else f"{fault.seen}, as {fault.variable}"
        fault = replace(
            fault, variable=behind[0], expected=expected, seen=seen, through=fault.variable
        )
    elif root != name:
        variable = root + fault.variable[len(name) :]
        fault = replace(fault, variable=variable, expected=expected)
    return located(fault, known)


def _missing_keys(
    variable: str, known: Mapping[str, Any], defaults: Mapping[str, Any]
) -> Iterator[Fault]:
    """Yield keys that are read, of a dictionary that the user has set without them.

    Args:
        variable: What is unreadable: the entry itself, or a variable whose default reads it.
    """
    text = "" if is_set(variable, known, defaults) else str(defaults.get(variable, variable))
    for found, key in re.findall(r"\b(\w+)\.(\w+)", text):
        given, usual = known.get(found), defaults.get(found)
        if isinstance(given, Mapping) and isinstance(usual, Mapping) and key in {*usual} - {*given}:
            expected = "a value, as the variable replaces its default as a whole"
            step = f", or set {variable} instead of {found}" if variable in defaults else ""
            yield Fault("value.missing", f"{found}.{key}", expected, "nothing", f"Add it{step}")


def _root(name: str, known: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """Return the variable whose value is all of this one's default."""
    while name in defaults and not is_set(name, known, defaults):
        found = re.fullmatch(r"{{ (\w+) }}", str(defaults[name]))
        if not found or found[1] not in names().known:
            break
        name = found[1]
    return name


def is_set(name: str, known: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """Return whether the user sets a variable: inside a role, its defaults are known as well."""
    return name in known and not (name in defaults and known[name] == defaults[name])


def base(variable: str) -> str:
    """Return the variable of which a place is told: that of ``collector_databases[n8n].port``."""
    found = re.match(r"\w+", variable)
    return found[0] if found else variable


def _inside(value: Any, entry: str, key: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(key or entry)
    if isinstance(value, list):
        for number, each in enumerate(value):
            if entry in (str(number), isinstance(each, Mapping) and str(each.get("name"))):
                return each
    return None


def _behind(name: str, known: Mapping[str, Any], defaults: Mapping[str, Any]) -> set[str]:
    """Return the variables that are set and that a default is made of."""
    found: set[str] = set()
    todo, seen = [name], {name}
    while todo:
        words = {*re.findall(r"\w+", str(defaults.get(todo.pop())))}
        # The lookup `fleet` makes `bind_address` of `observability_bind_address`, for example.
        for each in words.union(f"observability_{word}" for word in words) - seen:
            seen.add(each)
            if is_set(each, known, defaults):
                found.add(each)
            elif each in defaults:
                todo.append(each)
    return found & names().known
