# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What action plugins have in common that work on the controller and ask no host."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase


class LocalAction(ActionBase):
    """Checks its arguments, and does its work in `act`."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    ARGUMENTS: ClassVar[dict[str, Any]] = {}

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the task's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(argument_spec=self.ARGUMENTS)
        return self.act(result, arguments, task_vars or {})

    @abstractmethod
    def act(
        self, result: dict[str, Any], arguments: Mapping[str, Any], known: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the result with what was done.

        Args:
            result: What Ansible has begun.
            arguments: Validated by `ARGUMENTS`.
            known: The variables of the task, not templated.
        """
