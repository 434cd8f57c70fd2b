# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether a release exists, is healthy, is as deployed, and keeps running."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from .._check import Ask, Check
from .._docker.container import Container, label, running
from .._docker.health import SIGKILL_CODE
from .._docker.labels import LABEL_RELEASE
from .._docker.ports import Port, published
from .._release.slots import Slots, slot_name
from .._texts.text import Text, text
from .look import Look, leftovers
from .settle import runs_for

# Seconds since the last start after which a restart is no longer news, and then history.
RECENT, HISTORY = 3600.0, 24 * 3600.0


def missing_check(
    ask: Ask,
    name: str,
    slots: Slots,
    here: Sequence[str],
    elsewhere: Sequence[str] = (),
    ports: Iterable[Port] = (),
) -> Check:
    """Return the failed check for a container that does not exist.

    Args:
        here: Names of the releases of this host.
        elsewhere: Names of containers that have the labels of this release, and none of its names.
        ports: What it published.
    """
    left = leftovers(name, slots)
    if left:
        previous = [slot_name(name, "previous")] if slots.previous else []
        return ask.fail("interrupted", left=[*left, *previous])
    if elsewhere:
        return ask.fail("renamed", container=name, names=[*elsewhere])
    if name in here:
        return ask.fail("removed", closed_ports=_closed(ports))
    return ask.fail("never_deployed", here=[*here] or text("nothing"))


def running_check(look: Look, unhealthy: Text | None, log: Text | None) -> Check:
    """Judge whether the container runs.

    Args:
        unhealthy: Why it does not count as healthy; None if it does.
        log: Its last log lines, for a failure.
    """
    state, left = look.current["State"], leftovers(look.name, look.slots)
    also = [text("left_by_swap", containers=left)] if left else []
    serves = running(look.current) and not state["Paused"]
    closed = [] if serves else _closed(published(look.current))
    since = state["StartedAt"][:19]
    ask = look.ask("running", container=look.name, since=since, closed_ports=closed)
    if state["Paused"]:
        return ask.fail("paused", also=[text("paused"), *also])
    if unhealthy:
        seen = [unhealthy, *([log] if log else []), *also]
        reason = unhealthy.values["reason"].code
        if reason == "container.no_healthcheck":
            return ask.fail("no_healthcheck", also=seen)
        if reason == "container.memory_full":
            return ask.fail("memory_full", reason=reason, also=seen)
        stopped = not running(look.current) and not state["ExitCode"]
        outcome = "unhealthy.replaced" if look.slots.previous else "unhealthy"
        return ask.fail("stopped" if stopped else outcome, reason=reason, also=seen)
    return ask.warn("left", also=also) if left else ask.ok()


def _closed(ports: Iterable[Port]) -> list[dict[str, Any]]:
    """Return where a container that does not serve was reached, for what follows from it."""
    return [
        {"address": port.address, "port": port.host} for port in ports if port.protocol == "tcp"
    ]


def configuration_check(look: Look, differences: Sequence[Text]) -> Check:
    """Judge whether the container still has the configuration that was deployed.

    Args:
        differences: What differs; empty if there is nothing to compare with.
    """
    ask = look.ask("configuration")
    if not label(look.current, LABEL_RELEASE):
        return ask.warn("adopted") if look.adopted else ask.fail("recreated")
    return ask.fail("changed", differences=differences) if differences else ask.ok()


def restarts_check(look: Look, most: int, log: Text | None) -> Check:
    """Judge how often the daemon had to restart the container.

    Args:
        most: How many restarts are allowed.
        log: Its last log lines, for a failure.
    """
    state = look.current["State"]
    limit = (look.current["HostConfig"].get("Memory") or 0) >> 20
    ask = look.ask(
        "restarts",
        most=most,
        restarts=look.current["RestartCount"],
        exit_code=state["ExitCode"],
        limit=limit,
        container=look.name,
    )
    if not looping(look.current, most):
        if state.get("OOMKilled") and running(look.current):
            # Docker keeps the flag: what was killed is not what runs.
            return ask.ok("child_out_of_memory")
        return ask.ok()
    since = runs_for(look.current, time.time())
    if running(look.current) and not state["Restarting"] and since > RECENT:
        # Docker counts until somebody starts it by hand.
        ask.values.update(since=since)
        return ask.warn("earlier") if since < HISTORY else ask.ok("long_ago")
    code = state["ExitCode"]
    also = [text("restart_under_way")] if state["Restarting"] else []
    also.append(text("exit_code", exit_code=code) if code else text("exit_code.unknown"))
    also += [log] if log else []
    outcome = "ends"
    if state.get("OOMKilled"):
        outcome = "out_of_memory"
    elif code == SIGKILL_CODE and limit:
        outcome = "killed"
    return ask.fail(outcome, also=also)


def looping(current: Container, most: int) -> bool:
    """Return whether the container restarts more often than allowed, or ran out of memory.

    Docker also sets its flag for a process that is not the container's first: then that one runs.
    """
    state = current["State"]
    killed = state.get("OOMKilled") and not running(current)
    return bool(current["RestartCount"] > most or state["Restarting"] or killed)
