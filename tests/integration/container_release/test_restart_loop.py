# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container that Docker starts again and again is told from one that takes long."""

from __future__ import annotations

from collections.abc import Callable

import docker
import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker import health


@pytest.mark.parametrize(
    ("command", "code"),
    [
        # Docker waits before it starts it again, and knows the exit code meanwhile.
        ("exit 7", "container.restarts_after"),
        # It runs again, and Docker calls its exit code 0.
        ("[ -e /tmp/one ] && sleep 60; touch /tmp/one; exit 7", "container.restarts"),
    ],
    ids=["between two starts", "running again"],
)
def test_a_restart_loop_is_named_at_once(
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    eventually: Callable[..., object],
    command: str,
    code: str,
) -> None:
    container = docker_client.containers.run(
        service_image("base"),
        ["-c", command],
        entrypoint=["sh"],
        detach=True,
        restart_policy={"Name": "always"},
        healthcheck={"Test": ["CMD", "true"], "Interval": 10**12},
        labels={"vya.observability.test": "1"},
    )

    def restarted() -> bool:
        container.reload()
        # Its waits double: the fourth is long enough to be seen in.
        status, least = ("running", 0) if "sleep" in command else ("restarting", 2)
        return container.attrs["RestartCount"] > least and container.status == status

    try:
        eventually(restarted, 60, "a restart")
        with pytest.raises(health.NotHealthy) as caught:
            health.wait_healthy(docker_client, container.id, timeout=600)
        assert caught.value.code == code
    finally:
        container.remove(force=True, v=True)
