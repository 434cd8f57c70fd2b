# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new inventory is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.plugin_utils._inventory.files import (
    filled,
    refuse,
    write,
)

FILES = {"hosts.yml": (b"a", 0o666), "group_vars/all/vault.yml": (b"b", 0o600)}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["file", "link to nothing", "directory"])
def test_what_exists_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    make = {
        "file": lambda: path.write_text("mine"),
        "link to nothing": lambda: path.symlink_to("nowhere"),
        "directory": path.mkdir,
    }
    make[kind]()
    with pytest.raises(Failure) as caught:
        refuse(tmp_path, FILES)
    assert caught.value.code == "inventory.exists"
    assert caught.value.values["files"] == [name]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(Failure) as caught:
        refuse(tmp_path / "mine/below", FILES)
    assert caught.value.code == "inventory.not_writable"


def test_what_cannot_be_finished_is_removed(tmp_path: Path) -> None:
    """For example where another has written since it was looked."""
    other = tmp_path / "mine/group_vars/all/vault.yml"
    other.parent.mkdir(parents=True)
    other.symlink_to("nowhere")
    with pytest.raises(Failure) as caught:
        write(tmp_path / "mine", {"new/hosts.yml": (b"a", 0o666), **FILES})
    assert caught.value.code == "inventory.not_written"
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["group_vars"]
    assert not (other.parent / "nowhere").exists()


def test_modes(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write(tmp_path / "a/b", FILES)
    finally:
        os.umask(before)
    modes = {name: (tmp_path / "a/b" / name).stat().st_mode & 0o777 for name in FILES}
    assert modes == {"hosts.yml": 0o644, "group_vars/all/vault.yml": 0o600}


def test_each_secret_is_another() -> None:
    one, two = filled("[GENERATED, GENERATED]").strip("[]").split(", ")
    assert one != two
    assert {len(one), len(two)} == {40}
