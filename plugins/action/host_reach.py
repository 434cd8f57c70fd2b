# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin host_reach: ask whether a host can be worked on, and do not wait for ever."""

from __future__ import annotations

import os
import shlex
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._check import Ask, Check

NOT_FOUND = 127  # of a shell
LOOKS = 3  # unanswered keep-alive messages that end a connection


class LateError(BaseException):
    """The time is over; connection plugins repeat what fails with an Exception."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit the work below to so many seconds.

    Raises:
        LateError: The time is over.
    """

    def late(*_: Any) -> None:
        raise LateError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def end_children() -> None:
    """End the processes that this one has started: a client of ssh that hangs stays otherwise."""
    with suppress(OSError):
        children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()
        for child in children.split():
            os.kill(int(child), signal.SIGTERM)


def said(error: BaseException) -> str:
    """Return the last line of an error: ssh's own words stand there."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


class ActionModule(ActionBase):
    """Runs one command on the host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return a failed check of a host that cannot be worked on; the task itself succeeds."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={"seconds": {"type": "float", "default": 30.0}}
        )
        known = task_vars or {}
        result.update(changed=False, checks=[])
        options = self._keep_alive(arguments["seconds"])
        if options:
            result["ssh_extra_args"] = options
        host = str(self._task.delegate_to or known["inventory_hostname"])
        names = self._pythons(known)
        ask = Ask("reach", host, seconds=arguments["seconds"], host=host, names=names)
        if self._connection.become:
            ask.values["become"] = self._connection.become.name
        found = self._look(ask, arguments["seconds"], names)
        if found:
            result["checks"] = [found.as_data()]
            Display().warning(f"{found.subject}: {found.texts['seen']}. {found.texts['fix']}.")
        return result

    def _keep_alive(self, seconds: float) -> str:
        """Let ssh end a connection that no longer answers, and return its options."""
        if self._connection.transport != "ssh":
            return ""
        with suppress(KeyError, AnsibleError):
            interval = max(int(seconds / (LOOKS + 1)), 1)
            options = f"-o ServerAliveInterval={interval} -o ServerAliveCountMax={LOOKS}"
            given = f"{self._connection.get_option('ssh_extra_args') or ''} {options}".strip()
            self._connection.set_option("ssh_extra_args", given)
            return given
        return ""

    def _pythons(self, known: dict[str, Any]) -> list[str]:
        """Return the names by which Ansible looks for Python."""
        delegated = known.get("ansible_delegated_vars", {}).get(self._task.delegate_to, known)
        path = self._templar.template(delegated.get("ansible_python_interpreter"))
        path = str(path or constants.config.get_config_value("INTERPRETER_PYTHON"))
        several: list[str] = constants.config.get_config_value("INTERPRETER_PYTHON_FALLBACK")
        return several if path.startswith("auto") else [path]

    def _look(self, ask: Ask, seconds: float, names: list[str]) -> Check | None:
        """Return what is wrong with the host; None if nothing is.

        A connection that an earlier run has left may be dead while the host is well. So the second
        attempt is on a new one, and without privileges: that tells the host from its sudo.
        """
        end = time.monotonic() + seconds
        whole = partial(self._attempt, lambda: self._answer(ask, names), ask)
        about = "become." if self._connection.become else ""
        first = whole(about, seconds * 2 / 3)
        if first is None or first.code == "reach.python":
            return first
        with suppress(LateError, AnsibleError), within(1):
            self._connection.reset()
        hello = partial(self._low_level_execute_command, "true", sudoable=False)
        second = self._attempt(hello, ask, "", end - time.monotonic())
        return second or whole(about, end - time.monotonic())

    def _attempt(
        self, look: Callable[[], Any], ask: Ask, about: str, seconds: float
    ) -> Check | None:
        """Return the check that a look makes, or that of its failure.

        Args:
            about: What a failure is about: `become.`, or empty for the host itself.
        """
        try:
            with within(seconds):
                found = look()
        except LateError:
            end_children()
            return ask.fail(f"reach.{about}silent")
        except AnsibleError as error:
            return ask.fail(f"reach.{about}refused", message=said(error))
        return found if isinstance(found, Check) else None

    def _answer(self, ask: Ask, names: list[str]) -> Check | None:
        search = [f"command -v {shlex.quote(name)}" for name in names]
        answer = self._low_level_execute_command(" || ".join([*search, f"exit {NOT_FOUND}"]))
        if answer["rc"] == NOT_FOUND:
            return ask.fail("reach.python")
        if answer["rc"]:
            return ask.fail("reach.become.refused", message=answer["stderr"].strip())
        return None
