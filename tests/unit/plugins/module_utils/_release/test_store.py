# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a release keeps on disk, and the lock that lets one run at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release.spec import File
from ansible_collections.vya.observability.plugins.module_utils._release.store import Store

R1, R2 = "20260101T000000Z-0000a1", "20260102T000000Z-0000a2"
ME = (os.geteuid(), os.getegid())


def test_store(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "state"), "collector")
    assert store.releases() == set()
    assert store.record(R1) == {}
    files = [File("/etc/a/b.conf", "text\r\n", 0o444, False), File("/run/key", "k", 0o400, True)]
    store.write(R1, files, ME, {"options": {"x": 1}})
    assert store.releases() == {R1}
    assert store.record(R1) == {"options": {"x": 1}}
    assert store.content(R1, "/etc/a/b.conf") == "text\r\n"
    assert store.content(R1, "/nothing") is None
    assert store.content(R2, "/run/key") is None
    secret = store.mounts(R1) / "run/key"
    assert secret.stat().st_mode & 0o777 == 0o400
    for directory in secret.parents:
        if directory == tmp_path / "state":
            break
        assert directory.stat().st_mode & 0o777 == 0o700
    store.remove(R1, "never there")
    assert store.releases() == set()


def test_policy_of_an_adopted_container(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "collector")
    assert store.noted_policy("c1") is None
    store.note_policy("c1", "always")
    assert store.noted_policy("c1") == "always"
    assert store.noted_policy("c2") is None


def test_lock(tmp_path: Path) -> None:
    one, other = (Store(str(tmp_path), "collector") for _n in range(2))
    with one.locked(60, check_mode=False):
        with pytest.raises(Failure) as error, other.locked(0.2, check_mode=False):
            pass
        assert error.value.code == "release.locked"
        assert str(os.getpid()) in str(error.value)
        with Store(str(tmp_path), "another").locked(0, check_mode=False):
            pass
    with other.locked(0, check_mode=False):
        pass


def test_check_mode_makes_no_lock(tmp_path: Path) -> None:
    with Store(str(tmp_path / "state"), "collector").locked(0, check_mode=True):
        pass
    assert not (tmp_path / "state").exists()


def _kept(tmp_path: Path) -> tuple[Store, Path]:
    """A release, and a directory outside that nothing may touch."""
    store = Store(str(tmp_path / "state"), "collector")
    with store.locked(0, check_mode=False):
        store.write(R1, [File("/run/key", "k", 0o400, True)], ME, {})
    (tmp_path / "outside" / R1).mkdir(parents=True)
    (tmp_path / "outside" / R1 / "kept").write_text("kept")
    return store, tmp_path / "outside"


def _run(store: Store) -> None:
    with store.locked(0, check_mode=False):
        store.write(R2, [File("/run/key", "k", 0o400, True)], ME, {})
        store.remove(R1, R2)
        store.remove_all()


def _link_name(state: Path, outside: Path) -> None:
    (state / "releases/collector").rename(state / "moved")
    (state / "releases/collector").symlink_to(outside)


def _link_release(state: Path, outside: Path) -> None:
    (state / "releases/collector" / R1).rename(state / "moved")
    (state / "releases/collector" / R1).symlink_to(outside / R1)


def _link_lock(state: Path, outside: Path) -> None:
    (state / "releases/collector.lock").unlink()
    (state / "releases/collector.lock").symlink_to(outside / R1 / "kept")


def _fifo_lock(state: Path, _outside: Path) -> None:
    (state / "releases/collector.lock").unlink()
    os.mkfifo(state / "releases/collector.lock")


def _link_releases(state: Path, outside: Path) -> None:
    (state / "releases").rename(state / "moved")
    (state / "releases").symlink_to(outside)


def _give(below: str) -> Callable[[Path, Path], None]:
    return lambda state, _outside: os.chown(state / below, 65534, 65534)


def _open(below: str, mode: int) -> Callable[[Path, Path], None]:
    return lambda state, _outside: (state / below).chmod(mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (_link_name, "path.link"),
        (_link_lock, "path.link"),
        (_fifo_lock, "path.kind"),
        (_link_releases, "path.link"),
        (_give("."), "path.owner"),
        (_give(".."), "path.owner"),
        (_give("releases"), "path.owner"),
        (_give("releases/collector"), "path.owner"),
        (_open(".", 0o777), "path.writable"),
        (_open("..", 0o777), "path.writable"),
        (_open("releases", 0o702), "path.writable"),
        (_open("releases/collector", 0o777), "path.writable"),
    ],
)
def test_a_directory_that_others_can_change_is_refused(
    tmp_path: Path, attack: Callable[[Path, Path], None], code: str
) -> None:
    store, outside = _kept(tmp_path)
    attack(tmp_path / "state", outside)
    with pytest.raises(Failure) as error:
        _run(store)
    assert error.value.code == code
    assert [path.name for path in outside.rglob("*")] == [R1, "kept"]
    assert (outside / R1 / "kept").read_text() == "kept"


def test_a_release_that_is_a_link_is_removed_and_its_target_is_not(tmp_path: Path) -> None:
    store, outside = _kept(tmp_path)
    _link_release(tmp_path / "state", outside)
    for read in (store.record, lambda release: store.content(release, "/run/key")):
        with pytest.raises(Failure) as error:
            read(R1)
        assert error.value.code == "path.link"
    store.remove(R1)
    assert store.releases() == set()
    assert (outside / R1 / "kept").read_text() == "kept"


def test_only_what_has_the_name_of_a_release_is_removed(tmp_path: Path) -> None:
    store, _outside = _kept(tmp_path)
    (store.directory / "notes").mkdir()
    store.remove(R1, "notes", "..", "../outside")
    store.remove_all()
    assert [path.name for path in store.directory.iterdir()] == ["notes"]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_modes_are_not_those_of_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        store, _outside = _kept(tmp_path)
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o7777 for path in (tmp_path / "state").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert (tmp_path / "state").stat().st_mode & 0o7777 == 0o755
    assert modes[store.root / "collector.lock"] == 0o600


def test_what_an_earlier_version_made_is_taken(tmp_path: Path) -> None:
    """Its lock was 0644, and the directory 0755."""
    store, _outside = _kept(tmp_path)
    store.root.chmod(0o755)
    (store.root / "collector.lock").chmod(0o644)
    with store.locked(0, check_mode=False):
        assert store.content(R1, "/run/key") == "k"


def test_a_link_of_roots_above_it_is_followed(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "lib").symlink_to(tmp_path / "disk")
    store = Store(str(tmp_path / "lib" / "state"), "collector")
    with store.locked(0, check_mode=False):
        store.note_policy("c1", "always")
    assert (tmp_path / "disk/state/releases/collector/adopted.json").exists()


def test_who_is_at_work(tmp_path: Path) -> None:
    store, other = (Store(str(tmp_path / "state"), name) for name in ("collector", "ping"))
    assert store.at_work() is None
    with store.locked(1, check_mode=False):
        holder = store.at_work()
        assert holder
        assert holder["process"] == str(os.getpid())
        assert holder["since"].endswith("Z")
        assert other.at_work() is None
    assert store.at_work() is None
