# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alertmanager's configuration: checked by amtool, reloaded, proven to be what the server runs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import transaction
from .compare import differences, texts
from .connection import POLL, Connection, connection, last_reload
from .container import connect, finished, one_off
from .directory import ConfigError, FileSet, names_of
from .options import document
from .server import ERROR_WORDS, NotLoaded

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

MATCHERS = ("matchers", "source_matchers", "target_matchers")
MATCHER = re.compile(r'([^\s=!~,{}"]+|"[^"]*")\s*(=~|!~|!=|=)\s*("(?:\\.|[^"\\])*"|[^\s,{}"]*)')


def run_module(module: AnsibleModule) -> None:
    """The whole of the module C(alertmanager_config)."""
    params = module.params
    mount_path, name = params["mount_path"].rstrip("/"), params["config_file"]

    def examine(wanted: FileSet) -> None:
        if name not in wanted or wanted[name].content is None:
            raise ConfigError(f"config_file: expected {name} in files or secrets; it is not there.")
        for each in names_of(wanted, (".yml", ".yaml")):
            document(each, wanted[each])
        config = document(name, wanted[name])
        if not isinstance(config, dict):
            raise ConfigError(f"{name}: expected a mapping (global, route, …) at the top.")
        # Neither amtool nor a reload looks for these; the first notification would fail.
        for where, path in _files_below(config):
            inside = path.startswith(f"{mount_path}/")
            if inside and path[len(mount_path) + 1 :] not in wanted:
                raise ConfigError(
                    f"{name}: {where} is {path}; expected it in files or secrets, it is not there."
                )

    def validate(_wanted: FileSet, staging: Path) -> None:
        command = ["amtool", "check-config", f"{mount_path}/{name}"]
        with one_off(
            connect(params["docker_host"]),
            params["image"],
            command,
            staging,
            mount_path,
            Path(params["path"]),
            (params["owner"], params["group"]),
        ) as container:
            code, output = finished(container)
        if code:
            raise ConfigError(
                f"amtool refuses the configuration; nothing was written to {params['path']}. "
                f"`{' '.join(command)}` in {params['image']} says (exit code {code}):\n{output}"
            )

    at = connection(module, mount_path)
    server = AlertmanagerServer(at, name) if at else None
    transaction.run(module, examine, validate, server)


class AlertmanagerServer:
    """The running server; see C(transaction.Server)."""

    def __init__(self, connection: Connection, config_file: str) -> None:
        self._at, self._config_file = connection, config_file
        self._session, self._url = connection.session, connection.url

    def absent(self, patience: float) -> str:
        """Why no server that reads the directory is ready."""
        return self._at.absent("/-/ready", patience)

    def reload(self) -> None:
        """POST /-/reload. Raises NotLoaded with the reason."""
        began = time.time()
        answer = self._session.request(
            "POST", f"{self._url}/-/reload", expected=(200, 500), timeout=60
        )
        if answer.status == 500:
            log = self._at.container.log_since(began, ERROR_WORDS) if self._at.container else ""
            raise NotLoaded(
                f"Alertmanager at {self._url} refused to load the configuration that amtool had "
                f"accepted: {' '.join(answer.text.split())}\n{log}\n"
            )

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Compare what is loaded with the set. Raises NotLoaded."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return self._prove_now(wanted)
            except NotLoaded as error:
                if not error.settles or time.monotonic() > deadline:
                    raise
            time.sleep(POLL)

    def _prove_now(self, wanted: FileSet) -> dict[str, Any]:
        loaded_at, succeeded = last_reload(self._at, "alertmanager")
        if not succeeded:
            raise NotLoaded(
                f"Alertmanager at {self._url} refused its last reload "
                "(alertmanager_config_last_reload_successful is 0). "
            )
        changed_at = self._at.directory.changed_at()
        if loaded_at < changed_at:
            raise NotLoaded(
                f"Alertmanager at {self._url} loaded its configuration "
                f"{changed_at - loaded_at:.1f} s before {self._at.directory.path} last changed. ",
                settles=True,
            )
        status = self._session.get_json(f"{self._url}/api/v2/status")
        config = comparable(texts(wanted[self._config_file].content or b"") or {})
        loaded = comparable(texts(status["config"]["original"]) or {})
        found = [
            f"{where} ({seen})" for where, seen in differences(config, loaded, self._at.mount_path)
        ]
        if found:
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise NotLoaded(
                f"Alertmanager at {self._url} runs another configuration than "
                f"{self._at.directory.path}/{self._config_file}: it differs at "
                f"{'; '.join(found[:5])}{more}. Likely it was started with another --config.file, "
                "or its container mounts another directory. "
            )
        return {
            "config_loaded_at": round(loaded_at, 3),
            "receivers": [receiver["name"] for receiver in loaded.get("receivers") or []],
            "routes": sum(1 for _route in _routes(loaded.get("route") or {})),
            "inhibit_rules": len(loaded.get("inhibit_rules") or []),
            "version": str(status.get("versionInfo", {}).get("version", "")),
        }


def comparable(node: Any) -> Any:
    """A configuration with its matchers in one form: several may stand in a line, in any order."""
    if isinstance(node, dict):
        return {
            key: _matchers(value) if key in MATCHERS else comparable(value)
            for key, value in node.items()
        }
    return [comparable(item) for item in node] if isinstance(node, list) else node


def _matchers(lines: Any) -> list[str]:
    found = MATCHER.findall(",".join(map(str, lines or [])))
    return sorted("".join(part.strip('"') for part in parts) for parts in found)


def _routes(route: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield route
    for below in route.get("routes") or []:
        yield from _routes(below)


def _files_below(node: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Options that name a file, with the path."""
    if isinstance(node, dict):
        for key, value in node.items():
            place = f"{where}.{key}" if where else str(key)
            if str(key).endswith("_file") and isinstance(value, str):
                yield place, value
            yield from _files_below(value, place)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _files_below(value, f"{where}[{index}]")
