# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what a run did and found, for tests: a line of JSON for each result of a task."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: told
type: aggregate
short_description: Results of tasks, for tests
description: Writes a line of JSON for each result into the file that TOLD names.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """See DOCUMENTATION."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "told"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        """Note a task that succeeded."""
        self._note(result)

    def v2_runner_on_failed(self, result: Any, **_how: Any) -> None:
        """Note a task that failed."""
        self._note(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Note a task whose host did not answer."""
        self._note(result)

    def _note(self, result: Any) -> None:
        line = {"action": result._task.action, "faults": result._result.get("faults", [])}
        with Path(os.environ["TOLD"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
