# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import collector
from collector.n8n.state import (
    BusyError,
    ModeCounts,
    NodesState,
    State,
    StateError,
    Store,
    Walk,
    WorkflowCounts,
)


def test_it_survives(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "executions", State)
    assert store.load() == State()
    modes = {"webhook": ModeCounts(ended={"success": 3}, seconds=1.5, timed=3)}
    counts = WorkflowCounts(name="Orders", state="active", modes=modes)
    walk = Walk(top="9", low="8", cursor="abc")
    state = State(floor="7", walk=walk, open=["3"], workflows={"w": counts})
    store.save(state)
    assert store.load() == state
    assert [each.name for each in tmp_path.iterdir()] == ["executions.json"]


def test_the_one_of_version_0_1(tmp_path: Path) -> None:
    told = {"name": "A", "active": True, "announced": True, "ended": {"success": 3}, "seconds": 1.5}
    untold = {"name": "B", "active": None, "announced": False, "ended": {"error": 2}, "timed": 2}
    old: dict[str, Any] = {
        "version": 1,
        "last_success": 5,
        "not_before": 0,
        "floor": 7,
        "walk": {"top": 9, "low": 8, "cursor": "abc"},
        "open": [3, 4],
        "workflows": {"a": told, "b": untold},
        "workflows_read_at": 1e9,
        "buckets": [1, 2],
        "seconds": 3.5,
    }
    (tmp_path / "executions.json").write_text(json.dumps(old))
    state = Store(str(tmp_path), "executions", State).load()
    assert (state.floor, state.open, state.last_success) == ("7", ["3", "4"], 5)
    assert state.walk == Walk(top="9", low="8", cursor="abc")
    # The series of a new label begin at 0; what had no series yet is not lost.
    assert (state.workflows["a"].name, state.workflows["a"].state) == ("A", "active")
    assert state.workflows["a"].modes == {}
    assert state.workflows["b"].modes == {"unknown": ModeCounts(ended={"error": 2}, timed=2)}
    assert state.workflows_read_at == 0


def test_the_one_of_version_0_1_of_the_nodes(tmp_path: Path) -> None:
    node = {"workflow": "w", "workflow_name": "W", "node": "N", "type": "t", "success": 2}
    old = {
        "version": 1,
        "stopped_at": "2026-01-01T00:00:00Z",
        "last_id": 0,
        "nodes": {"w/N": {**node, "announced": True}, "w/M": {**node, "announced": False}},
        "types": {
            "t": {"buckets": [1, 2], "announced": True},
            "u": {"buckets": [1, 2], "announced": False},
        },
    }
    store = Store(str(tmp_path), "nodes", NodesState)
    (tmp_path / "nodes.json").write_text(json.dumps(old))
    state = store.load()
    assert (state.last_id, list(state.nodes), list(state.types)) == (None, ["w/M/unknown"], ["u"])
    assert state.types["u"]["unknown"].buckets == [1, 2]
    state.last_id, state.newest = "5", "6"
    store.save(state)
    assert store.load() == state
    (tmp_path / "nodes.json").write_text(json.dumps({**old, "last_id": 5}))
    assert store.load().last_id == "5"


def test_a_write_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path), "executions", State)
    store.save(State(floor="1"))

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StateError, match="No space left"):
        store.save(State(floor="2"))
    assert store.load().floor == "1"
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("content", ["", "{", '{"version": 2}', '{"open": "x"}', "[]"])
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
