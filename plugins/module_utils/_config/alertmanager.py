# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module alertmanager_config: one aside loads the set; the running one must say the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._api.exposition import samples
from .._http.answer import understood
from .._http.session import Session
from . import transaction
from .aside import DATA, arguments_of, started
from .connection import Connection, connection, prove_reloaded
from .directory import FileSet
from .masking import hidden_by, words_of
from .options import check_named, texts, warn_of_missing_files
from .rehearsal import Rehearsal, Words
from .server import ERROR_WORDS, NotLoaded, prove_within

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

STATUS = {
    "config": {"original": str},
    "versionInfo?": {"version?": str, "revision?": str},
}
FEATURES = "enable-feature"


def run_module(module: AnsibleModule) -> None:
    """Run the module `alertmanager_config`."""
    mount_path, name = module.params["mount_path"].rstrip("/"), module.params["config_file"]

    def examine(wanted: FileSet) -> None:
        check_named("config_file", name, wanted)
        warn_of_missing_files(module, name, wanted, mount_path)

    at = connection(module, mount_path)
    rehearsal = AlertmanagerRehearsal(module, mount_path, at)
    server = AlertmanagerServer(at, rehearsal) if at else None
    transaction.run(module, examine, rehearsal.check, server)


def words_of_server(session: Session, url: str) -> Words:
    """Return what an Alertmanager says that it has loaded.

    Source: Alertmanager API, GET /api/v2/status and /metrics. The hash is that of the file's bytes.
    """
    status = session.get_json(f"{url}/api/v2/status", STATUS)
    version = status.get("versionInfo") or {}
    hashes = samples(session.get(f"{url}/metrics").text, "alertmanager_config_hash")
    return {
        "version": f"{version.get('version', '')} {version.get('revision', '')}".strip(),
        "documents": {"configuration": status["config"]["original"]},
        "hash": hashes[0].value if hashes else None,
    }


class AlertmanagerRehearsal(Rehearsal):
    """An Alertmanager without a cluster, which says what it has loaded."""

    program = "alertmanager"

    def _checker(self, wanted: FileSet, staging: Path) -> list[str]:  # noqa: ARG002
        return ["amtool", "check-config", str(staging / self._params["config_file"])]

    def _rehearse(self, wanted: FileSet, staging: Path, new: bool) -> Words:  # noqa: ARG002
        name = self._params["config_file"]
        record = self._at.container.record() if self._at and self._at.container else None
        command = [
            self.program,
            f"--config.file={self._mount_path}/{name}",
            f"--storage.path={DATA}/data",
            "--cluster.listen-address=",
            *(f"--{FEATURES}={value}" for value in arguments_of(record, FEATURES)),
        ]
        listen = "--web.listen-address={}"
        with started(self._params, command, listen, staging, self._mount_path) as aside:
            aside.wait("/-/ready")
            words = words_of_server(aside.session, aside.url)
        printed = texts(words["documents"]["configuration"])
        hidden = set(hidden_by(printed, texts(wanted[name].content or b"")))
        self._module.no_log_values.update(words_of(hidden))
        return words


class AlertmanagerServer:
    """The running Alertmanager; see `server.Server`."""

    def __init__(self, connection: Connection, rehearsal: Rehearsal) -> None:
        self._at, self._rehearsal = connection, rehearsal
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
            own = self._at.container
            log = own.log_since(began, ERROR_WORDS, patience=2) if own else ""
            raise NotLoaded(
                "server.refused",
                f"Alertmanager at {self._url} refused to load the configuration: "
                f"{' '.join(answer.text.split())}\n{log}",
                url=self._url,
                answer=answer.text,
                log=log,
            )

    def installed(self) -> None:
        """Take note that the set that was checked is in place."""
        self._rehearsal.installed()

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Compare what is loaded with what one aside makes of the set.

        Returns:
            `config_loaded_at` (Unix time), `receivers` (names), the numbers of `routes` and
            `inhibit_rules`, `version` and `warnings`.

        Raises:
            NotLoaded: See `prove_reloaded` and `Rehearsal.judge`.
        """
        return prove_within(patience, lambda: self._prove_now(wanted))

    def _prove_now(self, wanted: FileSet) -> dict[str, Any]:
        with understood(self._url):
            return self._contents(wanted)

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        loaded_at = prove_reloaded(self._at, "alertmanager", settles=True)
        words = words_of_server(self._session, self._url)
        warnings = self._rehearsal.judge(wanted, words)
        loaded = texts(words["documents"]["configuration"]) or {}
        return {
            "config_loaded_at": round(loaded_at, 3),
            "receivers": [receiver["name"] for receiver in loaded.get("receivers") or []],
            "routes": sum(1 for _route in _routes(loaded.get("route") or {})),
            "inhibit_rules": len(loaded.get("inhibit_rules") or []),
            "version": words["version"].partition(" ")[0],
            "warnings": warnings,
        }


def _routes(route: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield route
    for below in route.get("routes") or []:
        yield from _routes(below)
