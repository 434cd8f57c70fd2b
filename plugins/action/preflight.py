# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin preflight: report all that is wrong with the variables of a host, at once."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._fleet.read import fleet_of
from ..plugin_utils._preflight.names import names
from ..plugin_utils._preflight.run import (
    INVENTORY,
    ROLES,
    STEPS,
    collected,
    inventory_faults,
    role_faults,
    step_faults,
)
from ..plugin_utils._preflight.table import summary, table
from ..plugin_utils._variables import preload

preload()
names()


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
                **{
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
                },
                "found": {"type": "list", "elements": "dict"},
                "fatal": {"type": "bool", "default": True},
            }
        )
        if arguments["found"] is None:
            faults = self._found(task_vars or {}, arguments)
        else:
            faults = [fault for each in arguments["found"] for fault in each["faults"]]
        fatal = bool(faults) and arguments["fatal"]
        result["changed"] = False
        # Below the table, a failed task would print all of it once more.
        if not fatal or self._task.register or self._display.verbosity:
            result["faults"] = faults
        if fatal:
            columns = shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120
            self._display.display("\n".join(["", *table(faults, columns), ""]))
            result.update(failed=True, msg=f"{summary(faults)}: see the table above")
        return result

    def _found(
        self, known: Mapping[str, Any], arguments: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Return the faults of a host."""
        loader, fleet = self._loader, fleet_of(self._loader, known)
        stages = [
            (each if option == "roles" else "", partial(faults, each))
            for option, faults in (
                ("inventory", partial(inventory_faults, loader, known, fleet)),
                ("steps", partial(step_faults, loader, known)),
                ("roles", partial(role_faults, loader, known)),
            )
            for each in dict.fromkeys(arguments[option])
        ]
        host = known["inventory_hostname"]
        return [
            {**asdict(fault), "host": fault.host or host, "role": role, "message": fault.message}
            for role, of_role in collected(stages).items()
            for fault in of_role
        ]
