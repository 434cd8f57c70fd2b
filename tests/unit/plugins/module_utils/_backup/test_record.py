# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups on disk: manifests, retention, damage."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._backup import record
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure

NOW = 1_700_000_000.0
DAY = 86400.0


def made(parent: Path, name: str) -> Path:
    part = record.new_folder(parent, name)
    (part / "a.tar").write_text("content")
    record.write_manifest(part, {"format": record.FORMAT, "files": record.described(part)})
    return record.finished(part)


@pytest.mark.parametrize(
    ("ages", "keep", "days", "gone"),
    [
        ([3, 2, 1], 2, 0, [3]),
        ([3, 2, 1], 0, 0, []),
        ([9, 8, 1], 0, 5, [9, 8]),
        ([9, 8], 0, 5, [9]),
        ([9], 1, 5, []),
        ([9, 8, 2, 1], 3, 5, [9, 8]),
        ([], 1, 1, []),
    ],
)
def test_retention(ages: list[int], keep: int, days: float, gone: list[int]) -> None:
    names = {age: record.stamp(NOW - age * DAY) for age in ages}
    found = record.expired(names.values(), keep, days, NOW)
    assert found == sorted(names[age] for age in gone)


def test_what_is_not_ours_is_never_pruned(tmp_path: Path) -> None:
    folders = [made(tmp_path, record.stamp(NOW + number)) for number in range(3)]
    (tmp_path / "mine").mkdir()
    (tmp_path / "20260101T000000Z").mkdir()  # without a manifest
    record.new_folder(tmp_path, record.stamp(NOW))  # of an interrupted run
    gone = record.prune(tmp_path, 1, 0, NOW)
    assert gone == [each.name for each in folders[:2]]
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {"mine", "20260101T000000Z", folders[2].name}


def test_only_its_owner_reads_a_backup(tmp_path: Path) -> None:
    folder = made(tmp_path / "backups", record.stamp(NOW))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / record.MANIFEST).stat().st_mode) == 0o600


def test_damage_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path, record.stamp(NOW))
    manifest = record.read_manifest(folder)
    record.verify(folder, manifest)
    (folder / "a.tar").write_text("Content")
    with pytest.raises(Failure) as damaged:
        record.verify(folder, manifest)
    assert damaged.value.code == "backup.damaged"
    (folder / "a.tar").unlink()
    with pytest.raises(Failure) as damaged:
        record.verify(folder, manifest)
    assert damaged.value.code == "backup.damaged"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2, "files": {}}', '{"format": 1, "files": {"../etc": {}}}'],
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / record.MANIFEST).write_text(text)
    with pytest.raises(Failure) as refused:
        record.read_manifest(tmp_path)
    assert refused.value.code == "backup.no_manifest"


def test_the_newest_is_chosen(tmp_path: Path) -> None:
    folders = [made(tmp_path, record.stamp(NOW + number)) for number in range(2)]
    assert record.chosen(tmp_path) == folders[1]
    assert record.chosen(folders[0]) == folders[0]
    with pytest.raises(Failure) as none:
        record.chosen(tmp_path / "other")
    assert none.value.code == "backup.none"
    assert json.loads((folders[0] / record.MANIFEST).read_text())["files"]["a.tar"]["bytes"] == 7
