# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specification of a role, as checks of variables."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._variables import UnreadableVariableError
from .fault import Fault, unreadable
from .names import PLAYBOOKS, key_faults

# What Ansible takes as `serial` of a play.
_BATCH = re.compile(r"\s*-?[0-9]+(?:[.]0+)?\s*%?\s*")
# Lists that a playbook reads itself: of a text, it would read letter by letter.
_LISTS = ("backup_services", "decommission_other_containers", "decommission_other_paths")


def option_faults(
    options: Mapping[str, Mapping[str, Any]], given: Collection[str], v: Mapping[str, Any]
) -> Iterator[Fault]:
    """Yield variables that are not what a role's argument specification says.

    Ansible checks the same when the role runs; this finds all of them, before.

    Args:
        options: The role's options, by variable.
        given: The variables that are set; defaults need no check.
        v: The values.
    """
    for name, option in options.items():
        if name in given or option.get("required"):
            try:
                yield from _faults(name, option, v.get(name))
            except UnreadableVariableError as error:
                yield unreadable(error.name, error.reason)


def playbook_faults(given: Collection[str], v: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield variables that only playbooks read and that are of another type.

    Args:
        given: Those that the playbook which runs reads, and that are set.
        v: The values.
    """
    known = {name: option for name, option in PLAYBOOKS.items() if name in given}
    for fault in list(option_faults(known, given, v)):
        yield fault
        known.pop(fault.variable, None)
    for name in (each for each in _LISTS if each in known and isinstance(v[each], str)):
        meant = [each.strip() for each in v[name].split(",") if each.strip()] or ["NAME"]
        step = f"On the command line: -e '{json.dumps({name: meant})}'"
        yield Fault("value.invalid", name, "a list", repr(v[name]), step)
    if "deploy_serial" in known:
        yield from _batches("deploy_serial", v["deploy_serial"])


def _batches(name: str, value: Any) -> Iterator[Fault]:
    several = value if isinstance(value, (list, tuple)) else [value]
    if not all(_BATCH.fullmatch(str(each)) for each in several):
        expected = "a number of hosts, a percentage such as 25%, or a list of these"
        yield Fault("value.invalid", name, expected, repr(value))


def _faults(
    name: str, option: Mapping[str, Any], value: Any, hidden: bool = False
) -> Iterator[Fault]:
    """Yield what is wrong with a value, and with the entries of one that has options.

    Args:
        hidden: The value is part of a secret.
    """
    hidden = hidden or bool(option.get("no_log"))
    inner = option.get("options")
    if value is None:
        if option.get("required"):
            yield Fault("value.missing", name, _expected(option), "nothing")
    elif inner and isinstance(value, Mapping):
        yield from _entries(name, inner, value, hidden)
    elif inner and isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            where = f"{name}[{each.get('name', number) if isinstance(each, Mapping) else number}]"
            yield from _faults(where, {**option, "type": "dict"}, each, hidden)
    else:
        yield from _value(name, option, value, hidden)


def _entries(
    name: str, options: Mapping[str, Mapping[str, Any]], value: Mapping[str, Any], hidden: bool
) -> Iterator[Fault]:
    yield from key_faults(name, options, value)
    for key, option in options.items():
        if key in value or option.get("required"):
            yield from _faults(f"{name}.{key}", option, value.get(key), hidden)


def _value(name: str, option: Mapping[str, Any], value: Any, hidden: bool) -> Iterator[Fault]:
    validation = ArgumentSpecValidator({"value": _plain(option)}).validate({"value": value})
    if validation.error_messages:
        short = isinstance(value, (str, int, float)) and not hidden
        # Not the type's own name: ansible-core has types of its own for these.
        kind = next((each for each in (dict, list, str) if isinstance(value, each)), type(value))
        seen = repr(value) if short else f"a {kind.__name__}"
        yield Fault("value.invalid", name, _expected(option, value), seen)


def _plain(option: Mapping[str, Any]) -> dict[str, Any]:
    """Return an option without what is only documentation."""
    return {name: value for name, value in option.items() if name != "description"}


def _expected(option: Mapping[str, Any], value: Any = "") -> str:
    choices = [str(each) for each in option.get("choices") or ()]
    if choices:
        given = value if isinstance(value, (list, tuple)) else [value]
        near = [close for each in given for close in get_close_matches(str(each), choices, 1)]
        wrong = [each for each in near if each not in map(str, given)]
        if not wrong:
            return f"one of {', '.join(choices)}"
        return ", or ".join([wrong[0], *(each for each in choices if each != wrong[0])])
    elements = f" of {option['elements']}" if option.get("elements") else ""
    return f"a value of type {option.get('type', 'str')}{elements}"
