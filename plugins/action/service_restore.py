# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of `service_restore`: it brings the backup to the host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._backup.record import MANIFEST, chosen, read_manifest, verify
from ..module_utils._failure import Failure
from ..plugin_utils._transfer import taken


class ActionModule(ActionBase):
    """Compares the backup with its manifest, brings it to the host, and runs the module."""

    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = dict(self._task.args)
        try:
            here = taken(args, "controller_path", "path")
            if here:
                args["path"] = self._brought(Path(here).expanduser())
            result.update(
                self._execute_module(
                    module_name="vya.observability.service_restore",
                    module_args=args,
                    task_vars=task_vars,
                )
            )
        except Failure as error:
            result.update(failed=True, msg=str(error), code=error.code)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _brought(self, folder: Path) -> str:
        """Bring a backup to the host, and return its directory there.

        Raises:
            Failure: `backup.damaged` or `backup.no_manifest`.
        """
        folder = chosen(folder)
        manifest = read_manifest(folder)
        verify(folder, manifest)
        if not self._connection._shell.tmpdir:
            self._make_tmp_path()
        directory = str(self._connection._shell.tmpdir)
        for name in (MANIFEST, *manifest["files"]):
            self._transfer_file(
                str(folder / name), self._connection._shell.join_path(directory, name)
            )
        return directory
