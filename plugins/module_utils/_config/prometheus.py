# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules prometheus_config and prometheus_rules: check with promtool, reload, compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._api.prometheus import LABELS
from .._http.session import Session
from . import transaction
from .compare import patterns_match, shown, texts
from .connection import Connection, connection, prove_same
from .container import check_with
from .directory import ConfigError, FileSet, names_of
from .options import check_named, document, mapping
from .prometheus_server import PrometheusServer
from .server import NotLoaded

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# Shapes of answers (`_http.answer`).
CONFIG = {"data": {"yaml": str}}
FOUND = {"discoveredLabels": LABELS}
DISCOVERED = {"data": {"activeTargets": [FOUND], "droppedTargets?": [FOUND]}}

ENDINGS = (".yml", ".yaml")


def run_config(module: AnsibleModule) -> None:
    """Run the module `prometheus_config`."""
    params = module.params
    mount_path = params["mount_path"].rstrip("/")

    def examine(wanted: FileSet) -> None:
        for option in ("config_file", "web_config_file"):
            if params[option]:
                check_named(option, params[option], wanted)
        for name in names_of(wanted, ENDINGS):
            document(name, wanted[name])
        mapping(params["config_file"], wanted[params["config_file"]], "global, …")

    def validate(_wanted: FileSet, staging: Path) -> None:
        for kind, name in (("config", "config_file"), ("web-config", "web_config_file")):
            if params[name]:
                command = ["promtool", "check", kind, f"{mount_path}/{params[name]}"]
                check_with(command, params, staging, mount_path)

    at = connection(module, mount_path)
    server = ConfigServer(at, params["config_file"]) if at else None
    transaction.run(module, examine, validate, server)


class ConfigServer(PrometheusServer):
    """The running Prometheus, compared with a whole configuration."""

    def __init__(self, connection: Connection, config_file: str) -> None:
        super().__init__(connection)
        self._config_file = config_file

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        config = texts(wanted[self._config_file].content or b"") or {}
        answer = self._session.get_json(f"{self._url}/api/v1/status/config", CONFIG)
        loaded = shown(answer["data"]["yaml"], self._url)
        prove_same(self._at, "prometheus", self._config_file, config, loaded)
        jobs = config.get("scrape_configs") or []
        patterns = [
            pattern
            for job in jobs
            for discovery in job.get("file_sd_configs") or []
            for pattern in discovery.get("files") or []
        ]
        target_files = self._files(wanted, patterns)
        return {
            "scrape_jobs": [job["job_name"] for job in jobs],
            "file_targets": targets_loaded(
                self._session, self._url, target_files, self._at.mount_path
            )
            if patterns
            else 0,
            **self._prove_rules(self._files(wanted, config.get("rule_files"))),
        }

    def _files(self, wanted: FileSet, patterns: list[str] | None) -> dict[str, Any]:
        """Return the documents of the set that globs of the configuration match, by name."""
        mount_path = self._at.mount_path
        return {
            name: texts(wanted[name].content or b"")
            for name in names_of(wanted, ("",))
            if not wanted[name].secret and patterns_match(patterns or [], name, mount_path)
        }


def targets_loaded(session: Session, url: str, files: Mapping[str, Any], mount_path: str) -> int:
    """Compare the targets of `file_sd` files with the discovered ones, and return their number.

    Source: Prometheus HTTP API, GET /api/v1/targets.

    Args:
        files: Parsed target files, by name.

    Raises:
        NotLoaded: `server.other_targets`, with the values `missing` and `extra`.
    """
    expected = {
        (f"{mount_path}/{name}", target)
        for name, groups in files.items()
        for group in groups or []
        for target in group.get("targets") or []
    }
    found = session.get_json(f"{url}/api/v1/targets", DISCOVERED)["data"]
    own = f"{mount_path}/"
    discovered = {
        (labels["__meta_filepath"], labels.get("__address__", ""))
        for target in (*found["activeTargets"], *(found.get("droppedTargets") or ()))
        for labels in [target["discoveredLabels"]]
        if labels.get("__meta_filepath", "").startswith(own)
    }
    missing = sorted(map(str, expected - discovered))
    extra = sorted(map(str, discovered - expected))
    if missing or extra:
        raise NotLoaded(
            "server.other_targets",
            f"Prometheus at {url}: expected the targets of files that were written; "
            f"missing: {', '.join(missing[:5]) or 'none'}; too many: "
            f"{', '.join(extra[:5]) or 'none'}.",
            settles=True,
            missing=missing,
            extra=extra,
        )
    return len(expected)


def run_rules(module: AnsibleModule) -> None:
    """Run the module `prometheus_rules`."""
    params = module.params
    mount_path = params["mount_path"].rstrip("/")

    def examine(wanted: FileSet) -> None:
        for name, entry in wanted.items():
            if entry.content is not None and not name.endswith(ENDINGS):
                raise ConfigError(
                    "config.no_rule_file",
                    f"files: expected rule files (.yml, .yaml); seen: {name}.",
                    name=name,
                )
        for name in names_of(wanted, ENDINGS):
            mapping(name, wanted[name], "groups")

    def validate(wanted: FileSet, staging: Path) -> None:
        names = [f"{mount_path}/{name}" for name in names_of(wanted, ENDINGS)]
        if names:
            check_with(["promtool", "check", "rules", *sorted(names)], params, staging, mount_path)

    at = connection(module, mount_path)
    transaction.run(module, examine, validate, RulesServer(at) if at else None)


class RulesServer(PrometheusServer):
    """The running Prometheus, compared with rule files alone."""

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        answer = self._session.get_json(f"{self._url}/api/v1/status/config", CONFIG)
        patterns = shown(answer["data"]["yaml"], self._url).get("rule_files") or []
        files = {name: texts(wanted[name].content or b"") for name in names_of(wanted, ENDINGS)}
        unread = [name for name in files if not patterns_match(patterns, name, self._at.mount_path)]
        if unread:
            raise NotLoaded(
                "server.directory_not_read",
                f"Prometheus at {self._url}: expected rule_files of its configuration to name "
                f"{self._at.mount_path}/{sorted(unread)[0]}; seen: "
                f"{', '.join(patterns) or 'none'}. Add {self._at.mount_path}/*.yml there.",
                unread=unread,
                rule_files=patterns,
            )
        return self._prove_rules(files)
