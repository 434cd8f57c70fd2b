# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role ping: a new key is a new release, and pings that wait survive it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import docker
import pytest
import requests

from ..conftest import answer, free_port
from ..deployment import Deployment

OLD, NEW = "old-key-of-the-test-0123", "new-key-of-the-test-4567"


def targets(key: str) -> list[dict[str, str]]:
    """A collector that is not there."""
    url = f"http://127.0.0.1:{free_port()}"
    return [{"name": "wf001", "location": "usa", "url": url, "api_key": key}]


@pytest.fixture(scope="module")
def ping(deployment: Callable[..., Deployment]) -> Deployment:
    return deployment(
        "ping",
        image_references={"collector": "adminvyadigital/n8n-collector-api:0.1.0"},
        ping_host="wf008",
        ping_location="brazil",
        ping_country="BR",
        ping_container_name="{{ deployment_name }}",
        ping_port=free_port(),
        ping_settings={"circuit": {"failures": 100}},
        ping_interval_seconds=10,
    )


def waiting(ping: Deployment) -> dict[str, Any]:
    url = f"http://127.0.0.1:{ping.variables['ping_port']}/health"
    return dict(requests.get(url, timeout=10).json()["targets"]["wf001"])


def test_it_runs_as_declared_and_is_replaced_for_a_new_key(
    ping: Deployment, docker_client: docker.DockerClient, eventually: Callable[..., Any]
) -> None:
    said = ping.ok(ping_targets=targets(OLD))
    first = eventually(lambda: waiting(ping)["buffer_pings"])
    assert waiting(ping)["last_error_type"] == "connection_error"
    container = docker_client.containers.get(ping.name)
    settings = json.loads(answer(container, "cat", "/etc/collector/ping.json"))
    assert settings["circuit"] == {"failures": 100}
    key_file = settings["targets"][0]["api_key_file"]
    assert answer(container, "stat", "-c", "%a %u", key_file) == "400 10001\n"

    said += ping.ok(ping_targets=targets(NEW))
    container = docker_client.containers.get(ping.name)
    assert answer(container, "cat", key_file) == f"{NEW}\n"
    eventually(lambda: waiting(ping)["buffer_pings"] > first)
    for key in (OLD, NEW):
        assert key not in said
        assert key not in json.dumps(container.attrs)
