# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue on disk: order, bounds, keys, and what a disk can do to it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import collector
from collector.spool import _FORGET_STEP, Entry, Spool, SpoolError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


def bodies(spool: Spool) -> list[str]:
    return [item.body for item in spool.first(10_000_000)]


def add(spool: Spool, *entries: Entry) -> tuple[list[bool], int]:
    """Whether each entry is new, and what was dropped for them."""
    items, dropped = spool.add(entries)
    return [item is not None for item in items], dropped


def test_order_is_kept_over_a_restart(path: Path) -> None:
    spool = Spool(path, 100)
    for number in range(12):
        assert add(spool, Entry(str(number))) == ([True], 0)
    spool.close()
    again = Spool(path, 100)
    again.open()
    assert again.size == 12
    again.add([Entry("12"), Entry("13")])
    assert bodies(again) == [str(number) for number in range(14)]


def test_a_batch_is_bounded_by_size_and_never_empty(path: Path) -> None:
    spool = Spool(path, 100)
    spool.add([Entry("a", 2), Entry("b", 2), Entry("c", 50), Entry("d", 1)])
    taken = []
    while batch := spool.first(4):
        taken.append([item.body for item in batch])
        spool.remove(batch)
    assert taken == [["a", "b"], ["c"], ["d"]]
    assert spool.size == 0


def test_one_that_was_added_can_be_removed_before_older_ones(path: Path) -> None:
    spool = Spool(path, 10)
    spool.add([Entry("older")])
    (item,), _dropped = spool.add([Entry("newer")])
    assert item
    spool.remove([item])
    spool.remove([item])
    assert (bodies(spool), spool.size) == (["older"], 1)


def test_a_note_is_kept_over_a_restart_until_another_one_takes_its_place(path: Path) -> None:
    spool = Spool(path, 10)
    assert spool.note() == ""
    (item,), _dropped = spool.add([Entry("a")], note="one")
    assert item
    spool.add([Entry("b")])
    spool.close()
    again = Spool(path, 10)
    assert again.note() == "one"
    again.remove([item], note="two")
    assert (again.note(), bodies(again)) == ("two", ["b"])
    again.remove([], note="")
    assert again.note() == ""


def test_a_database_of_an_earlier_version_has_no_note(path: Path) -> None:
    spool = Spool(path, 10)
    spool.add([Entry("a")])
    spool.close()
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE note")
    database.close()
    again = Spool(path, 10)
    assert (again.note(), bodies(again)) == ("", ["a"])
    again.remove([], note="one")
    assert again.note() == "one"


def test_the_oldest_make_room(path: Path) -> None:
    spool = Spool(path, 10)
    dropped = [spool.add([Entry(str(number), 4)])[1] for number in range(5)]
    assert dropped == [0, 0, 4, 4, 4]
    assert (bodies(spool), spool.size) == (["3", "4"], 8)


def test_a_key_is_taken_once_also_after_delivery_and_restart(path: Path) -> None:
    spool = Spool(path, 10, remember=100)
    assert add(spool, Entry("a", key=b"1", at=7), Entry("a", key=b"1", at=8))[0] == [True, False]
    spool.remove(spool.first(10))
    spool.close()
    again = Spool(path, 10, remember=100)
    assert add(again, Entry("a", key=b"1", at=9), Entry("b", key=b"2", at=9))[0] == [False, True]
    assert (again.at(b"1"), again.at(b"2"), again.at(b"3")) == (7, 9, None)
    assert bodies(again) == ["b"]


def test_old_keys_are_forgotten(path: Path) -> None:
    spool = Spool(path, 10, remember=5)
    keys = [number.to_bytes(4, "big") for number in range(_FORGET_STEP)]
    spool.add([Entry("", 0, key, 1) for key in keys])
    assert [spool.at(key) for key in keys[-6:]] == [None, 1, 1, 1, 1, 1]


