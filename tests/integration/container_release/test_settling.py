# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a real container that is healthy at first, while it is watched."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import docker
import pytest

from ansible_collections.vya.observability.plugins.module_utils._release.slots import Slots
from ansible_collections.vya.observability.plugins.module_utils._release_check import settle
from ansible_collections.vya.observability.plugins.module_utils._release_check.look import Look

# It waits for a word, and then does the rest of the line.
WAITING = "rm -f /tmp/now; until [ -e /tmp/now ]; do sleep 0.1; done; "
LONG = 60.0  # seconds that it has to stay up; what happens ends the watch


def say(container: Any) -> None:
    container.exec_run(["touch", "/tmp/now"])


def nothing(_container: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("then", "event", "seconds", "outcome"),
    [
        ("", nothing, 3, "settled.ok"),
        ("exit 7", say, LONG, "settled.restarted"),
        ("exec tail /dev/zero", say, LONG, "settled.out_of_memory"),
        ("", lambda one: one.kill(), LONG, "settled.ended"),
        ("", lambda one: one.restart(timeout=0), LONG, "settled.started_again"),
        ("sleep 60", say, LONG, "settled.unhealthy"),
    ],
    ids=["nothing", "it ends", "memory", "killed", "restarted by hand", "unhealthy"],
)
def test_a_release_that_dies_later(
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    then: str,
    event: Callable[[Any], None],
    seconds: float,
    outcome: str,
) -> None:
    container = docker_client.containers.run(
        service_image("base"),
        ["-c", WAITING + then],
        entrypoint=["sh"],
        detach=True,
        mem_limit="32m",
        memswap_limit="32m",
        restart_policy={"Name": "unless-stopped"},
        healthcheck={
            "Test": ["CMD", "test", "!", "-e", "/tmp/now"],
            "Interval": 10**9,
            "Retries": 1,
        },
        labels={"vya.observability.test": "1"},
    )
    pauses = []

    def sleep(pause: float) -> None:
        if not pauses:
            event(container)
        pauses.append(pause)
        time.sleep(pause)

    monkeypatch.setattr(settle, "time", SimpleNamespace(**{**vars(time), "sleep": sleep}))
    try:
        container.reload()
        slots = Slots(container.attrs)
        look = Look("wf001", container.name, slots, container.attrs, None, {})
        check = settle.settled_check(look, docker_client, seconds)
        assert check
        assert check.code == outcome
    finally:
        with contextlib.suppress(docker.errors.NotFound):
            container.remove(force=True, v=True)
