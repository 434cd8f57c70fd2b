# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replace, fail, roll back: whatever happens, a release serves, and the message says why."""

from __future__ import annotations

import contextlib
import fcntl
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ..conftest import wait_until
from .conftest import Release
from .tools import Client, ask

NO_REHEARSAL = {"rehearsal": {"until": "none"}}


def test_replace_keeps_the_old_one_and_a_client_hardly_notices(
    served: Release, images: Callable[..., str]
) -> None:
    with Client(served.port, timeout=0.25) as client:
        replaced = served.ok(image=images("ok", "2"))
        assert client.next_answer() == "2"
    assert replaced["actions"] == [f"replace container {served.name} (image)"]
    assert client.versions == ["1", "2"]
    # What was refused lies within the downtime that the module tells of.
    if client.refused:
        refused = client.refused[-1].began - client.refused[0].ended
        assert refused <= replaced["downtime_seconds"]
    assert served.names() == {"", ".previous"}
    assert replaced["previous"]["image_reference"] == images("ok", "1")
    kept = served.attrs(".previous")
    assert kept["State"]["Status"] == "exited"
    assert kept["HostConfig"]["RestartPolicy"]["Name"] == "no"
    assert len(served.stored()) == 2
    served.ok(image=images("ok", "3"))
    assert len(served.stored()) == 2


