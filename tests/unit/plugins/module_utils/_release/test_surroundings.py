# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a daemon must be, and networks that several runs create at once."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release import create, preflight


class Daemon:
    """A Docker before 25: it looks for the name, then creates the network a moment later."""

    def __init__(self) -> None:
        self.there: list[dict[str, Any]] = []

    def networks(self, names: list[str]) -> list[dict[str, Any]]:
        return [network for network in self.there if network["Name"] in names]

    def create_network(self, name: str, **_options: Any) -> None:
        time.sleep(0.02)
        self.there.append({"Name": name, "Id": f"{len(self.there)}" * 64})


@pytest.fixture(autouse=True)
def _lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(create, "LOCK", str(tmp_path / "lock"))


def test_runs_at_once_make_one_network() -> None:
    daemon = Daemon()
    client = SimpleNamespace(api=daemon)
    make = create._make_network
    runs = [threading.Thread(target=make, args=(client, "n", {})) for _ in range(6)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [network["Name"] for network in daemon.there] == ["n"]


def test_two_networks_of_a_name_are_told() -> None:
    daemon = Daemon()
    daemon.there = [{"Name": "n", "Id": "b" * 64}, {"Name": "n", "Id": "a" * 64}]
    with pytest.raises(Failure) as caught:
        create.find_network(SimpleNamespace(api=daemon), "n")
    assert caught.value.code == "release.network_twice"
    assert caught.value.values == {"network": "n", "ids": ["a" * 12, "b" * 12]}


@pytest.mark.parametrize(
    ("option", "code"),
    [("name=rootless", "release.rootless"), ("name=userns", "release.userns_remap")],
)
def test_a_daemon_whose_users_are_others_on_the_host(option: str, code: str) -> None:
    info = {"SecurityOptions": ["name=seccomp,profile=default", option]}
    run = SimpleNamespace(client=SimpleNamespace(info=lambda: info))
    assert code in {failure.code for failure in preflight._daemon(run)}
