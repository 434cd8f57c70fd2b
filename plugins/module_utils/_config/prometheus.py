# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules prometheus_config and prometheus_rules: one aside loads the set, then the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import transaction
from .connection import Connection, connection
from .container import check_with
from .directory import FileSet
from .options import check_named, texts, warn_of_missing_files
from .prometheus_rehearsal import PrometheusRehearsal, RulesRehearsal
from .prometheus_server import SETTLE, PrometheusServer
from .prometheus_targets import FileTargets
from .rehearsal import Words

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def run_config(module: AnsibleModule) -> None:
    """Run the module `prometheus_config`."""
    params = module.params
    mount_path, name = params["mount_path"].rstrip("/"), params["config_file"]

    def examine(wanted: FileSet) -> None:
        for option in ("config_file", "web_config_file"):
            if params[option]:
                check_named(option, params[option], wanted)
        warn_of_missing_files(module, name, wanted, mount_path)

    def validate(wanted: FileSet, staging: Path) -> None:
        rehearsal.check(wanted, staging)
        if params["web_config_file"]:
            # Not rehearsed: its passwords are hashes, so nobody could ask.
            web = f"{mount_path}/{params['web_config_file']}"
            check_with(["promtool", "check", "web-config", web], params, staging, mount_path)

    at = connection(module, mount_path)
    rehearsal = PrometheusRehearsal(module, mount_path, at)
    server = ConfigServer(at, rehearsal) if at else None
    transaction.run(module, examine, validate, server)


class ConfigServer(PrometheusServer):
    """The running Prometheus, compared with a whole configuration."""

    def __init__(self, connection: Connection, rehearsal: PrometheusRehearsal) -> None:
        super().__init__(connection, rehearsal)
        directory = f"{connection.mount_path}/"
        self._targets = FileTargets(self._session, self._url, directory, SETTLE - 1)

    def _more(self, wanted: FileSet, words: Words) -> dict[str, Any]:
        asked = self._rehearsal.files_read
        count, pools = self._targets.loaded(wanted, self._at.directory.path, asked)
        loaded = texts(words["documents"]["configuration"]) or {}
        jobs = [job["job_name"] for job in loaded.get("scrape_configs") or []]
        # Prometheus does not print the jobs of files that its configuration names.
        more = [pool for pool in pools if pool not in jobs and loaded.get("scrape_config_files")]
        return {"scrape_jobs": [*jobs, *more], "file_targets": count}


def run_rules(module: AnsibleModule) -> None:
    """Run the module `prometheus_rules`."""
    mount_path = module.params["mount_path"].rstrip("/")

    def examine(_wanted: FileSet) -> None:
        """All is the server's to judge: it reads rules from files of any name."""

    at = connection(module, mount_path)
    rehearsal = RulesRehearsal(module, mount_path, at)
    server = PrometheusServer(at, rehearsal) if at else None
    transaction.run(module, examine, rehearsal.check, server)
