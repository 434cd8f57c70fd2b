# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import collector
from collector.n8n.state import BusyError, State, StateError, Store, Walk, WorkflowCounts


def test_it_survives(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "executions", State)
    assert store.load() == State()
    counts = WorkflowCounts(name="Orders", active=True, ended={"success": 3}, seconds=1.5, timed=3)
    state = State(floor=7, walk=Walk(top=9, low=8, cursor="abc"), open=[3], workflows={"w": counts})
    store.save(state)
    assert store.load() == state
    assert [each.name for each in tmp_path.iterdir()] == ["executions.json"]


def test_a_write_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path), "executions", State)
    store.save(State(floor=1))

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StateError, match="No space left"):
        store.save(State(floor=2))
    assert store.load().floor == 1
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("content", ["", "{", '{"version": 2}', '{"floor": "x"}', "[]"])
def test_an_unusable_one_is_put_aside(tmp_path: Path, content: str) -> None:
    store = Store(str(tmp_path), "executions", State)
    (tmp_path / "executions.json").write_text(content)
    with pytest.raises(StateError, match="begins anew"):
        store.load()
    assert (tmp_path / "executions.unusable").read_text() == content
    assert store.load() == State()


def test_only_one_runs(tmp_path: Path) -> None:
    holder = (
        "import sys\n"
        "from collector.n8n.state import State, Store\n"
        f"with Store({str(tmp_path)!r}, 'executions', State).locked():\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    store = Store(str(tmp_path), "executions", State)
    with subprocess.Popen(
        [sys.executable, "-c", holder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(collector.__file__).parents[1],
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match="has not ended"), store.locked():
            pass
        process.kill()
    with store.locked():  # the lock ends with its holder, even when that one is killed
        pass
