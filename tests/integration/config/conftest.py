# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real Prometheus and Traefik containers, and the modules run as Ansible runs them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ...processes import run_module
from ..conftest import free_port


class Result(dict):
    """A module's answer; C(output) is all that it printed, for a look at what must not be there."""

    output = ""

    @property
    def failed(self) -> bool:
        return bool(self.get("failed"))

    def fails(self, code: str, **values: Any) -> None:
        """It failed for that reason, with these values among others."""
        assert self.failed, self
        assert self["code"] == code, self["msg"]
        assert {name: self["values"].get(name) for name in values} == values


@pytest.fixture
def module() -> Callable[..., Result]:
    """Run a module in a process of its own."""

    def run(name: str, check: bool = False, **arguments: Any) -> Result:
        answer, output = run_module(name, arguments, check=check)
        result = Result(answer)
        result.output = output
        return result

    return run


@pytest.fixture(name="free_port")
def _free_port() -> int:
    return free_port()


@pytest.fixture
def container(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Iterator[Callable[..., Any]]:
    """Start containers that are removed at the end."""
    started = []

    def start(image: str, **options: Any) -> Any:
        name = f"test-config-{uuid.uuid4().hex[:8]}"
        new = docker_client.containers.run(
            service_image(image), name=name, detach=True, user="65534:65534", **options
        )
        started.append(new)
        return new

    yield start
    for one in started:
        one.remove(force=True, v=True)


def _wait(url: str, container: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not become ready: {container.logs().decode()}")


@pytest.fixture
def wait_for() -> Callable[..., None]:
    return _wait


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two levels deep and not there yet, as on a first deployment."""
    return tmp_path / "etc" / "server"
