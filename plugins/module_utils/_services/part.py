# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of one module as a part of another one's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from .._failure import Failure

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class _Ended(BaseException):
    """The part has ended; no handler of the part may stop this."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


class Part:
    """What a module's work asks of its AnsibleModule, with options of its own.

    Args:
        whole: The module that runs; secrets of the part are hidden in its output.
        params: The part's options, validated.
        warnings: Gets the part's warnings.
    """

    def __init__(
        self,
        whole: AnsibleModule,
        params: Mapping[str, Any],
        check_mode: bool,
        warnings: list[str],
    ) -> None:
        self.params = dict(params)
        self.check_mode = check_mode
        self.no_log_values = whole.no_log_values
        self._diff = True
        self._whole = whole
        self._warnings = warnings

    @property
    def tmpdir(self) -> str:
        """Return the module's temporary directory."""
        return str(self._whole.tmpdir)

    def warn(self, warning: str) -> None:
        """Note a warning."""
        self._warnings.append(warning)

    def exit_json(self, **result: Any) -> NoReturn:
        """End the part with its result."""
        raise _Ended(result)

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """End the part with its failure."""
        raise Failure(result.get("code", "module"), msg, **(result.get("values") or {}))


def ended(work: Callable[[Any], None], part: Part) -> dict[str, Any]:
    """Run a module's work, and return its result.

    Raises:
        Failure: The work has failed.
    """
    try:
        work(part)
    except _Ended as end:
        return end.result
    raise RuntimeError(f"{work.__module__} ended without a result")
