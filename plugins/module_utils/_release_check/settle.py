# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch a release that has just been started: a healthy moment is not health."""

from __future__ import annotations

import time
from typing import Any

from .._api.times import unix_time
from .._check import Check
from .._docker.container import Container, running
from .look import Look

PAUSE = 0.5  # seconds between two looks


def runs_for(current: Container, now: float) -> float:
    """Return the seconds since its last start, by Docker's word; 0 if it says none."""
    since = unix_time(current["State"].get("StartedAt"))
    return max(now - since, 0.0) if since else 0.0


def settled_check(look: Look, client: Any, settle: float) -> Check | None:
    """Watch until the container has run for so many seconds.

    Args:
        settle: Seconds since its start; one that has run longer is not watched.

    Returns:
        None if there was nothing to watch.
    """
    first = look.current
    left = settle - runs_for(first, time.time())
    if left <= 0 or not running(first) or not settle:
        return None
    ask = look.ask("settled", seconds=settle, container=look.name)
    begun, now = time.monotonic(), first
    while time.monotonic() < begun + left:
        time.sleep(min(PAUSE, left))
        now = client.api.inspect_container(first["Id"])
        code = _lost(first, now)
        if code:
            after = runs_for(first, time.time())
            exit_code = now["State"]["ExitCode"]
            return ask.fail(code, after=after, exit_code=exit_code, restarts=now["RestartCount"])
    return ask.ok()


def _lost(first: Container, now: Container) -> str:
    """Return what has happened to it meanwhile; empty if nothing has."""
    before, state = first["State"], now["State"]
    again = now["RestartCount"] != first["RestartCount"] or state["Restarting"]
    if state.get("OOMKilled") and not before.get("OOMKilled"):
        return "out_of_memory"
    if again:
        return "restarted"
    if not state["Running"]:
        return "ended"
    if state["StartedAt"] != before["StartedAt"]:
        return "started_again"
    if (state.get("Health") or {}).get("Status") == "unhealthy":
        return "unhealthy"
    return ""
