# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus's configuration: checked by promtool, reloaded, proven to be what the server runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._http.session import Session
from . import transaction
from .compare import differences, patterns_match, texts
from .connection import Connection, connection
from .container import connect, finished, one_off
from .directory import ConfigError, FileSet, names_of
from .options import document
from .prometheus_server import PrometheusServer
from .server import NotLoaded

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

ENDINGS = (".yml", ".yaml")


def run_config(module: AnsibleModule) -> None:
    """The whole of the module C(prometheus_config)."""
    params = module.params
    mount_path = params["mount_path"].rstrip("/")

    def examine(wanted: FileSet) -> None:
        for option in ("config_file", "web_config_file"):
            name = params[option]
            if name and (name not in wanted or wanted[name].content is None):
                raise ConfigError(f"{option}: expected {name} among files; it is not there.")
        for name in names_of(wanted, (".yml", ".yaml")):
            document(name, wanted[name])
        if not isinstance(document(params["config_file"], wanted[params["config_file"]]), dict):
            raise ConfigError(
                f"{params['config_file']}: expected a mapping (global, …) at the top."
            )

    def validate(_wanted: FileSet, staging: Path) -> None:
        config = f"{mount_path}/{params['config_file']}"
        promtool(params, ["check", "config", config], staging, mount_path)
        if params["web_config_file"]:
            name = f"{mount_path}/{params['web_config_file']}"
            promtool(params, ["check", "web-config", name], staging, mount_path)

    at = connection(module, mount_path)
    server = ConfigServer(at, params["config_file"]) if at else None
    transaction.run(module, examine, validate, server)


class ConfigServer(PrometheusServer):
    """The server, compared with a whole configuration."""

    def __init__(self, connection: Connection, config_file: str) -> None:
        super().__init__(connection)
        self._config_file = config_file

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        config = texts(wanted[self._config_file].content or b"") or {}
        self._prove_config(config)
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

    def _prove_config(self, config: Any) -> None:
        answer = self._session.get_json(f"{self._url}/api/v1/status/config")
        loaded = texts(answer["data"]["yaml"]) or {}
        found = [
            f"{where} ({seen})" for where, seen in differences(config, loaded, self._at.mount_path)
        ]
        if found:
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise NotLoaded(
                f"Prometheus at {self._url} runs another configuration than "
                f"{self._at.directory.path}/{self._config_file}: it differs at "
                f"{'; '.join(found[:5])}{more}. Likely it was started with another --config.file, "
                "or its container mounts another directory. "
            )

    def _files(self, wanted: FileSet, patterns: list[str] | None) -> dict[str, Any]:
        """The documents of the set that globs of the configuration mean, by name."""
        mount_path = self._at.mount_path
        return {
            name: texts(wanted[name].content or b"")
            for name in names_of(wanted, ("",))
            if not wanted[name].secret and patterns_match(patterns or [], name, mount_path)
        }


def promtool(
    params: Mapping[str, Any], arguments: Sequence[str], staging: Path, mount_path: str
) -> None:
    """Run promtool on C(staging), which it sees at C(mount_path). Raises ConfigError."""
    command = ["promtool", *arguments]
    client = connect(params["docker_host"])
    owner = (params["owner"], params["group"])
    subject = Path(params["path"])
    with one_off(
        client, params["image"], command, staging, mount_path, subject, owner
    ) as container:
        code, output = finished(container)
    if code:
        raise ConfigError(
            f"promtool refuses the configuration; nothing was written to {subject}. "
            f"`{' '.join(command)}` in {params['image']} says (exit code {code}):\n{output}"
        )


def targets_loaded(session: Session, url: str, files: Mapping[str, Any], mount_path: str) -> int:
    """Compare the targets of C(file_sd) files with those discovered; return their number.

    C(files): parsed target files by name. Raises NotLoaded.
    """
    expected = {
        (f"{mount_path}/{name}", target)
        for name, groups in files.items()
        for group in groups or []
        for target in group.get("targets") or []
    }
    found = session.get_json(f"{url}/api/v1/targets")["data"]
    own = f"{mount_path}/"
    discovered = {
        (labels["__meta_filepath"], labels["__address__"])
        for target in (*found["activeTargets"], *found["droppedTargets"])
        for labels in [target["discoveredLabels"]]
        if labels.get("__meta_filepath", "").startswith(own)
    }
    missing = sorted(map(str, expected - discovered))
    extra = sorted(map(str, discovered - expected))
    if missing or extra:
        raise NotLoaded(
            f"Prometheus at {url}: expected the targets of files that were written; "
            f"missing: {', '.join(missing[:5]) or 'none'}; too many: "
            f"{', '.join(extra[:5]) or 'none'}. ",
            settles=True,
        )
    return len(expected)


def run_rules(module: AnsibleModule) -> None:
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
