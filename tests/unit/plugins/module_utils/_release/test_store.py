# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a release keeps on disk, and the lock that lets one run at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release.spec import File
from ansible_collections.vya.observability.plugins.module_utils._release.store import Store

ME = (os.geteuid(), os.getegid())


def test_store(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "state"), "collector")
    assert store.releases() == set()
    assert store.record("r1") == {}
    files = [File("/etc/a/b.conf", "text\r\n", 0o444, False), File("/run/key", "k", 0o400, True)]
    store.write("r1", files, ME, {"options": {"x": 1}})
    assert store.releases() == {"r1"}
    assert store.record("r1") == {"options": {"x": 1}}
    assert store.content("r1", "/etc/a/b.conf") == "text\r\n"
    assert store.content("r1", "/nothing") is None
    assert store.content("r2", "/run/key") is None
    secret = store.mounts("r1") / "run/key"
    assert secret.stat().st_mode & 0o777 == 0o400
    for directory in secret.parents:
        if directory == tmp_path:
            break
        assert directory.stat().st_mode & 0o777 == 0o700
    store.remove("r1", "never there")
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