def test_rollback(served: Release, images: Callable[..., str]) -> None:
    served.ok(image=images("ok", "2"), restart_policy="always")
    back = served.only(state="rolled_back")
    rolled = served.ok(**back)
    assert served.version() == "1"
    assert 0 < rolled["downtime_seconds"] < rolled["seconds"]
    assert served.names() == {"", ".previous"}
    assert served.attrs()["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert served.attrs(".previous")["HostConfig"]["RestartPolicy"]["Name"] == "no"
    # Twice is not forth and back: a nervous operator must not bring the bad release back.
    assert served.ok(**back)["changed"] is False
    assert served.version() == "1"
    # The release that is wanted after all is deployed as any other.
    served.ok(image=images("ok", "2"))
    assert served.version() == "2"


def test_rollback_without_a_previous_release(served: Release) -> None:
    served.fails("release.no_previous", state="rolled_back")


def test_rollback_to_a_release_that_fails(
    served: Release, images: Callable[..., str], tmp_path: Path
) -> None:
    """The previous release needs a directory that is gone since."""
    needed = tmp_path / "needed"
    needed.mkdir()
    served.ok(**NO_REHEARSAL, volumes=[{"source": str(needed), "target": "/needed"}])
    served.ok(image=images("ok", "2"))
    needed.rmdir()
    failed = served.fails("release.not_taken_over", state="rolled_back")
    assert str(needed) in failed["msg"]
    assert failed["values"]["outcome"] == "restored"
    assert served.version() == "2"
    assert served.names() == {"", ".previous"}
    assert served.ok(image=images("ok", "2"))["changed"] is False


# Seconds to wait: what ends is noticed, and is not called late, long before all of them are over.
WAIT = {"crash": 600, "never": 4, "fat": 600, "large": 5}
# What is the matter. Docker's own word on memory is lost now and then.
BAD = [
    ("crash", {"container.exited", "container.restarts", "container.restarts_after"}),
    ("never", {"container.timeout"}),
    ("large", {"container.memory_full"}),
    ("fat", {"container.out_of_memory", "container.killed", "container.restarts_after"}),
]


def bad_release(images: Callable[..., str], mode: str) -> dict[str, Any]:
    return {"image": images(mode, "2"), "memory": "64m", "read_only": mode != "large"}


@pytest.mark.parametrize(("mode", "reasons"), BAD, ids=[mode for mode, _reasons in BAD])
def test_a_bad_image_fails_its_rehearsal(
    served: Release, images: Callable[..., str], mode: str, reasons: set[str]
) -> None:
    before = served.attrs()
    rehearsal = {"until": "healthy", "timeout": WAIT[mode]}
    with Client(served.port) as client:
        bad = {**bad_release(images, mode), "rehearsal": rehearsal}
        failed = served.fails("release.rehearsal_failed", **bad)
    assert failed["values"]["reason"] in reasons
    assert failed["values"]["outcome"] == "untouched"
    assert mode != "crash" or "a_module_that_is_not_in_the_image" in failed["msg"]
    assert client.failed == []
    after = served.attrs()
    assert (after["Id"], after["State"]["StartedAt"]) == (
        before["Id"],
        before["State"]["StartedAt"],
    )
    assert served.names() == {""}
    assert len(served.stored()) == 1


@pytest.mark.parametrize(("mode", "reasons"), BAD, ids=[mode for mode, _reasons in BAD])
def test_a_bad_image_in_the_swap_brings_the_old_one_back(
    served: Release, images: Callable[..., str], mode: str, reasons: set[str]
) -> None:
    bad = {**bad_release(images, mode), "wait_timeout": WAIT[mode]}
    with Client(served.port, timeout=0.25) as client:
        failed = served.fails("release.not_taken_over", **NO_REHEARSAL, **bad)
        assert client.next_answer() == "1"
    assert failed["values"]["reason"] in reasons
    assert failed["values"]["outcome"] == "restored"
    assert mode != "crash" or "a_module_that_is_not_in_the_image" in failed["msg"]
    assert served.names() == {""}
    assert len(served.stored()) == 1
    assert served.ok()["actions"] == []


def test_an_image_that_turns_unhealthy(served: Release, images: Callable[..., str]) -> None:
    sick = {"image": images("sick", "2"), "settle": 5}
    failed = served.fails("release.not_taken_over", **NO_REHEARSAL, **sick)
    assert failed["values"]["reason"] == "container.check_failed"
    assert served.version() == "1"


def test_docker_calls_it_unhealthy(served: Release, images: Callable[..., str]) -> None:
    """Docker's word ends the wait, which else would end with other words."""
    check = {"test": "sleep 0.1; echo no database; exit 1", "interval": 0.3, "retries": 2}
    failed = served.fails(
        "release.not_taken_over", **NO_REHEARSAL, healthcheck=check, wait_timeout=600
    )
    assert failed["values"]["reason"] == "container.unhealthy"
    assert "no database" in failed["msg"]
    assert served.version() == "1"


def test_rehearsal_with_a_command_of_its_own(served: Release) -> None:
    bad = {"command": ["python3", "-c", "raise SystemExit('no key given')"], "until": "exited"}
    failed = served.fails("release.rehearsal_failed", rehearsal=bad, hostname="x")
    assert failed["values"]["reason"] == "container.exited"
    assert "no key given" in failed["msg"]
    good = {**bad, "command": ["python3", "-c", "print('configuration is valid')"]}
    assert served.ok(rehearsal=good, hostname="x")["changed"]


def test_first_release_that_fails_leaves_nothing(
    release: Release, images: Callable[..., str]
) -> None:
    crash = images("crash", "1")
    failed = release.fails("release.not_taken_over", **NO_REHEARSAL, image=crash)
    assert failed["values"]["outcome"] == "nothing_left"
    assert release.names() == set()
    assert release.stored() == []


def test_slow_start_is_waited_for(served: Release, images: Callable[..., str]) -> None:
    replaced = served.ok(image=images("slow", "2"))
    assert served.version() == "2"
    assert replaced["downtime_seconds"] > 1


def test_unhealthy_and_wanted_is_restarted(release: Release) -> None:
    """What is wanted but sick is started anew; a replacement by the same would prove nothing."""
    sick = "test ! -e /tmp/sick"
    options = {**NO_REHEARSAL, "tmpfs": ["/tmp"], "healthcheck": {"test": sick, "interval": 0.3}}
    release.ok(**options)
    container = release.client.containers.get(release.name)
    container.exec_run(["touch", "/tmp/sick"])
    wait_until(lambda: release.attrs()["State"]["Health"]["Status"] == "unhealthy")
    mended = release.ok(**options)
    assert mended["actions"] == [f"restart container {release.name} (it is unhealthy)"]


# --- two at once, and signals


def test_two_runs_wait_for_each_other(release: Release, images: Callable[..., str]) -> None:
    runs = [release.start(image=images("ok", version)) for version in ("1", "2")]
    results = [json.loads(run.communicate(timeout=120)[0]) for run in runs]
    assert [bool(result.get("failed")) for result in results] == [False, False]
    assert release.names() == {"", ".previous"}
    assert release.version() in ("1", "2")


def test_the_lock_is_not_waited_for_for_ever(served: Release) -> None:
    lock = served.state / "releases" / f"{served.name}.lock"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        served.fails("release.locked", wait_timeout=1)


def test_a_broken_connection_puts_the_old_one_back(
    served: Release, images: Callable[..., str]
) -> None:
    """SIGHUP, as when the controller goes away in the middle of a swap."""
    run = served.start(**NO_REHEARSAL, image=images("never", "2"), wait_timeout=600)
    wait_until(lambda: served.attrs(".next")["State"]["Status"] == "running")
    run.send_signal(signal.SIGHUP)
    run.communicate(timeout=60)
    assert served.names() == {""}
    assert served.version() == "1"


# --- a registry


@pytest.fixture
def registry(client: Any) -> Iterator[str]:
    """The address of a real registry on loopback."""
    container = client.containers.run(
        "vya-observability/registry:packages", detach=True, ports={"5000/tcp": ("127.0.0.1", None)}
    )
    try:
        container.reload()
        port = int(container.ports["5000/tcp"][0]["HostPort"])
        wait_until(lambda: ask(port) is not None, what="the registry")
        yield f"127.0.0.1:{port}"
    finally:
        container.remove(force=True, v=True)


def test_pull(release: Release, images: Callable[..., str], registry: str) -> None:
    """A tag that moves: seen by check mode without a pull, and only where pull=always."""
    api = release.client.api
    repository = f"{registry}/{release.name}"
    reference = f"{repository}:stable"

    def publish(version: str) -> None:
        api.tag(images("ok", version), repository, "stable")
        assert "error" not in api.push(repository, "stable")
        api.remove_image(reference)

    publish("1")
    pulled = f"pull image {reference}"
    created = release.ok(image=reference)
    assert created["actions"] == [pulled, f"create container {release.name}"]
    digest = created["release"]["image_digest"]
    assert release.ok(image=reference, pull="always")["changed"] is False
    assert release.ok(image=f"{repository}@{digest}", pull="always")["changed"] is False
    publish("2")
    api.pull(f"{repository}@{digest}")
    api.tag(f"{repository}@{digest}", repository, "stable")
    assert release.ok(image=reference)["changed"] is False
    replaced = release.ok(image=reference, pull="always")
    assert replaced["actions"] == [pulled, f"replace container {release.name} (image)"]
    assert release.version() == "2"
    missing = f"{repository}:never"
    for check in (True, False):
        release.fails("docker.no_such_tag", check, image=missing)
    release.clean()
    for image in release.client.images.list(repository):
        for known in (*image.attrs["RepoTags"], *image.attrs["RepoDigests"]):
            # Removing the last tag removes the digests too.
            if known.startswith(repository):
                with contextlib.suppress(docker.errors.ImageNotFound):
                    api.remove_image(known)
