# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of `alert_drill`: it adds the scenarios of the collection's own alerts."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._alerts.files import alerts
from ..plugin_utils._named import named, variables_of


class ActionModule(ActionBase):
    """Passes the scenarios to the module."""

    _supports_async = True
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        scenarios = {name: alert["drill"] for name, alert in alerts().items()}
        args = {**self._task.args}
        args["scenarios"] = {**scenarios, **(args.get("scenarios") or {})}
        result.update(
            self._execute_module(
                module_args=args, task_vars=task_vars, wrap_async=self._task.async_val
            )
        )
        return named(result, variables_of(self._task.get_ds(), self._task.action))
