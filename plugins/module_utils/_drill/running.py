# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only one drill at a time: who runs it, and since when.

A drill that pushes says so on the gateway, which all who may drill there ask. One that stops a
container says so on its host, where a lock ends with its process.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .._api.exposition import samples
from .._api.pushgateway import read_gateway
from .._failure import Failure
from .drill import Targets
from .scenarios import RUNNING, RUNNING_SINCE

RENEWALS = 3  # one that has renewed its group this often too late is dead
FRESH = 300.0  # seconds after which nobody waits for a renewal


def caller() -> str:
    """Return user, host and process, for people."""
    user = os.environ.get("SUDO_USER") or ""
    if not user:
        with suppress(Exception):  # a user without a name
            user = getpass.getuser()
    return f"{user or os.getuid()}@{socket.gethostname()}, pid {os.getpid()}"


def refusal(who: str, since: float) -> Failure:
    """Return why a second drill does not begin."""
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(since))
    return Failure(
        "drill.running",
        f"a drill is running already: started by {who}, since {at}. Wait until it has ended, or "
        "stop it there (Ctrl-C or SIGTERM); it clears up itself. Nothing was changed.",
        by=who,
        since=since,
    )


class OnGateway:
    """A group that says who drills, renewed with each push.

    Args:
        interval: Seconds between two pushes.
    """

    def __init__(self, targets: Targets, interval: float) -> None:
        self._targets, self._interval = targets, interval
        self._since, self._due = time.time(), 0.0

    def take(self) -> None:
        """Begin, unless another one is running.

        Raises:
            Failure: `drill.running`.
            HttpError: The gateway does not answer as expected.
        """
        found = self._found()
        if found:
            pushed, who, since = found
            end = time.monotonic() + self._interval * RENEWALS
            while time.monotonic() < end:
                now = self._found()
                if now is None:
                    break
                if now[0] > pushed:
                    raise refusal(who, since)
                time.sleep(min(0.5, self._interval / 2))
        self.renew()

    def renew(self) -> None:
        """Push the group again, if that is due."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self._interval
        who = json.dumps(caller())
        text = f"# TYPE {RUNNING_SINCE} gauge\n{RUNNING_SINCE}{{by={who}}} {self._since:.0f}\n"
        self._targets.push(RUNNING, "drill", text.encode())

    def _found(self) -> tuple[float, str, float] | None:
        """Return the time of the last push, by whom, and since when; None if nobody drills."""
        targets, headers = self._targets, self._targets.headers["pushgateway"]
        gateway = read_gateway(targets.session, targets.gateway, headers)
        group = next((each for each in gateway.groups if each.job == RUNNING), None)
        if group is None or gateway.now - group.push_time > FRESH:
            return None
        page = targets.session.get(f"{targets.gateway}/metrics", headers=headers).text
        for each in samples(page, RUNNING_SINCE):
            return group.push_time, each.labels.get("by", "?"), each.value
        return None


@contextmanager
def on_host(container: str) -> Iterator[None]:
    """Begin a drill that stops a container, unless another one is running.

    Raises:
        Failure: `drill.running`.
    """
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", container)
    run = Path("/run")
    folder = run if os.access(run, os.W_OK) else Path(tempfile.gettempdir())
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(folder / f"vya-drill-{os.getuid()}-{name}", flags, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            seen = _read(handle)
            raise refusal(str(seen.get("by", "?")), float(seen.get("since", 0))) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"by": caller(), "since": time.time()}).encode(), 0)
        yield
    finally:
        os.close(handle)


def _read(handle: int) -> Mapping[str, Any]:
    try:
        found = json.loads(os.pread(handle, 4096, 0))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
