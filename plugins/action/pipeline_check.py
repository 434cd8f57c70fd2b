# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of `pipeline_check`, and of modules that meta/runtime.yml names.

What they say of an option names the variable that sets it.
"""

from __future__ import annotations

from typing import Any

from ansible.plugins.action.normal import ActionModule as Normal

from ..plugin_utils._named import named, variables_of


class ActionModule(Normal):
    """Runs the module of the task."""

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        return named(result, variables_of(self._task.get_ds(), self._task.action))
