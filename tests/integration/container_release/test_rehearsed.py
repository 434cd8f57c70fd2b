# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""state=rehearsed: what a release would come to, and nothing of it is left."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import Release


def test_a_release_that_would_start(release: Release, images: Callable[..., str]) -> None:
    """The network is one that a deploy would make."""
    network = [{"name": release.name}]
    result = release.ok(state="rehearsed", networks=network)
    assert result["changed"] is False
    assert result["rehearsal_seconds"] > 0
    assert result["release"] is None
    assert release.names() == set()
    assert release.stored() == []
    assert release.client.networks.list(names=[release.name]) == []


def test_a_release_that_would_not(served: Release, images: Callable[..., str]) -> None:
    before = served.attrs()["State"]["StartedAt"]
    rehearsal = {"until": "healthy", "timeout": 30}
    crash = {"state": "rehearsed", "image": images("crash", "2"), "rehearsal": rehearsal}
    failed = served.fails("release.rehearsal_failed", **crash)
    assert "a_module_that_is_not_in_the_image" in failed["msg"]
    assert failed["values"]["outcome"] == "untouched"
    assert served.attrs()["State"]["StartedAt"] == before
    assert served.names() == {""}
    assert len(served.stored()) == 1


def test_the_release_that_serves_is_not_rehearsed_again(served: Release) -> None:
    result = served.ok(state="rehearsed")
    assert result["changed"] is False
    assert result["rehearsal_seconds"] is None
