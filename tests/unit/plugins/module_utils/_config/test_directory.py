# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set of files as a transaction, without any server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config.directory import (
    Change,
    ConfigError,
    Directory,
    Entry,
    check_name,
    plan,
    read_set,
    recognise,
    with_directories,
)
from ansible_collections.vya.observability.plugins.module_utils._config.options import (
    differences,
    inline_secrets,
)

UID, GID = os.getuid(), os.getgid()


def files(**contents: str) -> dict[str, Entry]:
    """A set; C(__) in a name stands for a slash."""
    entries = {
        name.replace("__", "/"): Entry(text.encode(), 0o640, UID, GID)
        for name, text in contents.items()
    }
    return with_directories(entries, UID, GID)


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    return Directory(str(tmp_path / "etc" / "server"))


def install(directory: Directory, wanted: dict[str, Entry]) -> Change:
    change = plan(directory.read(), wanted)
    with directory.locked(), directory.staged(wanted) as staging:
        directory.install(staging, wanted)
    return change


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(ConfigError) as error:
        yield
    assert error.value.code == code


def test_installs_and_removes(directory):
    install(directory, files(main="one", rules__a="a", rules__b="b"))
    wanted = files(main="two", rules__b="b", targets__t="t")
    change = install(directory, wanted)
    assert change == Change(("main", "targets/", "targets/t"), ("rules/a",))
    assert directory.read() == wanted
    assert not plan(directory.read(), wanted)


def test_a_file_becomes_a_directory_and_back(directory):
    as_file, as_directory = files(main="m", rules="r"), files(main="m", rules__a="a")
    for wanted in (as_file, as_directory, as_file):
        install(directory, wanted)
        assert directory.read() == wanted


def test_puts_back_the_proven_set_however_often_it_was_overwritten(directory):
    proven = files(main="proven", old__a="a")
    install(directory, proven)
    directory.commit()
    install(directory, files(main="second"))
    install(directory, files(main="third"))
    assert directory.put_back() == proven
    assert directory.read() == proven
    assert [path.name for path in directory.path.parent.iterdir()] == ["server"]


def test_puts_back_nothing_without_replacing_the_directory_that_is_mounted(directory):
    directory.path.mkdir(parents=True)
    inode = directory.path.stat().st_ino
    install(directory, files(main="first", rules__a="a"))
    assert directory.put_back() == {}
    assert list(directory.path.iterdir()) == []
    assert directory.path.stat().st_ino == inode


def test_an_unchanged_set_leaves_the_change_time_alone(directory):
    wanted = files(main="m", rules__a="a")
    install(directory, wanted)
    before = directory.changed_at()
    with directory.locked(), directory.staged(wanted):
        pass
    install(directory, wanted)
    assert directory.changed_at() == before


def test_a_change_of_mode_or_a_stray_moves_the_change_time(directory):
    wanted = files(main="m")
    install(directory, wanted)
    before = directory.changed_at()
    (directory.path / "main").chmod(0o600)
    assert plan(directory.read(), wanted).written == ("main",)
    install(directory, wanted)
    assert directory.changed_at() > before


def test_links_are_refused(directory):
    install(directory, files(main="m"))
    (directory.path / "link").symlink_to("/etc/hostname")
    with refused("config.no_file"):
        directory.read()


@pytest.mark.parametrize("path", ["/", "/etc", "relative/path", "/a/../b/c"])
def test_dangerous_paths_are_refused(path):
    with refused("config.path_too_short"):
        Directory(path)


def test_a_mount_point_is_refused():
    with refused("config.mount_point"):
        Directory("/dev/shm")


@pytest.mark.parametrize("name", ["/abs", "../up", "a/../b", ".hidden", "a//b", "a b", "", "a/"])
def test_names_stay_inside(name):
    with refused("config.name"):
        check_name(name, "files")


def test_a_name_cannot_be_file_and_directory():
    with refused("config.file_and_directory"):
        files(rules="r", rules__a="a")


def test_a_foreign_directory_is_refused(tmp_path):
    (tmp_path / "passwd").write_text("x")
    with refused("config.foreign_files"):
        recognise(tmp_path, read_set(tmp_path), files(main="m"))
    recognise(tmp_path, read_set(tmp_path), files(main="m", passwd="x"))


def test_differences_hide_secrets(tmp_path):
    old = {"key": Entry(b"old-secret", 0o400, UID, GID, secret=True)}
    new = {"key": Entry(b"new-secret", 0o400, UID, GID, secret=True)}
    for current, wanted in ((old, new), ({}, new), (old, {})):
        shown = str(differences(tmp_path, current, wanted, plan(current, wanted)))
        assert "-secret" not in shown
    (part,) = differences(tmp_path, old, new, plan(old, new))
    assert part["before"] != part["after"]


def test_secrets_inside_ordinary_files_are_known():
    text = (
        "remote_write: [{basic_auth: {password: hunter22}, bearer_token: tokentoken}]\n"
        "file: {password_file: secrets/password}\nusers: ['me:hash']\n"
        "key: |\n  -----BEGIN PRIVATE KEY-----\n  MIGHAgEA\n  -----END PRIVATE KEY-----\n"
    )
    found = inline_secrets({"main.yml": Entry(text.encode(), 0o640, UID, GID)})
    assert found == {"hunter22", "tokentoken", "me:hash", "MIGHAgEA"}
