# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits for a container to be healthy, and fails at once when it cannot become so."""

from __future__ import annotations

import re
import time
from typing import Any

from .client import DOCKER_ERRORS, APIError

POLL_SECONDS = 0.05
PROBE_PAUSE_SECONDS = 0.2
CODE_SECONDS = 2.0  # a loop's pauses begin at 0.1 s and double: its next end is near
SIGKILL_CODE = 128 + 9


class NotHealthy(Exception):  # noqa: N818  (an answer, not a bug)
    """Why the container does not count as healthy."""


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
        """True: passed, False: failed, None: not known yet. Starts the next one when due."""
        now = time.monotonic()
        try:
            if self._exec is None:
                if now < self._since + PROBE_PAUSE_SECONDS:
                    return None
                self._exec = self._api.exec_create(self._container, self._command)["Id"]
                self._since = now
                # Detached: a check that hangs must not hang us.
                self._api.exec_start(self._exec, detach=True)
                return None
            state = self._api.exec_inspect(self._exec)
        except APIError:
            # The container is not running (any more): its state says it better.
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
    """Whether a `Config` (of an image or a container) has a healthcheck that is not NONE."""
    test = (config.get("Healthcheck") or {}).get("Test") or ["NONE"]
    return test[0] in ("CMD", "CMD-SHELL")


def wait_healthy(
    client: Any, container: str, timeout: float, settle: float = 0, restarts: int = 0
) -> float:
    """Wait until healthy, and `settle` seconds more in which it must stay so.

    Healthy is what Docker's status says, or the same test passing when we run it.
    `restarts`: how many there had been (Docker counts from 0 after each start by hand).
    Returns `time.monotonic()` of the first time it was.

    Raises:
        NotHealthy: it exited, restarted, ran out of memory, is unhealthy, was healthy and no
            longer is, has no healthcheck, or `timeout` seconds have passed.
    """
    attrs = client.api.inspect_container(container)
    prober = _Prober(client, attrs)
    if not prober.exists:
        raise NotHealthy("it has no healthcheck, and that never counts as healthy")
    started = time.monotonic()
    first: float | None = None
    failures = 0
    while True:
        if _loops(attrs, restarts):
            raise NotHealthy(_loop(client, attrs) + _after(first))
        reason = _lost(attrs)
        if reason:
            raise NotHealthy(reason + _after(first))
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
                raise NotHealthy(f"its healthcheck failed {failures} times" + _after(first))
        if now > started + timeout + (settle if first else 0):
            raise NotHealthy(f"it was not healthy within {timeout:g} s{_last_check(attrs)}")
        time.sleep(POLL_SECONDS)
        attrs = client.api.inspect_container(container)


def wait_exited(client: Any, container: str, timeout: float) -> None:
    """Wait until it has ended with code 0.

    Raises:
        NotHealthy: it ended otherwise, or had not ended after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        attrs = client.api.inspect_container(container)
        if attrs["State"]["Status"] == "exited":
            if attrs["State"]["ExitCode"] != 0:
                raise NotHealthy(_ended(attrs))
            return
        time.sleep(POLL_SECONDS)
    raise NotHealthy(f"it had not ended after {timeout:g} s")


def _docker_status(attrs: dict[str, Any]) -> str:
    return (attrs["State"].get("Health") or {}).get("Status", "none")


def _loops(attrs: dict[str, Any], restarts: int) -> bool:
    return bool(attrs["RestartCount"] > restarts or attrs["State"].get("Restarting"))


def _loop(client: Any, attrs: dict[str, Any]) -> str:
    """Why it restarts. One that runs again has forgotten its exit code: its next end tells it."""
    deadline = time.monotonic() + CODE_SECONDS
    while not attrs["State"]["ExitCode"] and not attrs["State"].get("OOMKilled"):
        if time.monotonic() > deadline:
            return "it restarts in a loop"
        time.sleep(POLL_SECONDS)
        attrs = client.api.inspect_container(attrs["Id"])
    ended = _ended(attrs)
    return ended if attrs["State"].get("OOMKilled") else f"it restarts in a loop ({ended})"


def _lost(attrs: dict[str, Any]) -> str | None:
    """The reason why it is not worth waiting any longer, or None."""
    if attrs["State"].get("OOMKilled") or not attrs["State"]["Running"]:
        return _ended(attrs)
    if _docker_status(attrs) == "unhealthy":
        return f"Docker calls it unhealthy{_last_check(attrs)}"
    return None


def _ended(attrs: dict[str, Any]) -> str:
    """Why it ended.

    Docker's own word on memory may be missing: containerd drops the kernel's notice when the
    control group is gone before it reads it, as on a busy machine.
    """
    state = attrs["State"]
    megabytes = (attrs["HostConfig"].get("Memory") or 0) >> 20
    limit = f" (limit {megabytes} MiB)" if megabytes else ""
    if state.get("OOMKilled"):
        return f"it was killed for want of memory{limit}"
    if state["ExitCode"] == SIGKILL_CODE:
        memory = f"for want of memory{limit or ' on the host'}"
        return f"it was killed (SIGKILL, exit code 137): {memory}, or by docker kill or stop"
    error = f": {state['Error']}" if state.get("Error") else ""
    return f"it exited with code {state['ExitCode']}{error}"


def _after(first: float | None) -> str:
    return f", after it had been healthy for {time.monotonic() - first:.1f} s" if first else ""


def _last_check(attrs: dict[str, Any]) -> str:
    log = (attrs["State"].get("Health") or {}).get("Log") or []
    output = " ".join((log[-1].get("Output") or "").split()) if log else ""
    return f"; its healthcheck said: {output[:300]}" if output else ""


def last_lines(client: Any, container: str, lines: int = 20) -> str:
    """The end of the container's log; says so when there is none."""
    try:
        log = client.api.logs(container, stdout=True, stderr=True, tail=lines)
    except DOCKER_ERRORS as error:
        return f"(no log: {error})"
    return log.decode(errors="replace").strip() or "(it logged nothing)"


def mask(text: str, secrets: list[str]) -> str:
    """The text without the secrets, whole or in parts: their lines, and words of six and more."""
    parts = set()
    for secret in secrets:
        parts |= {secret, secret.strip(), *(line.strip() for line in secret.splitlines())}
        parts |= {word for word in re.split(r"[\s\"'=:,;@/{}\[\]]+", secret) if len(word) > 5}
    whole = {secret.strip() for secret in secrets}
    for part in sorted(parts, key=len, reverse=True):
        if part and (len(part) > 2 or part in whole):
            text = text.replace(part, "********")
    return text
