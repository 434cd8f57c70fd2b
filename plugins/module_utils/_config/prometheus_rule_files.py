# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule files for a Prometheus whose configuration is somebody else's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import transaction
from .compare import patterns_match, texts
from .connection import connection
from .directory import ConfigError, FileSet, names_of
from .options import document
from .prometheus_server import PrometheusServer
from .promtool import promtool
from .transaction import NotLoaded

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

ENDINGS = (".yml", ".yaml")


def run_module(module: AnsibleModule) -> None:
    """The whole of the module C(prometheus_rules)."""
    params = module.params
    mount_path = params["mount_path"].rstrip("/")

    def examine(wanted: FileSet) -> None:
        for name, entry in wanted.items():
            if entry.content is not None and not name.endswith(ENDINGS):
                raise ConfigError(f"files: expected rule files (.yml, .yaml); seen: {name}.")
        for name in names_of(wanted, ENDINGS):
            if not isinstance(document(name, wanted[name]), dict):
                raise ConfigError(f"{name}: expected a mapping with groups at the top.")

    def validate(wanted: FileSet, staging: Path) -> None:
        names = [f"{mount_path}/{name}" for name in names_of(wanted, ENDINGS)]
        if names:
            promtool(params, ["check", "rules", *sorted(names)], staging, mount_path)

    at = connection(module, mount_path)
    transaction.run(module, examine, validate, RulesServer(at) if at else None)


class RulesServer(PrometheusServer):
    """The server, compared with rule files alone."""

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        answer = self._session.get_json(f"{self._url}/api/v1/status/config")
        patterns = (texts(answer["data"]["yaml"]) or {}).get("rule_files") or []
        files = {name: texts(wanted[name].content or b"") for name in names_of(wanted, ENDINGS)}
        unread = [name for name in files if not patterns_match(patterns, name, self._at.mount_path)]
        if unread:
            raise NotLoaded(
                f"Prometheus at {self._url}: expected rule_files of its configuration to name "
                f"{self._at.mount_path}/{sorted(unread)[0]}; seen: "
                f"{', '.join(patterns) or 'none'}. Add {self._at.mount_path}/*.yml there. "
            )
        return self._prove_rules(files)