def test_two_threads(path: Path) -> None:
    spool = Spool(path, 100_000)
    taken: list[str] = []

    def take() -> None:
        while len(taken) < 500:
            batch = spool.first(7)
            taken.extend(item.body for item in batch)
            spool.remove(batch)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    for number in range(500):
        spool.add([Entry(str(number))])
    thread.join(60)
    assert taken == [str(number) for number in range(500)]
    assert spool.size == 0


def test_what_was_committed_survives_a_kill(path: Path) -> None:
    script = (
        "import os, signal, sys, pathlib; from collector.spool import Entry, Spool; "
        "spool = Spool(pathlib.Path(sys.argv[1]), 100); "
        "[spool.add([Entry(str(n), key=bytes([n]))]) for n in range(20)]; "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    where = Path(collector.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script, path], cwd=where, check=False)
    assert done.returncode == -9
    assert bodies(Spool(path, 100)) == [str(number) for number in range(20)]


@pytest.mark.parametrize("content", [b"no database at all, but a text" * 50, b"SQLite format 3\0!"])
def test_a_damaged_database_is_moved_aside(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    spool = Spool(path, 10)
    with pytest.raises(SpoolError):
        spool.add([Entry("lost")])
    assert spool.damaged == path.with_name("spool.db.damaged")
    assert spool.damaged.read_bytes() == content
    assert add(spool, Entry("a")) == ([True], 0)
    assert bodies(spool) == ["a"]


def test_a_text_that_is_damaged_holds_up_none_behind_it(path: Path) -> None:
    spool = Spool(path, 10)
    spool.add([Entry("a"), Entry("b")])
    spool.close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE item SET body = CAST(x'ff61' AS TEXT) WHERE id = 1")
    database.close()
    batch = spool.first(10)
    assert [item.body for item in batch] == ["\ufffda", "b"]
    spool.remove(batch)
    assert spool.size == 0


def test_a_disk_that_was_read_only_is_written_when_it_is_not(path: Path) -> None:
    spool = Spool(path, 10)
    spool.open()
    assert spool._database
    # What SQLite does by itself where the disk is read-only when it opens.
    spool._database.execute("PRAGMA query_only = 1")
    with pytest.raises(SpoolError):
        spool.add([Entry("a")])
    assert add(spool, Entry("a")) == ([True], 0)


def test_a_page_that_is_damaged_later(path: Path) -> None:
    spool = Spool(path, 10_000)
    spool.add([Entry("x" * 3000) for _n in range(200)])
    spool.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    again = Spool(path, 10_000)
    with pytest.raises(SpoolError):
        again.first(10_000)
    assert again.damaged
    assert (bodies(again), again.size) == ([], 0)


def test_a_disk_that_is_full_takes_nothing_and_recovers(path: Path) -> None:
    spool = Spool(path, 100_000)
    spool.add([Entry("kept")])
    database = spool._database
    assert database
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(SpoolError, match="full"):
        spool.add([Entry("x" * 100_000, key=b"1"), Entry("y", key=b"2")])
    assert (bodies(spool), spool.size) == (["kept"], 1)
    database.execute("PRAGMA max_page_count = 1000000")
    assert add(spool, Entry("x", key=b"1"))[0] == [True]
    assert bodies(spool) == ["kept", "x"]


def test_no_directory(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "none" / "spool.db", 10)
    with pytest.raises(SpoolError):
        spool.add([Entry("a")])
    (tmp_path / "none").mkdir()
    assert add(spool, Entry("a")) == ([True], 0)


def test_a_commit_that_fails_is_told_and_undone(path: Path) -> None:
    spool = Spool(path, 10)
    spool.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SpoolError, match="locked"):
        spool.add([Entry("a")])
    other.execute("ROLLBACK")
    other.close()
    assert (bodies(spool), spool.size) == ([], 0)
    assert add(spool, Entry("a")) == ([True], 0)
