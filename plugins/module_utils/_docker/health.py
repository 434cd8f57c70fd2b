# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until a container is healthy, and fail at once if it cannot become healthy."""

from __future__ import annotations

import re
import time
from typing import Any

from .._failure import Failure
from .._texts.text import Text, say, text
from .client import DOCKER_ERRORS, APIError
from .session import within

POLL_SECONDS = 0.05
PROBE_PAUSE_SECONDS = 0.2
CODE_SECONDS = 2.0  # Docker's restart delay starts at 0.1 s and doubles, so the next exit is near
SIGKILL_CODE = 128 + 9
# What tells that a program does not fit into its memory: how full it is, and how often a second it
# waits for a page of a file that it had read before.
FULL, MAJOR_FAULTS = 0.95, 5.0


class NotHealthy(Failure):
    """Why a container does not count as healthy.

    Its values are `reason` and `after` (how long it was healthy). They may contain the container's
    own output: `mask` the message before it is shown.

    Args:
        reason: A text of the catalogues; its code is the failure's.
        first: When it was first healthy, by the monotonic clock, if it was.
    """

    def __init__(self, reason: Text, first: float | None = None) -> None:
        healthy = time.monotonic() - first if first else 0
        after = text("container.after", seconds=healthy) if first else ""
        values = {"reason": reason, "after": after}
        super().__init__(reason.code, say(reason.code, values, "seen"), **values)


class _Prober:
    """Runs the container's own healthcheck now, instead of waiting for Docker's next interval."""

    def __init__(self, client: Any, attrs: dict[str, Any]) -> None:
        self._api = client.api
        self._container = attrs["Id"]
        health = attrs["Config"].get("Healthcheck") or {}
        test = health.get("Test") or ["NONE"]
        shell = attrs["Config"].get("Shell") or ["/bin/sh", "-c"]
        self._command = test[1:] if test[0] == "CMD" else [*shell, *test[1:]]
        self.exists = test[0] in ("CMD", "CMD-SHELL")
        self.retries = health.get("Retries") or 3
        self._timeout = (health.get("Timeout") or 30_000_000_000) / 1e9
        self._exec: str | None = None
        self._since = 0.0

    def poll(self) -> bool | None:
        """Start the next check when it is due, and return the result of the last one.

        Returns:
            True if it passed, False if it failed, None if that is not known yet.
        """
        now = time.monotonic()
        try:
            if self._exec is None:
                if now < self._since + PROBE_PAUSE_SECONDS:
                    return None
                self._exec = self._api.exec_create(self._container, self._command)["Id"]
                self._since = now
                # Detached, so that a check that hangs does not block this module.
                with within(self._api.timeout):
                    self._api.exec_start(self._exec, detach=True)
                return None
            state = self._api.exec_inspect(self._exec)
        except APIError:
            # The container is not running: its state has the reason.
            self._exec, self._since = None, now
            return None
        if state["Running"] or state["ExitCode"] is None:
            if now < self._since + self._timeout:
                return None
            self._exec, self._since = None, now
            return False
        self._exec, self._since = None, now
        return state["ExitCode"] == 0


def has_healthcheck(config: dict[str, Any]) -> bool:
    """Return whether a `Config` (of an image or a container) has a healthcheck that is not NONE."""
    test = (config.get("Healthcheck") or {}).get("Test") or ["NONE"]
    return test[0] in ("CMD", "CMD-SHELL")


def wait_healthy(
    client: Any, container: str, timeout: float, settle: float = 0, restarts: int = 0
) -> float:
    """Wait until a container is healthy and stays so for `settle` seconds.

    It is healthy if Docker's status says so, or if the same test passes when run from here.

    Args:
        timeout: Seconds until it must be healthy.
        restarts: How often it was restarted before (Docker counts from 0 after each manual start).

    Returns:
        When it was first healthy, by the monotonic clock.

    Raises:
        NotHealthy: It exited, restarted, ran out of memory, is unhealthy, was healthy and no
            longer is, has no healthcheck, or `timeout` seconds have passed.
    """
    attrs = client.api.inspect_container(container)
    prober = _Prober(client, attrs)
    # Docker's flag stays where another process than the container's first was killed before.
    known = bool(attrs["State"].get("OOMKilled") and attrs["State"]["Running"])
    if not prober.exists:
        raise NotHealthy(text("container.no_healthcheck"))
    started = time.monotonic()
    first: float | None = None
    failures = 0
    while True:
        lost = _loop(client, attrs) if _loops(attrs, restarts) else _lost(attrs, known)
        if lost:
            raise NotHealthy(_short_of_memory(client, attrs, lost), first)
        passed = True if _docker_status(attrs) == "healthy" else prober.poll()
        now = time.monotonic()
        if passed:
            failures = 0
            first = first or now
            if now >= first + settle:
                return first
        elif passed is False and first:
            failures += 1
            if failures >= prober.retries:
                failed = text("container.check_failed", failures=failures)
                raise NotHealthy(_short_of_memory(client, attrs, failed), first)
        if now > started + timeout + (settle if first else 0):
            late = text("container.timeout", timeout=timeout, check=_last_check(attrs))
            raise NotHealthy(_short_of_memory(client, attrs, late))
        time.sleep(POLL_SECONDS)
        attrs = client.api.inspect_container(container)


