# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Killed (SIGKILL) before every single write to Docker, the next run repairs and serves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Release
from .tools import Relay

# The writes of a deploy that has a previous release to remove, and of a rollback: `test_steps`.
DEPLOY_STEPS = 11
ROLLBACK_STEPS = 8
# From the stop of the old container on, what the next run wants makes a difference.
SWAP_STEPS = range(5, DEPLOY_STEPS)
# Where one serves no more and the other does not yet.
USUAL = 8
CASES = [
    *((step, "old") for step in range(DEPLOY_STEPS)),
    *(
        pytest.param(step, wanted, marks=[] if step == USUAL else pytest.mark.long)
        for step in SWAP_STEPS
        for wanted in ("new", "broken")
    ),
]


def kill_at(release: Release, relay: Relay, step: int, **changes: Any) -> bool:
    """Run, and kill before that write; whether it was reached."""
    relay.writes.clear()
    relay.kill_at = step
    relay.victim = None
    process = release.start(**changes, docker_host=relay.url)
    relay.victim = process
    process.communicate(timeout=60)
    return process.returncode == -9


def consistent(release: Release, version: str) -> None:
    """One serves, one is kept, nothing else is left."""
    assert release.version() == version
    assert release.names() <= {"", ".previous"}
    assert release.attrs()["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    if ".previous" in release.names():
        assert release.attrs(".previous")["State"]["Running"] is False
        assert release.attrs(".previous")["HostConfig"]["RestartPolicy"]["Name"] == "no"
    assert len(release.stored()) == len(release.names())


def test_steps(release: Release, relay: Relay, images: Callable[..., str]) -> None:
    """The journal's order; and the tests below reach beyond its end."""
    release.ok(image=images("ok", "0"))
    release.ok(image=images("ok", "1"))
    assert not kill_at(release, relay, 99, image=images("ok", "2"))
    steps = [write.replace("/containers/", "") for write in relay.writes]
    assert steps == [
        "POST create",
        "POST ID/start",
        "POST ID/exec",
        "DELETE ID",
        "POST create",
        "POST ID/stop",
        "POST ID/start",
        "POST ID/update",
        "DELETE ID",
        "POST ID/rename",
        "POST ID/rename",
    ]
    assert len(steps) == DEPLOY_STEPS
    assert not kill_at(release, relay, 99, **release.only(state="rolled_back"), image=None)
    assert len(relay.writes) == ROLLBACK_STEPS, relay.writes


REHEARSED = {"rehearsal": {"until": "healthy"}}


def begin(release: Release, *images: str) -> None:
    """Deploy one after the other."""
    for image in images:
        assert not release.apply(image=image)["failed"]


@pytest.mark.parametrize(("step", "wanted"), CASES)
def test_killed_in_a_deploy(
    shared: Release, relay: Relay, images: Callable[..., str], step: int, wanted: str
) -> None:
    """The next run wants the old release, the new one, or one that cannot be had."""
    begin(shared, images("ok", "0"), images("ok", "1"))
    assert kill_at(shared, relay, step, image=images("ok", "2"), **REHEARSED)
    if wanted == "broken":
        failed = shared.fails("release.not_taken_over", image=images("crash", "3"))
        assert "a_module_that_is_not_in_the_image" in failed["msg"]
        assert shared.version() in ("1", "2")
        consistent(shared, shared.version() or "")
        return
    image = images("ok", {"old": "1", "new": "2"}[wanted])
    shared.ok(image=image)
    consistent(shared, {"old": "1", "new": "2"}[wanted])
    assert shared.apply(image=image)["changed"] is False


@pytest.mark.parametrize("step", range(ROLLBACK_STEPS))
def test_killed_in_a_rollback(
    shared: Release, relay: Relay, images: Callable[..., str], step: int
) -> None:
    begin(shared, images("ok", "1"), images("ok", "2"))
    back = {**shared.only(state="rolled_back"), "image": None}
    assert kill_at(shared, relay, step, **back)
    shared.ok(**back)
    consistent(shared, "1")
    assert len(shared.names()) == 2
    assert shared.apply(**back)["changed"] is False


@pytest.mark.parametrize("step", range(7))
def test_killed_in_the_first_deploy(release: Release, relay: Relay, step: int) -> None:
    assert kill_at(release, relay, step)
    release.ok()
    consistent(release, "1")
    assert release.apply()["changed"] is False
