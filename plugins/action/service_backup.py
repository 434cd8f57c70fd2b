# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of `service_backup`: it brings the backup here."""

from __future__ import annotations

import json
import shlex
import time
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._backup.record import (
    FILE,
    MANIFEST,
    finished,
    new_folder,
    prune,
    read_manifest,
    verify,
    write_manifest,
)
from ..module_utils._failure import Failure
from ..plugin_utils._transfer import fetch, taken


class ActionModule(ActionBase):
    """Runs the module, and fetches what it made."""

    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result, with the backup's path on the controller."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = dict(self._task.args)
        try:
            here = taken(args, "controller_directory", "directory")
        except Failure as error:
            return {**result, "failed": True, "code": error.code, "msg": str(error)}
        keep, days = int(args.get("keep", 7)), float(args.get("keep_days", 0))
        result.update(
            self._execute_module(
                module_name="vya.observability.service_backup",
                module_args=args,
                task_vars=task_vars,
            )
        )
        if not here or result.get("failed") or not result.get("path"):
            return result
        service = Path(here).expanduser() / str(args.get("host") or "") / str(args["name"])
        there = str(result["path"])
        try:
            folder = self._fetched(there, service)
            result["removed"] = prune(service, keep, days, time.time())
        except Failure as error:
            result.update(failed=True, msg=str(error), code=error.code)
            return result
        self._low_level_execute_command(f"rm -rf -- {shlex.quote(there)}")
        result["path"] = str(folder)
        return result

    def _fetched(self, there: str, service: Path) -> Path:
        """Bring a backup here, compare it with its manifest, and return its folder.

        Raises:
            Failure: `backup.damaged` or `backup.no_manifest`.
        """
        part = new_folder(service, Path(there).name)
        answer = self._low_level_execute_command(f"cat {shlex.quote(f'{there}/{MANIFEST}')}")
        try:
            write_manifest(part, json.loads(answer["stdout"]))
        except ValueError as error:
            said = f"{there}: its manifest cannot be read: {answer['stderr'].strip() or error}"
            raise Failure("backup.no_manifest", said) from error
        manifest = read_manifest(part)
        for name, told in manifest["files"].items():
            if FILE.fullmatch(name):
                source = f"{there}/{name}"
                fetch(self._low_level_execute_command, source, part / name, int(told["bytes"]))
        verify(part, manifest)
        return finished(part)