def wait_exited(client: Any, container: str, timeout: float) -> None:
    """Wait until a container has exited with code 0.

    Raises:
        NotHealthy: It exited with another code, or not within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        attrs = client.api.inspect_container(container)
        if attrs["State"]["Status"] == "exited":
            if attrs["State"]["ExitCode"] != 0:
                raise NotHealthy(_ended(attrs))
            return
        time.sleep(POLL_SECONDS)
    raise NotHealthy(text("container.not_ended", timeout=timeout))


def _docker_status(attrs: dict[str, Any]) -> str:
    return (attrs["State"].get("Health") or {}).get("Status", "none")


def _loops(attrs: dict[str, Any], restarts: int) -> bool:
    return bool(attrs["RestartCount"] > restarts or attrs["State"].get("Restarting"))


def _loop(client: Any, attrs: dict[str, Any]) -> Text:
    """Return why it restarts. While it runs, its exit code is unknown until its next exit."""
    deadline = time.monotonic() + CODE_SECONDS
    while not attrs["State"]["ExitCode"] and not attrs["State"].get("OOMKilled"):
        if time.monotonic() > deadline:
            return text("container.restarts")
        time.sleep(POLL_SECONDS)
        attrs = client.api.inspect_container(attrs["Id"])
    ended = _ended(attrs)
    return ended if attrs["State"].get("OOMKilled") else text("container.restarts_after", end=ended)


def _lost(attrs: dict[str, Any], known: bool = False) -> Text | None:
    """Return the reason to stop waiting, or None.

    Args:
        known: Memory was short before already, and it runs.
    """
    if (attrs["State"].get("OOMKilled") and not known) or not attrs["State"]["Running"]:
        return _ended(attrs)
    if _docker_status(attrs) == "unhealthy":
        return text("container.unhealthy", check=_last_check(attrs))
    return None


def _ended(attrs: dict[str, Any]) -> Text:
    """Return why it ended.

    Docker's flag for memory may be missing: containerd loses the kernel's notice if the control
    group is gone before it reads it, for example on a busy machine.
    """
    state = attrs["State"]
    megabytes = (attrs["HostConfig"].get("Memory") or 0) >> 20
    limit = text("container.limit", megabytes=megabytes) if megabytes else ""
    if state.get("OOMKilled"):
        return text("container.out_of_memory", limit=limit)
    if state["ExitCode"] == SIGKILL_CODE:
        return text("container.killed", limit=limit)
    error = f": {state['Error']}" if state.get("Error") else ""
    return text("container.exited", exit_code=state["ExitCode"], error=error)


def _short_of_memory(client: Any, attrs: dict[str, Any], reason: Text) -> Text:
    """Return the reason, and its cause if Docker's figures of the memory tell it.

    A program that is larger than its limit is not killed: the kernel drops pages of its files and
    reads them again, and all that it does takes many times as long. So it goes after a restart of
    the machine; before, its pages may count for whoever read them first, the build for example.
    """
    limit = attrs["HostConfig"].get("Memory")
    if not limit or not attrs["State"]["Running"]:
        return reason
    try:
        before, began = client.api.stats(attrs["Id"], stream=False), time.monotonic()
        if _filled(before) < FULL * limit:
            return reason
        after, ended = client.api.stats(attrs["Id"], stream=False), time.monotonic()
        # Docker takes a second for an answer; in less, one fault would seem many.
        faults = (_major_faults(after) - _major_faults(before)) / max(ended - began, 1)
        if _filled(after) < FULL * limit or faults < MAJOR_FAULTS:
            return reason
    except (KeyError, TypeError, *DOCKER_ERRORS):  # a container that is gone has no figures
        return reason
    return text("container.memory_full", reason=reason, megabytes=limit >> 20, faults=faults)


def _filled(stats: dict[str, Any]) -> int:
    return int(stats["memory_stats"]["usage"])


def _major_faults(stats: dict[str, Any]) -> int:
    return int(stats["memory_stats"]["stats"]["pgmajfault"])


def _last_check(attrs: dict[str, Any]) -> Text | str:
    log = (attrs["State"].get("Health") or {}).get("Log") or []
    output = " ".join((log[-1].get("Output") or "").split()) if log else ""
    return text("container.check_output", output=output[:300]) if output else ""


def last_lines(client: Any, container: str, lines: int = 20) -> str:
    """Return the last lines of the container's log, or a note that there are none."""
    try:
        log = client.api.logs(container, stdout=True, stderr=True, tail=lines)
    except DOCKER_ERRORS as error:
        return f"(no log: {error})"
    return log.decode(errors="replace").strip() or "(it logged nothing)"


def mask(shown: str, secrets: list[str]) -> str:
    """Return a text without the secrets, their lines, and their words of six characters or more."""
    parts = set()
    for secret in secrets:
        parts |= {secret, secret.strip(), *(line.strip() for line in secret.splitlines())}
        parts |= {word for word in re.split(r"[\s\"'=:,;@/{}\[\]]+", secret) if len(word) > 5}
    whole = {secret.strip() for secret in secrets}
    for part in sorted(parts, key=len, reverse=True):
        if part and (len(part) > 2 or part in whole):
            shown = shown.replace(part, "********")
    return shown
