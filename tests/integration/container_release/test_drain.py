# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behind Traefik, the new container takes over before the old one stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ..conftest import wait_until
from .conftest import Release
from .front import Load, traefik
from .test_killed import begin, consistent, kill_at
from .tools import Relay

# The writes of a deploy that has a previous release to remove, and of a rollback: `test_steps`.
DEPLOY_STEPS = 10
ROLLBACK_STEPS = 9
# While the names change, what the next run wants makes a difference.
CASES = [*((step, "1") for step in range(DEPLOY_STEPS)), *((step, "2") for step in range(3, 7))]


@pytest.fixture(scope="module")
def fronted(
    client: Any, tmp_path_factory: pytest.TempPathFactory, images: Callable[..., str]
) -> Iterator[Release]:
    """A release behind Traefik, whose port is the release's."""
    release = Release(client, tmp_path_factory.mktemp("state"), images)
    release.options |= {
        "ports": [],
        "networks": [release.name],
        "drain": 5,
        "rehearsal": {"until": "none"},
    }
    release.ok()
    url = f"http://{release.name}:8000"
    with traefik(client, tmp_path_factory.mktemp("traefik"), release.name, url) as port:
        release.port = port
        wait_until(lambda: release.version() == "1", what="an answer through Traefik")
        yield release
    release.clean()


@pytest.mark.long
def test_ten_swaps_under_load(fronted: Release, images: Callable[..., str]) -> None:
    """Every other release leaves its connections open, so that the old one has idle ones."""
    downtimes = []
    with Load(fronted.port, rate=100) as load:
        for swap in range(10):
            environment = {"DELAY": "0.02", **({"KEEPALIVE": "1"} if swap % 2 else {})}
            image = images("ok", str(2 + swap % 2))
            result = fronted.apply(image=image, environment=environment, drain="1s")
            assert not result["failed"], result["msg"]
            downtimes.append(result["downtime_seconds"])
        time.sleep(0.5)
    assert downtimes == [0.0] * 10
    failed = load.failed({"1", "2", "3"})
    assert [request.answer for request in failed] == []
    assert len(load.requests) > 1000


def test_the_old_one_ends_its_requests(fronted: Release, images: Callable[..., str]) -> None:
    """It is told to stop as soon as it has none; and not later than it was said."""
    for delay, drain, answered in ((1, 60, True), (5, 1, False)):
        fronted.ok(image=images("ok", "1"), environment={"DELAY": delay})
        with Load(fronted.port, rate=20) as load:
            time.sleep(1)
            began = time.monotonic()
            fronted.ok(image=images("ok", "2"), environment={}, drain=drain, stop_timeout=1)
            took = time.monotonic() - began
        assert (load.failed({"1", "2"}) == []) is answered
        assert took < 60


def test_rollback(fronted: Release, images: Callable[..., str]) -> None:
    begin(fronted, images("ok", "1"), images("ok", "2"))
    with Load(fronted.port, rate=50) as load:
        back = fronted.ok(**fronted.only(state="rolled_back", drain=5), image=None, networks=[])
        time.sleep(0.5)
    assert back["downtime_seconds"] == 0.0
    assert load.failed({"1", "2"}) == []
    assert load.requests[-1].answer == "1"
    consistent(fronted, "1")


def test_a_new_one_that_is_sick(fronted: Release, images: Callable[..., str]) -> None:
    fronted.ok(image=images("ok", "1"))
    with Load(fronted.port, rate=50) as load:
        failed = fronted.fails("release.not_taken_over", image=images("crash", "2"))
    assert failed["values"]["outcome"] == "restored"
    assert load.failed({"1"}) == []
    consistent(fronted, "1")


def test_drain_is_refused(fronted: Release) -> None:
    for options in ({"ports": ["80:8000"]}, {"networks": []}, {"drain": "soon"}):
        failed = fronted.fails("release.options", **options)
        assert failed["values"]["options"] == ["drain"]
    name = fronted.name.capitalize()
    other = fronted.client.containers.create(fronted.options["image"], name=name)
    try:
        failed = fronted.fails("release.refused", hostname="other")
        assert [each["code"] for each in failed["values"]["problems"]] == ["release.name_taken"]
        assert fronted.apply(state="absent", image=None, networks=[], drain=None)["failed"] is False
        assert other.status == "created"
    finally:
        other.remove()
        fronted.ok()


def test_steps(fronted: Release, relay: Relay, images: Callable[..., str]) -> None:
    """The journal's order; and the tests below reach beyond its end."""
    begin(fronted, images("ok", "0"), images("ok", "1"))
    assert not kill_at(fronted, relay, 99, image=images("ok", "2"))
    steps = [write.replace("/containers/", "") for write in relay.writes]
    assert steps == [
        "POST create",
        "POST ID/start",
        "POST ID/exec",
        "POST ID/rename",
        "POST ID/rename",
        "POST ID/rename",
        "POST ID/update",
        "DELETE ID",
        "POST ID/rename",
        "POST ID/stop",
    ]
    assert len(steps) == DEPLOY_STEPS
    assert not kill_at(fronted, relay, 99, **fronted.only(state="rolled_back", drain=5), image=None)
    assert len(relay.writes) == ROLLBACK_STEPS, relay.writes


@pytest.mark.long
@pytest.mark.parametrize(("step", "wanted"), CASES)
def test_killed_in_a_deploy(
    fronted: Release, relay: Relay, images: Callable[..., str], step: int, wanted: str
) -> None:
    begin(fronted, images("ok", "0"), images("ok", "1"))
    assert kill_at(fronted, relay, step, image=images("ok", "2"))
    with Load(fronted.port, rate=20) as load:
        fronted.ok(image=images("ok", wanted))
    assert load.failed({"1", "2"}) == []
    consistent(fronted, wanted)
    assert fronted.apply(image=images("ok", wanted))["changed"] is False


@pytest.mark.long
@pytest.mark.parametrize("step", range(ROLLBACK_STEPS))
def test_killed_in_a_rollback(
    fronted: Release, relay: Relay, images: Callable[..., str], step: int
) -> None:
    begin(fronted, images("ok", "1"), images("ok", "2"))
    back = {**fronted.only(state="rolled_back", drain=5), "image": None, "networks": []}
    assert kill_at(fronted, relay, step, **back)
    fronted.ok(**back)
    consistent(fronted, "1")
    assert len(fronted.names()) == 2
    assert fronted.apply(**back)["changed"] is False
