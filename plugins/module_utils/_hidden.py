# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hide the values of a module's options when they are wrong.

`no_log` hides the value of a known key. A misspelt key is unknown, so Ansible's error about it
would show its value in verbose output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

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
        self._unread: tuple[str, ...] | None = free
        super().__init__(argument_spec=argument_spec, **more)
        self._unread = None

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Fail as AnsibleModule does, which also calls this if the options are wrong."""
        for name, value in self.params.items() if self._unread is not None else ():
            option = self.argument_spec.get(name)
            secret = option is None or name in (self._unread or ())
            found = {leaf for leaf, hidden in _leaves(option or {}, value, secret) if hidden}
            self.no_log_values.update(leaf for leaf in found if len(leaf) >= SHORTEST)
        super().fail_json(msg, **result)


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
