# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hide the values of a module's options when they are wrong.

`no_log` hides the value of a known key. A misspelt key is unknown, so Ansible's error about it
would show its value in verbose output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ._python import refuse_older

refuse_older()  # each module imports this file before any other of the collection

SHORTEST = 4  # characters; hiding shorter ones would garble the error


class Module(AnsibleModule):
    """AnsibleModule that hides the values of keys that it does not know.

    Args:
        argument_spec: Ansible's; also of suboptions.
        free: Options of any keys, whose values may be secrets.
        more: AnsibleModule's other arguments.
    """

    def __init__(
        self, argument_spec: dict[str, Any], free: tuple[str, ...] = (), **more: Any
    ) -> None:
        self._free, self._unread = free, True
        super().__init__(argument_spec=argument_spec, **more)
        self._unread = False

    def _log_invocation(self) -> None:
        """Write the call to the host's log without values that may be secrets."""
        shown, self.params = self.params, dict(self.params)
        for name in self._free:
            self.params[name] = "(not logged)"
        try:
            super()._log_invocation()
        finally:
            self.params = shown

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Fail as AnsibleModule does, which also calls this if the options are wrong."""
        if self._unread:
            self.no_log_values.update(secrets_of(self.argument_spec, self.params, self._free))
        elif self._free and "invocation" not in result:
            # Their secrets are only known when they are read.
            hidden = dict.fromkeys(self._free, "(not shown)")
            result["invocation"] = {"module_args": {**self.params, **hidden}}
        super().fail_json(msg, **result)


def secrets_of(
    argument_spec: Mapping[str, Any], params: Mapping[str, Any], free: Sequence[str] = ()
) -> set[str]:
    """Return the values of options that must not be shown: secrets, and those of unknown keys.

    Args:
        argument_spec: Ansible's.
        params: The options, which may be wrong.
        free: Options of any keys, whose values may be secrets.
    """
    found = set()
    for name, value in params.items():
        option = argument_spec.get(name)
        secret = option is None or name in free
        found |= {leaf for leaf, hidden in _leaves(option or {}, value, secret) if hidden}
    return {leaf for leaf in found if len(leaf) >= SHORTEST}


def validated(
    hidden: set[str],
    argument_spec: dict[str, Any],
    params: Mapping[str, Any],
    free: Sequence[str] = (),
) -> tuple[dict[str, Any], list[str]]:
    """Validate options that are inside an option of a module, and hide their secrets.

    Args:
        hidden: Gets the values that must not be shown, mostly `no_log_values` of the module.
        argument_spec: Of these options.
        params: The options.
        free: Options of any keys, whose values may be secrets.

    Returns:
        The options with their defaults, and what is wrong with them.
    """
    hidden.update(secrets_of(argument_spec, params))
    validation = ArgumentSpecValidator(argument_spec).validate(dict(params))
    problems = list(validation.error_messages)
    if problems:
        hidden.update(secrets_of(argument_spec, params, free))
    return validation.validated_parameters, problems


def _leaves(option: Mapping[str, Any], value: Any, secret: bool) -> Iterator[tuple[str, bool]]:
    """Yield the texts and numbers below an option's value, and whether each must be hidden."""
    secret = secret or bool(option.get("no_log"))
    options = option.get("options")
    if isinstance(value, Mapping):
        for key, each in value.items():
            unknown = options is not None and key not in options
            yield from _leaves((options or {}).get(key) or {}, each, secret or unknown)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _leaves(option, each, secret)
    elif value is not None and not isinstance(value, bool):
        yield str(value), secret or options is not None
