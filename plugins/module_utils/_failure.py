# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a module cannot do what was asked: a code for programs, a message for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ._texts.text import as_data

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class Failure(Exception):  # noqa: N818  (it is the module's outcome, not a bug)
    """A module did not do what was asked.

    Args:
        code: What is wrong, in ``snake_case`` with a subject before a dot (``release.port_taken``).
            It stays the same when the message is improved; tests and playbooks use it.
        message: What was expected, what was seen, the cause if it is known, the next step.
        values: What the message is about (a port, a name, an option), for programs. No secrets.
    """

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


def fail(module: AnsibleModule, failure: Failure, **result: Any) -> NoReturn:
    """End a module with a failure: ``msg``, ``code`` and ``values``, and the facts of `result`."""
    module.fail_json(msg=str(failure), code=failure.code, values=as_data(failure.values), **result)
