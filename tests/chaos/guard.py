# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that breaks and restores. When its input ends, by a SIGKILL of whoever holds it as
well, it undoes what is still broken. What is broken is also on disk, so that the next one undoes it
if the machine went down, too."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from .catalogue import Step, read_events, read_faults

SECONDS = 180  # for a step
TRIES = 3


# What a `make` of a step would take from the `make` that started this.
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ARGS", "ROUNDS", "RUNS", "SEED")


class Guard:
    """Does and undoes steps.

    Args:
        steps: By name.
        directory: Where it keeps what is broken, and the originals of changed files.
    """

    def __init__(self, steps: Mapping[str, Step], directory: Path) -> None:
        self._steps, self._directory = steps, directory
        self._open = directory / "broken"

    def broken(self) -> list[str]:
        """Names of the steps that are not undone, the first one first."""
        return self._open.read_text("utf-8").split() if self._open.exists() else []

    def do(self, name: str) -> str:
        """Do a step; what went wrong, or nothing."""
        self._write([*self.broken(), name])  # first, as it may be cut off
        return self._shell(name, self._steps[name].do)

    def undo(self, name: str) -> str:
        """Undo a step; what went wrong, or nothing."""
        if name not in self._steps:
            return f"{name}: no longer in the catalogue"
        said = ""
        for number in range(TRIES):
            said = self._shell(name, self._steps[name].undo)
            if not said:
                self._write([each for each in self.broken() if each != name])
                return ""
            time.sleep(number)
        return said

    def undo_all(self) -> list[str]:
        """Undo all that is broken, the last one first; what went wrong."""
        return [said for name in reversed(self.broken()) if (said := self.undo(name))]

    def _write(self, names: list[str]) -> None:
        beside = self._open.with_suffix(".new")
        beside.write_text("\n".join(names), "utf-8")
        beside.replace(self._open)

    def _shell(self, name: str, commands: str) -> str:
        saved = self._directory / "kept" / name
        saved.mkdir(parents=True, exist_ok=True)
        script = f"set -eu\n{self._steps[name].functions}\n{commands}"
        environment = {each: os.environ[each] for each in os.environ if each not in _OF_MAKE}
        try:
            done = subprocess.run(
                ["bash", "-c", script],
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                env={**environment, "SAVED": str(saved), "PYTHON": sys.executable},
            )
        except subprocess.TimeoutExpired:
            return f"{name}: not done within {SECONDS} s"
        if not done.returncode:
            return ""
        lines = (done.stderr or done.stdout).strip().splitlines()
        return f"{name}: exit code {done.returncode}: {' '.join(lines[-3:])}"


def main(directory: Path, faults: Path | None = None) -> int:
    """Read lines (`do NAME`, `undo NAME`) and answer each with one line, empty if it was done."""
    # It is ended by the end of its input only.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    directory.mkdir(parents=True, exist_ok=True)
    steps = read_faults(faults) if faults else {**read_faults(), **read_events()}
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another one may still be restoring
        guard = Guard(steps, directory)
        wrong = guard.undo_all()
        _answer("; ".join(wrong))
        for line in sys.stdin:
            action, _space, name = line.strip().partition(" ")
            _answer({"do": guard.do, "undo": guard.undo}[action](name))
        wrong = guard.undo_all()
        for said in wrong:
            print(f"NOT RESTORED, {said}", file=sys.stderr, flush=True)
    return bool(wrong)


def _answer(said: str) -> None:
    try:
        print(" ".join(said.split()), flush=True)
    except BrokenPipeError:  # nobody is there any more
        sys.stdout = sys.stderr


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(Path, sys.argv[2:])))
