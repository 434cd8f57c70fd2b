# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of a build, and the programs whose output is part of it."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from .._failure import Failure
from .._signals import after

TAIL = 25
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
# Of the classic builder, of BuildKit, and BuildKit's last word on the one that failed.
_STEP = re.compile(r"^(Step \d+/\d+ : |#\d+ \[(?!internal)| > \[)")
TOO_LONG = "took longer than build_timeout allows"


class BuildLog:
    """The build's output: all of it in a file, the last lines and the current step in memory."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.step = ""

    def write(self, text: str) -> None:
        """Write a piece of output of one or more lines."""
        for line in _ESCAPE.sub("", text).replace("\r", "\n").splitlines():
            if line.strip():
                self.step = line if _STEP.match(line) else self.step
                self.tail.append(line)
                self.file.write(line + "\n")
        self.file.flush()

    def failure(self, code: str, what: str) -> Failure:
        """Return the failure that ends the build, with the values `step` and `log` (a path)."""
        tail = "\n".join(self.tail)
        step = f"\nfailed at: {self.step}" if self.step else ""
        return Failure(
            code,
            f"{what}{step}\nlast lines of its output:\n{tail}\nall of it: {self.file.name}",
            step=self.step,
            log=self.file.name,
        )


@contextmanager
def build_log(directory: str, image: str, seconds: float) -> Iterator[BuildLog]:
    """Open the image's log, which only one build can hold: hosts of a play may share a daemon.

    Args:
        seconds: How long to wait for another build.

    Raises:
        Failure: `image.log_directory`, `image.locked`.
    """
    path = Path(directory, re.sub(r"[^\w.-]", "_", image) + ".log")
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise Failure(
            "image.log_directory", f"log_directory: the build's output cannot be kept: {error}"
        ) from error
    with file:
        until = time.monotonic() + seconds
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() > until:
                raise Failure(
                    "image.locked",
                    f"{image}: another build of it runs for over {seconds:g} s ({path}).",
                    image=image,
                )
            time.sleep(0.2)
        file.truncate(0)
        yield BuildLog(file)


def run_logged(
    command: list[str], log: BuildLog, until: float, stdin: Any = subprocess.DEVNULL, **options: Any
) -> int | None:
    """Run a program with its output in the log, and return its exit code; None if it took too long.

    Args:
        until: When it is ended with all that it has started, by the monotonic clock.
        options: Further ones of `subprocess.Popen`.

    Raises:
        OSError: It could not be started.
    """
    late = threading.Event()
    # run_command keeps the output until the end. pylint: disable-next=ansible-bad-function
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        **options,
    ) as process:

        def expire() -> None:
            late.set()
            _kill(process)

        cancel = after(until - time.monotonic(), expire)
        try:
            for line in process.stdout or ():
                log.write(line)
        except BaseException:
            _kill(process)
            raise
        finally:
            cancel()
    return None if late.is_set() else process.returncode


def _kill(process: subprocess.Popen[str]) -> None:
    """End a program with all that it has started: they hold its output open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
