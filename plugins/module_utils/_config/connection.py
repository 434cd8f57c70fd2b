# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reach the server whose configuration is installed, and find out what it has loaded."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._api.exposition import samples
from .._failure import Failure, fail
from .._http.session import HttpError, Session, check_url, session_for
from .container import ServerContainer, connect
from .directory import ConfigError, Directory
from .server import POLL, NotLoaded

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

AWAY = tuple(
    f"http.{how}" for how in ("refused", "unreachable", "closed", "timeout", "dns", "dns.again")
)


@dataclass(frozen=True)
class Connection:
    """Where the server is, and where it sees the directory.

    Args:
        url: URL of its API, without a final slash.
        mount_path: Where the server sees the directory.
        image: Image that the configuration is checked with.
        wait_timeout: Seconds that a reload may take.
    """

    session: Session
    url: str
    directory: Directory
    mount_path: str
    container: ServerContainer | None
    image: str
    wait_timeout: float

    def absent(self, ready: str, patience: float) -> str:
        """Return why no server that reads the directory is ready; empty if one is.

        Args:
            ready: Path that the server answers with 200 when it is ready.
            patience: Seconds to wait for it.

        Raises:
            HttpError: It answers otherwise than by 200, by 503, or not at all.
        """
        deadline = time.monotonic() + patience
        while True:
            seen = self._absent_now(ready)
            if not seen or time.monotonic() > deadline:
                return seen
            time.sleep(POLL)

    def _absent_now(self, ready: str) -> str:
        if self.container:
            seen = self.container.unfit(self.directory.path, self.mount_path, self.image)
            if seen:
                return seen
        try:
            answer = self.session.get(f"{self.url}{ready}", expected=(200, 503), retries=0)
        except HttpError as error:
            if error.code in AWAY:
                return f"{self.url} does not answer: {error.seen}"
            raise
        return "" if answer.status == 200 else f"{self.url} is not ready: {answer.text[:160]}"


def connection(module: AnsibleModule, mount_path: str) -> Connection | None:
    """Return the connection that the parameters describe; None if the server must not be asked."""
    params = module.params
    if not params["url"] or params["reload"] == "never":
        return None
    try:
        url = check_url(params["url"])
        directory = Directory(params["path"])
    except Failure as error:
        fail(module, error)
    container = None
    if params["container"]:
        try:
            container = ServerContainer(connect(params["docker_host"]), params["container"])
        except ConfigError as error:
            if not module.check_mode:
                fail(module, error)
            module.warn(str(error))
            return None
    return Connection(
        session_for(module),
        url,
        directory,
        mount_path,
        container,
        params["image"],
        params["wait_timeout"],
    )


def last_reload(at: Connection, program: str) -> tuple[float, bool]:
    """Return the Unix time of the last successful reload, and whether the last reload succeeded.

    Source: Prometheus and Alertmanager, GET /metrics.

    Raises:
        NotLoaded: `server.no_reload_metrics`.
    """
    name = f"{program}_config_last_reload_success"
    text = at.session.get(f"{at.url}/metrics").text
    found = {s.name: s.value for s in samples(text, f"{name}ful", f"{name}_timestamp_seconds")}
    if len(found) < 2:
        raise NotLoaded(
            "server.no_reload_metrics",
            f"{at.url}/metrics: expected {program}_config_last_reload_successful; it is not there: "
            "another service answers at this address, or metrics are filtered.",
            url=at.url,
        )
    return found[f"{name}_timestamp_seconds"], found[f"{name}ful"] == 1


def prove_reloaded(at: Connection, program: str, settles: bool = False) -> float:
    """Return the Unix time at which the server loaded its configuration after the last change.

    Args:
        program: `prometheus` or `alertmanager`.
        settles: Whether waiting a moment may help.

    Raises:
        NotLoaded: `server.reload_failed`, `server.not_reloaded` or `server.no_reload_metrics`.
    """
    loaded_at, succeeded = last_reload(at, program)
    server = f"{program.capitalize()} at {at.url}"
    if not succeeded:
        raise NotLoaded(
            "server.reload_failed",
            f"{server} refused its last reload ({program}_config_last_reload_successful is 0).",
            url=at.url,
        )
    late = at.directory.changed_at() - loaded_at
    if late > 0:
        raise NotLoaded(
            "server.not_reloaded",
            f"{server} loaded its configuration {late:.1f} s before {at.directory.path} last "
            "changed.",
            settles=settles,
            url=at.url,
        )
    return loaded_at
