# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's container: user, volume, password as a file and its change, rehearsal.

What runs in it is the stand-in, as user 472 and with the environment that Grafana's image takes.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
import requests
import yaml

from ..conftest import answer, free_port
from ..deployment import Deployment

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
IMAGE = "vya-observability/test-grafana-stand-in:packages"
# What the stand-in needs and the collector's image does not have.
PACKAGES = ("httpx", "httpcore", "certifi")
FIRST = "the-first-password"
SECOND = "the-second-password"


def _context() -> io.BytesIO:
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w") as archive:

        def add(path: Path, name: str) -> None:
            archive.add(path, name, filter=lambda one: None if "__pycache__" in one.name else one)

        for name in ("Dockerfile", "serve.py"):
            add(HERE / "managed" / name, name)
        add(ROOT / "tests/grafana_stand_in", "tests/grafana_stand_in")
        for package in PACKAGES:
            spec = importlib.util.find_spec(package)
            assert spec is not None, package
            assert spec.origin is not None, package
            add(Path(spec.origin).parent, package)
    found.seek(0)
    return found


@pytest.fixture(scope="module")
def image(docker_client: docker.DockerClient) -> Iterator[str]:
    facts = yaml.safe_load((ROOT / "roles/observability/defaults/main.yml").read_text("utf-8"))
    base = f"{facts['observability_image_name']}:{facts['observability_image_version']}"
    docker_client.images.build(
        fileobj=_context(), custom_context=True, tag=IMAGE, buildargs={"BASE": base}, rm=True
    )
    yield IMAGE
    docker_client.images.remove(IMAGE, force=True)


@pytest.fixture
def managed(deployment: Callable[..., Deployment], image: str) -> Deployment:
    port = free_port()
    play = deployment(
        "grafana",
        image_references={"grafana": image},
        grafana_mode="managed",
        grafana_port=port,
        grafana_url=f"http://127.0.0.1:{port}",
        grafana_prometheus_url="http://prometheus:9090",
        # Of the content there are tests of their own.
        grafana_datasources=[],
        grafana_own_dashboards=[],
        grafana_alerting=False,
    )
    play.variables |= {"grafana_container_name": play.name, "grafana_volume": play.name}
    return play


def login(play: Deployment, password: str) -> int:
    url = f"{play.variables['grafana_url']}/api/org"
    return requests.get(url, auth=("admin", password), timeout=10).status_code


def changed(output: str) -> int:
    return int(re.findall(r"changed=(\d+)", output)[-1])


def lose_one_answer_of_docker(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    """A C(docker) before the real one whose first C(exec) says nothing, and that all is well."""
    lost, wrapper = directory / "lost", directory / "bin" / "docker"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\nif [ "$1" = exec ] && [ ! -e {lost} ]; then touch {lost}; exit 0; fi\n'
        f'exec {shutil.which("docker")} "$@"\n'
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")


def test_the_container_its_volume_and_its_password(
    managed: Deployment,
    docker_client: docker.DockerClient,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    said = managed.ok(grafana_password=FIRST)
    assert login(managed, FIRST) == 200
    assert login(managed, "another") == 401
    container = docker_client.containers.get(managed.name)
    assert container.attrs["Config"]["User"] == "472:0"
    assert FIRST not in str(container.attrs)
    owned = answer(container, "stat", "-c", "%u:%g %n", "/var/lib/grafana")
    assert owned == "472:0 /var/lib/grafana\n"
    secret = answer(container, "stat", "-c", "%a %u", "/run/secrets/admin_password")
    assert secret == "400 472\n"
    assert '"rehearsal_seconds": null' not in said
    assert FIRST not in said.split("TASK", 1)[1].replace(f'"grafana_password": "{FIRST}"', "")

    # Grafana takes the file only when it makes its database: the new one is told to it, even
    # where Docker loses once what the running one answered (moby/moby#27289).
    lose_one_answer_of_docker(monkeypatch, tmp_path)
    managed.ok(grafana_password=SECOND)
    assert (tmp_path / "lost").exists()
    assert login(managed, FIRST) == 401
    assert login(managed, SECOND) == 200

    # Somebody set another one in Grafana's pages.
    body = {"oldPassword": SECOND, "newPassword": "set-by-hand", "confirmNew": "set-by-hand"}
    url = f"{managed.variables['grafana_url']}/api/user/password"
    reply = requests.put(url, json=body, auth=("admin", SECOND), timeout=10)
    assert reply.ok, reply.text
    done = managed.run(grafana_password=SECOND)
    assert done.returncode != 0
    assert changed(done.stdout) == 0
    assert "grafana_password for admin; seen: 401" in done.stdout
    assert "reset-admin-password" in done.stdout
