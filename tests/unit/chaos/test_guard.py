# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was broken is restored, however whoever broke it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ...chaos.catalogue import Step, read_faults
from ...chaos.guard import Guard
from ...chaos.run import PROJECT, Guarded

FUNCTIONS = "file=$SAVED/../../file"
HOLDS = """
import sys, time
from pathlib import Path
from tests.chaos.run import Guarded
guarded = Guarded(Path(sys.argv[1]), Path(sys.argv[2]))
guarded.do("broken")
print("broken", flush=True)
time.sleep(60)
"""


def catalogue(tmp_path: Path, **faults: tuple[str, str]) -> Path:
    """A catalogue of faults: what is done, what is undone."""
    made = {
        name: {"hop": "file", "title": "", "title_pt": "", "expected": {}, "do": do, "undo": undo}
        for name, (do, undo) in faults.items()
    }
    path = tmp_path / "faults.yml"
    path.write_text(yaml.safe_dump({"functions": FUNCTIONS, "faults": made}))
    return path


BROKEN = {"broken": ("echo wrong > $file", "echo right > $file")}


def soon(look: Callable[[], bool]) -> bool:
    for _look in range(200):
        if look():
            return True
        time.sleep(0.1)
    return False


def text(file: Path) -> str:
    return file.read_text().strip() if file.exists() else ""


def test_it_is_undone_at_the_end(tmp_path: Path) -> None:
    path = catalogue(tmp_path, **BROKEN)
    with Guarded(tmp_path, path) as guarded:
        guarded.do("broken")
        assert text(tmp_path / "file") == "wrong"
    assert text(tmp_path / "file") == "right"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_is_undone_when_its_holder_is_killed(tmp_path: Path, how: signal.Signals) -> None:
    path = catalogue(tmp_path, **BROKEN)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path), str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=PROJECT,
        # Where the tests run in the background, a shell has SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert holder.stdout
    with holder:
        assert holder.stdout.readline() == "broken\n"
        assert text(tmp_path / "file") == "wrong"
        holder.send_signal(how)
    assert soon(lambda: text(tmp_path / "file") == "right")


def test_the_next_one_undoes_what_is_left(tmp_path: Path) -> None:
    """The guard was killed, too: the machine went down."""
    steps = read_faults(catalogue(tmp_path, **BROKEN))
    Guard(steps, tmp_path).do("broken")
    with Guarded(tmp_path, tmp_path / "faults.yml"):
        assert text(tmp_path / "file") == "right"


def test_what_cannot_be_undone_is_told_and_stays(tmp_path: Path) -> None:
    path = catalogue(tmp_path, stays=("true", "exit 3"), **BROKEN)
    guard = Guard(read_faults(path), tmp_path)
    guard.do("stays")
    guard.do("broken")
    assert [said.partition(":")[0] for said in guard.undo_all()] == ["stays"]
    assert guard.broken() == ["stays"]
    assert text(tmp_path / "file") == "right"


def test_a_do_that_fails_is_undone(tmp_path: Path) -> None:
    path = catalogue(tmp_path, half=("echo wrong > $file; exit 4", "echo right > $file"))
    with Guarded(tmp_path, path) as guarded, pytest.raises(RuntimeError, match="exit code 4"):
        guarded.do("half")
    assert text(tmp_path / "file") == "right"


def test_a_changed_file_is_put_back_as_it_was(tmp_path: Path) -> None:
    functions = next(iter(read_faults().values())).functions
    file = tmp_path / "settings"
    file.write_text("one\n")
    file.chmod(0o640)
    before = file.stat()
    step = Step("edited", f"edit {file} s/one/two/", f"back {file}", functions)
    guard = Guard({"edited": step}, tmp_path)
    assert guard.do("edited") == ""
    assert file.read_text() == "two\n"
    # A second time, there is nothing to undo.
    assert guard.undo("edited") == guard.undo("edited") == ""
    after = file.stat()
    assert file.read_text() == "one\n"
    for name in ("st_ino", "st_mode", "st_uid", "st_gid", "st_mtime_ns"):
        assert getattr(before, name) == getattr(after, name)


def test_a_step_s_make_takes_nothing_from_the_one_that_started_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text('said:\n\t@echo "[$(ARGS)]" > said\n')
    monkeypatch.setenv("MAKEFLAGS", " -- ARGS=--given")
    monkeypatch.setenv("ARGS", "--given")
    steps = read_faults(catalogue(tmp_path, make=(f"make -s -C {tmp_path} said", ":")))
    assert Guard(steps, tmp_path).do("make") == ""
    assert (tmp_path / "said").read_text() == "[]\n"
