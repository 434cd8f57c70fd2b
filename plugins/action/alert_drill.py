# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of `alert_drill`: it adds the scenarios of the collection's own alerts, and
prints how far the drill is."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._signals import background
from ..module_utils._texts.text import say, text
from ..plugin_utils._alerts.files import alerts
from ..plugin_utils._named import named, variables_of

POLL = 2.0  # seconds between two looks at the file
REPEAT = 60.0  # seconds after which the same is printed again


def line_of(progress: Mapping[str, Any]) -> str:
    """Return what is printed of the module's file; empty if nothing is waited for."""
    waits = [
        text("drill_waits", **{**wait, **{key: _clock(wait[key]) for key in ("since", "until")}})
        for wait in progress["waits"]
    ]
    if not waits:
        return ""
    code = "drill_away" if progress["failed"] else "drill_progress"
    return say(code, {"waits": waits, "request": progress["failed"]})


def _clock(epoch_seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(epoch_seconds))


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
        with self._told(args):
            result.update(
                self._execute_module(
                    module_args=args, task_vars=task_vars, wrap_async=self._task.async_val
                )
            )
        return named(result, variables_of(self._task.get_ds(), self._task.action))

    @contextmanager
    def _told(self, args: dict[str, Any]) -> Iterator[None]:
        """Print how far the module is, while it runs."""
        # Connections of other collections may not take a second command meanwhile.
        ours = type(self._connection).__module__.startswith("ansible.plugins.connection.")
        if self._task.check_mode or self._task.async_val or not ours:
            yield
            return
        self._make_tmp_path()
        directory = self._connection._shell.tmpdir
        args["progress_file"] = self._connection._shell.join_path(directory, "progress")
        ended = threading.Event()
        reader = background(partial(self._read, args["progress_file"], ended))
        try:
            yield
        finally:
            ended.set()
            reader.join(POLL)
            self._remove_tmp_path(directory)

    def _read(self, path: str, ended: threading.Event) -> None:
        last, at, parent = "", 0.0, os.getppid()
        while not ended.wait(POLL):
            # What is printed is of no use to the drill itself.
            with suppress(Exception):
                gone = os.getppid() != parent  # Ansible was killed, only this worker is left
                command = f"touch {'-d @0 ' if gone else ''}{path}.read; cat {path}"
                answer = self._low_level_execute_command(command, sudoable=False)
                line = line_of(json.loads(answer["stdout"])) if not answer["rc"] else ""
                if line and (line != last or time.monotonic() - at > REPEAT):
                    Display().display(line)
                    last, at = line, time.monotonic()
