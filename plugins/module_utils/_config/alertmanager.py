# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module alertmanager_config: check with amtool, reload, compare with what the server runs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._http.answer import understood
from . import transaction
from .compare import shown, texts
from .connection import Connection, connection, prove_reloaded, prove_same
from .container import check_with
from .directory import ConfigError, FileSet, names_of
from .options import check_named, document, mapping
from .server import ERROR_WORDS, NotLoaded, prove_within

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

STATUS = {"config": {"original": str}, "versionInfo?": {"version?": str}}
MATCHERS = ("matchers", "source_matchers", "target_matchers")
MATCHER = re.compile(r'([^\s=!~,{}"]+|"[^"]*")\s*(=~|!~|!=|=)\s*("(?:\\.|[^"\\])*"|[^\s,{}"]*)')


def run_module(module: AnsibleModule) -> None:
    """Run the module `alertmanager_config`."""
    params = module.params
    mount_path, name = params["mount_path"].rstrip("/"), params["config_file"]

    def examine(wanted: FileSet) -> None:
        check_named("config_file", name, wanted)
        for each in names_of(wanted, (".yml", ".yaml")):
            document(each, wanted[each])
        # Neither amtool nor a reload looks for these: the first notification would fail.
        for where, path in _files_below(mapping(name, wanted[name], "global, route, …")):
            inside = path.startswith(f"{mount_path}/")
            if inside and path[len(mount_path) + 1 :] not in wanted:
                raise ConfigError(
                    "config.file_missing",
                    f"{name}: {where} is {path}; expected it in files or secrets, it is not there.",
                    option=where,
                    name=path,
                )

    def validate(_wanted: FileSet, staging: Path) -> None:
        command = ["amtool", "check-config", f"{mount_path}/{name}"]
        check_with(command, params, staging, mount_path)

    at = connection(module, mount_path)
    server = AlertmanagerServer(at, name) if at else None
    transaction.run(module, examine, validate, server)


class AlertmanagerServer:
    """The running Alertmanager; see `server.Server`."""

    def __init__(self, connection: Connection, config_file: str) -> None:
        self._at, self._config_file = connection, config_file
        self._session, self._url = connection.session, connection.url

    def absent(self, patience: float) -> str:
        """Return why no server that reads the directory is ready; empty if one is."""
        return self._at.absent("/-/ready", patience)

    def reload(self) -> None:
        """Make the server read the directory again.

        Source: Alertmanager, POST /-/reload.

        Raises:
            NotLoaded: `server.refused`, with the answer and the last log lines.
        """
        began = time.time()
        answer = self._session.request(
            "POST", f"{self._url}/-/reload", expected=(200, 500), timeout=60
        )
        if answer.status == 500:
            log = self._at.container.log_since(began, ERROR_WORDS) if self._at.container else ""
            raise NotLoaded(
                "server.refused",
                f"Alertmanager at {self._url} refused to load the configuration that amtool had "
                f"accepted: {' '.join(answer.text.split())}\n{log}",
                url=self._url,
                answer=answer.text,
                log=log,
            )

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Compare what is loaded with the set.

        Source: Alertmanager, GET /api/v2/status and /metrics.

        Returns:
            `config_loaded_at` (Unix time), `receivers` (names), the numbers of `routes` and
            `inhibit_rules`, and `version`.

        Raises:
            NotLoaded: The server runs another configuration; see `prove_reloaded` and `prove_same`.
        """
        return prove_within(patience, lambda: self._prove_now(wanted))

    def _prove_now(self, wanted: FileSet) -> dict[str, Any]:
        with understood(self._url):
            return self._contents(wanted)

    def shown(self) -> tuple[dict[str, Any], str]:
        """Return the configuration that it shows, in a form to compare, and its version.

        Source: Alertmanager API, GET /api/v2/status.
        """
        status = self._session.get_json(f"{self._url}/api/v2/status", STATUS)
        version = str((status.get("versionInfo") or {}).get("version") or "")
        return comparable(shown(status["config"]["original"], self._url)), version

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        loaded_at = prove_reloaded(self._at, "alertmanager", settles=True)
        loaded, version = self.shown()
        config = comparable(texts(wanted[self._config_file].content or b"") or {})
        prove_same(self._at, "alertmanager", self._config_file, config, loaded)
        return {
            "config_loaded_at": round(loaded_at, 3),
            "receivers": [receiver["name"] for receiver in loaded.get("receivers") or []],
            "routes": sum(1 for _route in _routes(loaded.get("route") or {})),
            "inhibit_rules": len(loaded.get("inhibit_rules") or []),
            "version": version,
        }


def comparable(node: Any) -> Any:
    """Return a configuration with its matchers in one form: sorted, one to an entry."""
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
    """Yield the options that name a file, with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            place = f"{where}.{key}" if where else str(key)
            if str(key).endswith("_file") and isinstance(value, str):
                yield place, value
            yield from _files_below(value, place)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _files_below(value, f"{where}[{index}]")
