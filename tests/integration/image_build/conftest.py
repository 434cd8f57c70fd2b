# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module as a task runs it (the action plugin has half of the work), and a real registry."""

from __future__ import annotations

import base64
import json
import re
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from ...processes import play

ROOT = Path(__file__).parents[3]
RunTask = Callable[..., dict[str, Any]]
USER, PASSWORD = "deployer", "pass-of-no-use"
HTPASSWD = f"{USER}:$2b$05$3nfxqqzmTWkcYGNALGvnFeBi0jwZLaOXeIQhUGmbhX1/TQDPZ.1r2\n"


@pytest.fixture(scope="session")
def base_image() -> str:
    """The base image built from packages."""
    facts = yaml.safe_load((ROOT / "roles/observability/defaults/main.yml").read_text())
    return str(facts["observability_default_images"]["base"]["packages"])


@pytest.fixture
def task(tmp_path: Path) -> RunTask:
    """Run one image_build task: ``task(options, check=False)``; its result, with its output."""

    def run(
        options: dict[str, Any], check: bool = False, fails: bool = False, verbose: bool = False
    ) -> dict[str, Any]:
        options = {"log_directory": str(tmp_path / "log"), **options}
        shown = "<<{{ result | to_json | b64encode }}>>"
        book = {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [
                {
                    "vya.observability.image_build": options,
                    "register": "result",
                    "ignore_errors": True,
                    "diff": True,
                },
                {"ansible.builtin.debug": {"msg": shown}},
            ],
        }
        playbook = tmp_path / f"{uuid.uuid4().hex}.yml"
        playbook.write_text(yaml.safe_dump([book]))
        switches = ["--check"] * check + ["-vvv"] * verbose
        done = play(
            *("-i", "localhost,", "-c", "local", playbook, *switches),
            seconds=600,
            ANSIBLE_PIPELINING="1",
        )
        output = done.stdout + done.stderr
        encoded = re.search(r"<<([A-Za-z0-9+/=]+)>>", output)
        assert encoded, output
        found: dict[str, Any] = json.loads(base64.b64decode(encoded[1]))
        assert bool(found.get("failed")) is fails, found
        return {**found, "output": output}

    return run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The source of a small image that answers `hello`."""
    directory = tmp_path / "source"
    directory.mkdir()
    (directory / "Dockerfile").write_text(
        "ARG BASE_IMAGE\nFROM $BASE_IMAGE\nARG GREETING=hello\n"
        'COPY program /usr/local/bin/program\nUSER 10001\nENTRYPOINT ["program"]\n'
    )
    (directory / "program").write_text('#!/bin/sh\necho "hello $*"; exit "${1:-0}"\n')
    (directory / "program").chmod(0o755)
    return directory


@pytest.fixture
def name(docker_client: docker.DockerClient) -> Iterator[str]:
    """A name for an image; whatever bears it is removed."""
    unique = f"vya-test/{uuid.uuid4().hex[:12]}"
    yield unique
    for image in docker_client.api.images():
        # By its names: its id is refused while another image is made from it.
        for known in [*(image["RepoTags"] or []), *(image["RepoDigests"] or [])]:
            if unique in known:
                with suppress(docker.errors.NotFound):
                    docker_client.api.remove_image(known, force=True)


@pytest.fixture
def options(source: Path, name: str, base_image: str) -> dict[str, Any]:
    """Options that build the small image."""
    base = {"name": base_image, "src": str(ROOT / "roles/image/files/base")}
    return {"src": str(source), "name": name, "tag": "1.0", "base": base}


def _registry(
    client: docker.DockerClient, eventually: Callable[..., Any], **settings: Any
) -> Iterator[str]:
    container = client.containers.run(
        "vya-observability/registry:packages",
        detach=True,
        labels={"vya.observability.test": "1"},
        ports={"5000/tcp": ("127.0.0.1", None)},
        **settings,
    )
    try:
        container.reload()
        port = int(container.ports["5000/tcp"][0]["HostPort"])
        eventually(lambda: socket.create_connection(("127.0.0.1", port), 1), 60, "the registry")
        yield f"127.0.0.1:{port}"
    finally:
        container.remove(force=True, v=True)


@pytest.fixture
def registry(docker_client: docker.DockerClient, eventually: Callable[..., Any]) -> Iterator[str]:
    """The address of a real registry on loopback."""
    yield from _registry(docker_client, eventually)


@pytest.fixture
def closed_registry(
    docker_client: docker.DockerClient, tmp_path: Path, eventually: Callable[..., Any]
) -> Iterator[str]:
    """The address of a registry that wants USER and PASSWORD."""
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    tmp_path.chmod(0o755)
    yield from _registry(
        docker_client,
        eventually,
        environment={
            "REGISTRY_AUTH": "htpasswd",
            "REGISTRY_AUTH_HTPASSWD_REALM": "test",
            "REGISTRY_AUTH_HTPASSWD_PATH": "/htpasswd",
        },
        volumes={str(tmp_path / "htpasswd"): {"bind": "/htpasswd", "mode": "ro"}},
    )


@pytest.fixture
def silence() -> Iterator[socket.socket]:
    """Something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def silent_registry(silence: socket.socket) -> str:
    """Its address."""
    return f"127.0.0.1:{silence.getsockname()[1]}"
