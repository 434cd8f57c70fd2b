# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specification of a role, as checks of variables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._variables import UnreadableVariableError
from .fault import Fault


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
                yield Fault("variable.unreadable", error.name, "a value", error.reason)


def _faults(name: str, option: Mapping[str, Any], value: Any) -> Iterator[Fault]:
    if value is None:
        if option.get("required"):
            yield Fault("value.missing", name, _expected(option), "nothing")
        return
    validation = ArgumentSpecValidator({name: _plain(option)}).validate({name: value})
    if validation.error_messages:
        short = isinstance(value, (str, int, float)) and not option.get("no_log")
        seen = repr(value) if short else f"a {type(value).__name__}"
        hidden = short or option.get("no_log")
        yield Fault(
            "value.invalid",
            name,
            _expected(option),
            seen if hidden else f"{seen} ({'; '.join(validation.error_messages)})",
        )


def _plain(option: Mapping[str, Any]) -> dict[str, Any]:
    """Return an option without what is only documentation."""
    return {name: value for name, value in option.items() if name != "description"}


def _expected(option: Mapping[str, Any]) -> str:
    if option.get("choices"):
        return f"one of {', '.join(map(str, option['choices']))}"
    elements = f" of {option['elements']}" if option.get("elements") else ""
    return f"a value of type {option.get('type', 'str')}{elements}"
