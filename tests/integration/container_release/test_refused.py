# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before anything is touched, with all its causes named."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import REPOSITORY, Release
from .tools import Client

NO_REHEARSAL = {"rehearsal": {"until": "none"}}


def test_port_taken_by_a_container(served: Release, images: Callable[..., str]) -> None:
    holder = served.client.containers.run(
        images("ok", "1"), name=f"{served.name}-holder", detach=True, ports={"8000/tcp": None}
    )
    holder.reload()
    port = holder.ports["8000/tcp"][0]["HostPort"]
    with Client(served.port) as client:
        message = served.fails(ports=[f"127.0.0.1:{port}:8000"])
    assert f"is taken by container {holder.name}" in message
    assert "nothing was touched" in message
    assert client.failed == 0
    assert served.apply(check=True, ports=[f"127.0.0.1:{port}:8000"])["msg"] == message


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::"])
def test_port_taken_by_a_process(served: Release, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as holder, Client(served.port) as client:
        holder.bind((address, 0))
        holder.listen()
        port = holder.getsockname()[1]
        message = served.fails(ports=[f"127.0.0.1:{port}:8000"])
        assert f"process {os.getpid()}" in message
    assert client.failed == 0
    # Its own port on another address is free, once the old container has gone.
    assert served.ok(ports=[f"0.0.0.0:{served.port}:8000"])["changed"]
    assert served.ok(ports=[f"127.0.0.1:{served.port}:8000"])["changed"]


def test_every_problem_at_once(served: Release, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        message = served.fails(
            ports=[f"127.0.0.1:{port}:8000", "192.0.2.1:81:8001"],
            volumes=[{"source": str(tmp_path / "missing"), "target": "/missing"}],
        )
    for said in (f":{port}", "192.0.2.1:81", "not one of this host's", "missing does not exist"):
        assert said in message
    assert served.version() == "1"


def test_missing_secret(served: Release) -> None:
    with Client(served.port) as client:
        message = served.fails(
            secrets=[{"path": "/run/secrets/key", "content": ""}], memory="12x", ports=["99999:1"]
        )
    for said in ("the secret /run/secrets/key is empty", "memory", "ports[0]"):
        assert said in message
    assert client.failed == 0


def test_no_healthcheck(release: Release, client: Any, images: Callable[..., str]) -> None:
    base = images("ok", "1")
    client.api.tag(base, REPOSITORY, "bare")
    container = client.api.create_container(base, healthcheck={"test": ["NONE"]})
    client.api.commit(container, REPOSITORY, "bare")
    client.api.remove_container(container)
    message = release.fails(image=f"{REPOSITORY}:bare")
    assert "no healthcheck never counts as healthy" in message


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("sha256:" + "0" * 64, "an id cannot be pulled"),
        ("no-such-registry.example.com/nothing:1", "could not be pulled"),
    ],
)
def test_no_such_image(served: Release, image: str, said: str) -> None:
    assert said in served.fails(image=image)
    assert said in served.apply(check=True, image=image)["msg"]
    assert "pull=never" in served.fails(image="no-such-image:1", pull="never")
    assert served.version() == "1"


def test_no_daemon(release: Release, tmp_path: Path) -> None:
    message = release.fails(docker_host=f"unix://{tmp_path}/none.sock")
    assert "Docker is not installed or not started" in message


def test_foreign_container_is_refused_or_adopted(
    release: Release, images: Callable[..., str]
) -> None:
    release.client.containers.run(
        images("ok", "foreign"),
        name=release.name,
        detach=True,
        ports={"8000/tcp": ("127.0.0.1", release.port)},
        restart_policy={"Name": "always"},
    )
    assert "adopt=true" in release.fails()
    assert "adopt=true" in release.fails(state="absent")
    release.ok(adopt=True)
    assert release.version() == "1"
    assert release.attrs(".previous")["HostConfig"]["RestartPolicy"]["Name"] == "no"
    release.ok(**release.only(state="rolled_back"))
    assert release.version() == "foreign"
    assert release.attrs()["HostConfig"]["RestartPolicy"]["Name"] == "always"
