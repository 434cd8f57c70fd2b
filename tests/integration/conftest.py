# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real servers in containers, for all integration tests."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
import requests
import yaml
from docker.models.containers import Container

from ..processes import PROJECT
from .deployment import Deployment

LOOPBACK = "127.0.0.1"


@dataclass
class Service:
    """A running container, and the loopback port that its own one is published on."""

    container: Container
    port: int

    def url(self, scheme: str = "http") -> str:
        """The published port as a URL."""
        return f"{scheme}://{LOOPBACK}:{self.port}"


def _says_so(path: str) -> Callable[[Service], bool]:
    return lambda service: requests.get(service.url() + path, timeout=5).ok


def _answers(asked: bytes) -> Callable[[Service], bool]:
    """Only the server that is there to stay listens on its port."""

    def ready(service: Service) -> bool:
        with socket.create_connection((LOOPBACK, service.port), 5) as connection:
            connection.sendall(asked)
            return connection.recv(1) != b""

    return ready


# The port of each server, and whether it is ready.
SERVERS = {
    "alertmanager": (9093, _says_so("/-/ready")),
    "mariadb": (3306, _answers(b"")),
    "postgresql": (5432, _answers(b"\0\0\0\x08\x04\xd2\x16\x2f")),  # asks for TLS
    "prometheus": (9090, _says_so("/-/ready")),
    "pushgateway": (9091, _says_so("/-/ready")),
    "victoriametrics": (8428, _says_so("/health")),
}


def execute(container: Container, *command: str) -> tuple[str, str]:
    """Run a command inside; its output and its errors, which Docker may have lost."""
    code, output = container.exec_run(list(command), demux=True)
    said, errors = ((part or b"").decode("utf-8", "replace") for part in output)
    assert code == 0, said + errors
    return said, errors


def answer(container: Container, *command: str) -> str:
    """What a command inside says that says something and changes nothing.

    It is asked again when nothing was heard: Docker loses what a quick command says now and then,
    and tells of no error (moby/moby#27289; once in some 1,800 on a busy machine).
    """
    for _again in range(5):
        said, errors = execute(container, *command)
        if said:
            return said
    raise AssertionError(f"{' '.join(command)} said nothing: {errors}")


RunService = Callable[..., Service]


def _ports() -> Iterator[int]:
    """Each of this worker's ports once, in any order, over and over.

    Not those that the kernel gives to outgoing connections (32768 and above): another process
    could have one before whoever asked here listens there.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
    share = range(20000 + worker * 3192, 20000 + (worker + 1) * 3192)
    return itertools.cycle(secrets.SystemRandom().sample(share, len(share)))


PORTS = _ports()


def free_port() -> int:
    """A port that nobody uses just now, on any address, and that was not given before."""
    while True:
        port = next(PORTS)
        with contextlib.suppress(OSError), socket.create_server(("", port)):
            return port


def wait_until(condition: Callable[[], Any], seconds: float = 30, what: str = "") -> Any:
    """Poll until ``condition`` is true; fails when it is not within ``seconds``."""
    until = time.monotonic() + seconds
    while True:
        try:
            result, error = condition(), None
        except Exception as caught:
            result, error = None, caught
        if result:
            return result
        if time.monotonic() > until:
            pytest.fail(f"not within {seconds} s: {what or condition} ({error!r})")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    """Poll until something is true: ``eventually(condition, seconds, what)``."""
    return wait_until


@pytest.fixture(scope="session")
def docker_client() -> Iterator[docker.DockerClient]:
    """The Docker daemon of this machine."""
    client = docker.from_env(timeout=60)
    yield client
    client.close()


@pytest.fixture(scope="session")
def service_image(docker_client: docker.DockerClient) -> Callable[[str], str]:
    """The image of a service: TEST_IMAGE_<NAME>, or the one built from packages."""
    facts = yaml.safe_load((PROJECT / "roles/observability/defaults/main.yml").read_text())

    def find(name: str) -> str:
        packages: str = facts["observability_default_images"][name]["packages"]
        reference = os.environ.get(f"TEST_IMAGE_{name.upper()}", packages)
        try:
            docker_client.images.get(reference)
        except docker.errors.ImageNotFound:
            pytest.fail(f"image {reference} is missing: run `make images`")
        return reference

    return find


@contextlib.contextmanager
def running(client: docker.DockerClient, image: Callable[[str], str]) -> Iterator[RunService]:
    """Run services; they are removed at the end."""
    started: list[Container] = []

    def run(name: str, ready: Callable[[Service], Any] | None = None, **options: Any) -> Service:
        inside, usual = SERVERS[name]
        port = free_port()
        container = client.containers.run(
            image(name),
            detach=True,
            labels={"vya.observability.test": "1"},
            ports={f"{inside}/tcp": (LOOPBACK, port)},
            **options,
        )
        started.append(container)
        service = Service(container, port)
        try:
            wait_until(lambda: (ready or usual)(service), 60, f"{name} ready")
        except BaseException:
            print(container.logs(tail=30).decode("utf-8", "replace"))
            raise
        return service

    try:
        yield run
    finally:
        for container in started:
            container.remove(force=True, v=True)


@pytest.fixture
def run_service(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Iterator[RunService]:
    """Run a service for one test: ``run_service("pushgateway")``, one of SERVERS.

    Options go to the Docker SDK. The port, published on a free one of the loopback interface,
    stays the same when the container is stopped and started.
    """
    with running(docker_client, service_image) as run:
        yield run


@pytest.fixture(scope="module")
def run_module_service(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Iterator[RunService]:
    """The same, for all tests of a module."""
    with running(docker_client, service_image) as run:
        yield run


@pytest.fixture(scope="session")
def promtool(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Callable[[Path, str], tuple[int, str]]:
    """Run a script in Prometheus's image, which sees a folder as the working directory."""

    def run(folder: Path, script: str) -> tuple[int, str]:
        container = docker_client.containers.create(
            service_image("prometheus"),
            ["-c", script],
            entrypoint=["sh"],
            user="0:0",
            working_dir="/work",
            network_mode="none",
            volumes={str(folder): {"bind": "/work", "mode": "ro"}},
            labels={"vya.observability.test": "1"},
        )
        try:
            container.start()
            code = container.wait(timeout=120)["StatusCode"]
            return code, container.logs().decode("utf-8", "replace")
        finally:
            container.remove(force=True, v=True)

    return run


@pytest.fixture(scope="module")
def deployment(
    tmp_path_factory: pytest.TempPathFactory, docker_client: docker.DockerClient
) -> Iterator[Callable[..., Deployment]]:
    """Make a deployment of a playbook: ``deployment(playbook, **variables)``."""
    made: list[Deployment] = []

    def make(playbook: str, **variables: Any) -> Deployment:
        directory = tmp_path_factory.mktemp("role")
        made.append(Deployment(docker_client, directory, playbook, variables))
        return made[-1]

    yield make
    for one in made:
        one.remove()
