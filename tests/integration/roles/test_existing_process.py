# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Existing services that are processes of a package: no Docker and no Python module is needed.

The binaries are those of the service images; the Python is one without any module.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ..conftest import RunService, free_port, wait_until
from ..deployment import Deployment

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  environment: {{PATH: "{{{{ path }}}}"}}
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.{}
"""
# No group but the server's reads what is written.
USER = 65534
SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Process:
    """A server without a container, and the role for it."""

    url: str
    etc: Path
    programs: Path  # with promtool and amtool
    deployment: Deployment
    place: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str) -> Any:
        return requests.get(f"{self.url}{path}", timeout=10).json()

    def play(self, *arguments: str, tools: bool = True, **variables: Any) -> str:
        path = f"{self.programs}:{SYSTEM}" if tools else SYSTEM
        return self.deployment.ok(*arguments, path=path, **{**self.place, **variables})


Start = Callable[..., Process]


def copy_programs(client: docker.DockerClient, image: str, place: Path, *programs: str) -> None:
    """Copy programs out of an image, to which they may be links."""
    container = client.containers.create(image)
    try:
        for program in programs:
            source = f"{container.id}:/bin/{program}"
            subprocess.run(["docker", "cp", "-L", source, place], check=True)
    finally:
        container.remove()


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    directory = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", directory], check=True)
    return str(directory / "bin" / "python")


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that the server's user can enter, which it cannot those of pytest."""
    with tempfile.TemporaryDirectory(prefix="vyatest-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def start(
    place: Path,
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    deployment: Callable[..., Deployment],
    clean_python: str,
) -> Iterator[Start]:
    """Start a server as a process of this machine."""
    running: list[subprocess.Popen[bytes]] = []

    def run(name: str, config: str, tool: str, *options: str) -> Process:
        programs, etc, data = (place / each for each in ("bin", "etc", "data"))
        for directory in (programs, etc, data):
            directory.mkdir(mode=0o755)
        os.chown(data, USER, USER)
        copy_programs(docker_client, service_image(name), programs, name, tool)
        (etc / f"{name}.yml").write_text(config.replace("ETC", str(etc)))
        port = free_port()
        arguments = [
            programs / name,
            f"--config.file={etc / name}.yml",
            f"--web.listen-address=127.0.0.1:{port}",
            *options,
        ]
        with (place / "log").open("wb") as log:
            running.append(
                subprocess.Popen(arguments, cwd=data, stdout=log, stderr=log, user=USER, group=USER)
            )
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: requests.get(f"{url}/-/ready", timeout=2).ok, 30, name)
        made = deployment(
            PLAY.format(name),
            **{f"{name}_mode": "existing", f"{name}_url": url},
            ansible_python_interpreter=clean_python,
            prometheus_expected_collectors=[],
        )
        return Process(url, etc, programs, made)

    yield run
    for one in running:
        one.terminate()
        one.wait(10)


LONG = pytest.mark.long
PROMETHEUS = """
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [ETC/rules/vya/*.yml]
"""


@pytest.mark.parametrize(
    "tools",
    [pytest.param(True, id="promtool"), pytest.param(False, id="no promtool", marks=LONG)],
)
def test_prometheus_gets_its_rules_and_they_are_proven(start: Start, tools: bool) -> None:
    server = start(
        "prometheus", PROMETHEUS, "promtool", "--web.enable-lifecycle", "--storage.tsdb.path=tsdb"
    )
    server.place = {"prometheus_existing_rules_directory": str(server.etc / "rules" / "vya")}
    foreseen = server.play("--check", "--diff", tools=tools)
    assert not (server.etc / "rules").exists()
    said = server.play(tools=tools)
    assert ("no promtool" in said) is not tools
    groups = server.get("/api/v1/rules")["data"]["groups"]
    assert {"vya-collector", "vya-ping"} <= {group["name"] for group in groups}
    assert "changed=1" in foreseen
    assert "changed=1" in said
    assert "changed=0" in server.play(tools=tools)
    assert "changed=0" in server.play("--check", tools=tools)


def test_wrong_rules_are_refused_by_promtool_or_by_the_server(start: Start) -> None:
    server = start(
        "prometheus", PROMETHEUS, "promtool", "--web.enable-lifecycle", "--storage.tsdb.path=tsdb"
    )
    server.place = {"prometheus_existing_rules_directory": str(server.etc / "rules" / "vya")}
    server.play()
    before = server.get("/api/v1/rules")["data"]["groups"]
    wrong = {"mine": [{"name": "mine", "rules": [{"record": "a", "expr": "sum("}]}]}
    for path, code in (
        (f"{server.programs}:{SYSTEM}", "config.refused"),
        (SYSTEM, "server.refused"),
    ):
        done = server.deployment.run(path=path, prometheus_rules=wrong, **server.place)
        assert done.returncode == 2
        assert f'"code": "{code}"' in done.stdout
    # The set that was there is back, and proven.
    assert "changed=0" in server.play()
    names = [group["name"] for group in server.get("/api/v1/rules")["data"]["groups"]]
    assert names == [group["name"] for group in before]


def test_rules_that_the_server_does_not_read_are_told(start: Start) -> None:
    server = start(
        "prometheus", "global: {}", "promtool", "--web.enable-lifecycle", "--storage.tsdb.path=tsdb"
    )
    directory = str(server.etc / "rules" / "vya")
    path = f"{server.programs}:{SYSTEM}"
    done = server.deployment.run(path=path, prometheus_existing_rules_directory=directory)
    assert done.returncode == 2
    assert '"code": "server.directory_not_read"' in done.stdout


def test_alertmanager_gets_its_configuration(
    place: Path,
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
    run_module_service: RunService,
    deployment: Callable[..., Deployment],
    clean_python: str,
) -> None:
    """Debian's needs its package's templates, so it is in a container that the role is not told."""
    etc = place / "etc"
    etc.mkdir(mode=0o755)
    (etc / "alertmanager.yml").write_text("route: {receiver: a}\nreceivers: [{name: a}]\n")
    copy_programs(docker_client, service_image("alertmanager"), place, "amtool")
    service = run_module_service(
        "alertmanager",
        command=[
            f"--config.file={etc}/alertmanager.yml",
            "--storage.path=/tmp",
            "--cluster.listen-address=",
        ],
        volumes={str(etc): {"bind": str(etc), "mode": "ro"}},
    )
    made = deployment(
        PLAY.format("alertmanager"),
        alertmanager_mode="existing",
        alertmanager_url=service.url(),
        ansible_python_interpreter=clean_python,
    )
    url = {"url": "https://hooks.example.com/very-secret-1"}
    server = Process(
        service.url(),
        etc,
        place,
        made,
        {
            "alertmanager_existing_config_directory": str(etc),
            "alertmanager_receivers": [{"name": "operators", "webhooks": [url]}],
        },
    )
    said = server.play("--diff")
    assert "changed=1" in said
    assert "very-secret-1" not in said
    assert "operators" in server.get("/api/v2/status")["config"]["original"]
    assert "changed=0" in server.play()
