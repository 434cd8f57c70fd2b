# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin preflight: report all that is wrong with the variables of a host, at once."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._preflight.fault import told
from ..plugin_utils._preflight.run import (
    INVENTORY,
    ROLES,
    STEPS,
    collected,
    inventory_faults,
    role_faults,
    step_faults,
)


class ActionModule(ActionBase):
    """Checks variables on the controller."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Fail with every fault of the roles and of the inventory."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                name: {
                    "type": "list",
                    "elements": "str",
                    "choices": list(choices),
                    "default": [],
                }
                for name, choices in (
                    ("roles", ROLES),
                    ("inventory", INVENTORY),
                    ("steps", STEPS),
                )
            }
        )
        known = task_vars or {}
        stages = [
            (role, partial(faults, self._loader, known, each))
            for option, faults in (
                ("inventory", inventory_faults),
                ("steps", step_faults),
                ("roles", role_faults),
            )
            for each in arguments[option]
            for role in [each if option == "roles" else ""]
        ]
        found = collected(stages)
        faults = [fault for of_role in found.values() for fault in of_role]
        result.update(
            changed=False,
            faults=[
                {"role": role, **asdict(fault), "message": fault.message}
                for role, of_role in found.items()
                for fault in of_role
            ],
        )
        if faults:
            result.update(failed=True, msg=f"{known['inventory_hostname']}: {told(faults)}")
        return result
