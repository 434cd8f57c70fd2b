# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set of files as a transaction, without any server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config.directory import (
    Change,
    ConfigError,
    Directory,
    Entry,
    check_name,
    ours,
    plan,
    read_set,
    recognise,
    with_directories,
)
from ansible_collections.vya.observability.plugins.module_utils._config.options import (
    differences,
    inline_secrets,
)
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure

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
        shown = str(differences(tmp_path, current, wanted, plan(current, wanted), ()))
        assert "-secret" not in shown
    (part,) = differences(tmp_path, old, new, plan(old, new), ())
    assert part["before"] != part["after"]


def test_secrets_inside_ordinary_files_are_known():
    text = (
        "remote_write: [{basic_auth: {password: hunter22}, bearer_token: tokentoken}]\n"
        "file: {password_file: secrets/password}\nusers: ['me:hash']\n"
        "key: |\n  -----BEGIN PRIVATE KEY-----\n  MIGHAgEA\n  -----END PRIVATE KEY-----\n"
    )
    found = inline_secrets({"main.yml": Entry(text.encode(), 0o640, UID, GID)})
    assert found == {"hunter22", "tokentoken", "me:hash", "MIGHAgEA"}


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_what_belonged_to_the_containers_user_becomes_roots(directory):
    """As the first version made it; a file that its owner holds open is not written to."""
    install(directory, files(main="m", rules__a="a"))
    directory.commit()
    for path in [directory.path, *directory.path.rglob("*")]:
        os.chown(path, 65534, GID)
        path.chmod(0o750 if path.is_dir() else 0o400)
    old = directory.read()
    assert {entry.uid for entry in old.values()} == {65534}
    with (directory.path / "main").open("r+") as held:
        change = install(directory, ours(old))
        held.write("changed")
    assert change.written == ("./", "main", "rules/", "rules/a")
    assert not plan(directory.read(), ours(old))
    assert {entry.uid for entry in directory.read().values()} == {0}
    assert {entry.mode for entry in directory.read().values()} == {0o750, 0o440}
    assert {entry.uid for entry in (directory.previous() or {}).values()} == {0}
    assert directory.put_back() == ours(old)


def _link_inside(root: Path, outside: Path) -> None:
    (root / "rules").rename(root / "old")
    (root / "rules").symlink_to(outside)


def _link_itself(root: Path, outside: Path) -> None:
    root.rename(root.parent / "old")
    root.symlink_to(outside)


def _link_journal(root: Path, outside: Path) -> None:
    (root.parent / ".server.previous").symlink_to(outside)


@pytest.mark.parametrize("attack", [_link_inside, _link_itself, _link_journal])
def test_a_link_that_appears_while_it_is_written_leads_nowhere(directory, tmp_path, attack):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    install(directory, files(main="m", rules__a="a"))
    directory.commit()
    wanted = files(main="n", rules__a="b", rules__b="b")
    with directory.locked(), directory.staged(wanted) as staging:
        attack(directory.path, outside)
        with pytest.raises(Failure) as error:
            directory.install(staging, wanted)
    assert error.value.code in ("path.link", "config.no_file")
    assert [path.name for path in outside.iterdir()] == ["kept"]


def test_a_link_to_the_directory_is_followed(tmp_path):
    (tmp_path / "real" / "server").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "server")
    assert Directory(str(tmp_path / "link")).path == (tmp_path / "real" / "server").resolve()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(Failure) as error:
        Directory(str(tmp_path / "nowhere"))
    assert error.value.code == "config.no_directory"


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_a_link_of_others_to_the_directory_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.chown(tmp_path / "link", 65534, 65534, follow_symlinks=False)
    with pytest.raises(Failure) as error:
        Directory(str(tmp_path / "link"))
    assert error.value.code == "path.link"


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_a_journal_that_others_could_have_written_is_refused(directory):
    install(directory, files(main="m"))
    journal = directory.path.parent / ".server.previous"
    for path in (directory.path.parent, journal):
        os.chown(path, 65534, 65534)
    with pytest.raises(Failure) as error:
        directory.put_back()
    assert error.value.code == "path.owner"


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")
def test_a_race_for_links_writes_nothing_elsewhere(directory, tmp_path):
    """Another process swaps `rules` and a link as fast as it can, as the directory's old owner."""
    outside = tmp_path / "outside"
    outside.mkdir()
    tmp_path.chmod(0o755)
    wanted = files(main="m", rules__a="a")
    install(directory, wanted)
    directory.commit()
    swap = (
        "import os, sys\nos.chdir(sys.argv[1])\nos.setgid(65534); os.setuid(65534)\n"
        "print(flush=True)\n"
        "for _n in range(100000):\n"
        "    try:\n"
        "        os.rename('rules', 'kept'); os.symlink(sys.argv[2], 'rules')\n"
        "        os.unlink('rules'); os.rename('kept', 'rules')\n"
        "    except OSError:\n"
        "        pass\n"
    )
    for number in range(8):
        for path in (directory.path, directory.path / "rules"):
            with suppress(OSError):
                os.chown(path, 65534, 65534, follow_symlinks=False)
        racer = subprocess.Popen(
            [sys.executable, "-c", swap, str(directory.path), str(outside)], stdout=subprocess.PIPE
        )
        try:
            assert racer.stdout is not None
            racer.stdout.readline()
            with suppress(Failure):
                install(directory, files(main="m", rules__a=f"a{number}", rules__b="b"))
        finally:
            racer.kill()
            racer.wait()
            racer.stdout.close()
        assert list(outside.iterdir()) == []


def test_what_is_changed_by_hand_is_told(directory: Directory) -> None:
    install(directory, files(tls__key="secret", a="1", b="2", c="3", d="4"))
    assert directory.by_hand() is None  # of an earlier version
    directory.sign()
    assert directory.by_hand() == []
    path = directory.path
    (path / "tls" / "key").chmod(0o644)
    (path / "a").write_text("one")
    (path / "b").unlink()
    (path / "e").write_text("5")
    (path / "tls").chmod(0o777)
    kept = (path / "c").stat()
    (path / "c").write_text("other")
    os.utime(path / "c", ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert directory.by_hand() == [
        ("a", "changed"),
        ("b", "removed"),
        ("c", "changed"),
        ("e", "added"),
        ("tls/", "permissions"),
        ("tls/key", "permissions"),
    ]
    directory.sign()
    assert directory.by_hand() == []
    written = path.parent / ".server.written"
    written.chmod(0o666)
    assert directory.by_hand() is None  # anybody may have written it


def test_what_was_said_of_files_counts_after_they_were_put_back(directory: Directory) -> None:
    install(directory, files(a="1"))
    assert directory.last_said() == {}
    directory.remember({"said": "x"})
    directory.commit()
    file = directory.path / "a"
    kept = file.stat()
    file.write_text("2")
    assert directory.last_said() == {}
    file.write_text("1")
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert directory.remembered() == {}
    assert directory.last_said()["said"] == "x"
    # What was put back by a transaction is not what was said of the set that came after it.
    install(directory, files(a="3"))
    directory.remember({"said": "y"})
    directory.put_back()
    assert (directory.path / "a").read_text() == "1"
    assert directory.last_said() == {}
    # What was written since, and of which nothing was said.
    install(directory, files(a="4"))
    assert directory.last_said() == {}
    directory.remember({"said": "z"})
    assert directory.last_said()["said"] == "z"
    (directory.path.parent / ".server.proven").chmod(0o666)
    assert directory.last_said() == {}
