# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that Ansible reaches by ssh, and that stop answering."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import docker

from ..conftest import free_port, wait_until

IMAGE = "vya-observability/test-ssh-host:latest"


class SshHost:
    """A container with sshd, and the variables with which Ansible reaches it.

    Args:
        shared: Paths of this machine that it has, too, such as the socket of its Docker.
    """

    def __init__(
        self, client: docker.DockerClient, image: str, directory: Path, shared: Sequence[Path] = ()
    ) -> None:
        self.port, self.key = free_port(), directory / "key"
        if not self.key.exists():
            keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)]
            subprocess.run(keygen, check=True)
        client.images.build(
            path=str(Path(__file__).with_name("host")),
            tag=IMAGE,
            buildargs={"BASE_IMAGE": image},
            rm=True,
        )
        self.container = client.containers.run(
            IMAGE,
            detach=True,
            labels={"vya.observability.test": "1"},
            ports={"22/tcp": ("127.0.0.1", self.port)},
            volumes=[f"{path}:{path}" for path in shared],
        )
        public = self.key.with_suffix(".pub").read_text().strip()
        for user in ("deploy", "asked"):
            keys = f"/home/{user}/.ssh/authorized_keys"
            command = f"echo '{public}' > {keys}; chown {user}: {keys}"
            assert self.container.exec_run(["sh", "-c", command]).exit_code == 0
        wait_until(self.greets, 20, "sshd")

    def greets(self) -> bool:
        command = ["ssh-keyscan", "-T", "2", "-p", str(self.port), "127.0.0.1"]
        return bool(subprocess.run(command, capture_output=True, check=False).stdout)

    def variables(self, user: str = "deploy", **more: Any) -> dict[str, Any]:
        """The host in an inventory."""
        return {
            **ssh(self.port),
            "ansible_user": user,
            "ansible_ssh_private_key_file": str(self.key),
            "ansible_python_interpreter": "/usr/bin/python3",
            **more,
        }

    def freeze(self) -> None:
        """Stop all its processes, as a host that hangs: its kernel still takes connections."""
        self.container.pause()

    def cut(self) -> None:
        """Stop what serves its connections; it takes new ones."""
        assert self.container.exec_run(["pkill", "-STOP", "sshd"]).exit_code == 0


def ssh(port: int) -> dict[str, Any]:
    """Variables of a host at a port of this machine."""
    return {
        "ansible_connection": "ssh",
        "ansible_host": "127.0.0.1",
        "ansible_port": port,
        "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
    }


def controls(directory: Path) -> dict[str, str]:
    """Where Ansible keeps its connections: apart from those of other tests, and short."""
    return {"ANSIBLE_SSH_CONTROL_PATH_DIR": str(directory / "cp"), "ANSIBLE_FORKS": "12"}


def clients(key: Path) -> list[int]:
    """Processes of ssh that use this key, without those that keep connections for a minute."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = path.read_text()
            if str(key) in command and "[mux]" not in command:
                found.append(int(path.parent.name))
    return found


@contextlib.contextmanager
def ssh_hosts(
    client: docker.DockerClient, image: str, directory: Path, shared: Sequence[Path] = ()
) -> Iterator[Callable[[], SshHost]]:
    """Start hosts; they are removed at the end, and the connections to them."""
    started: list[SshHost] = []

    def start() -> SshHost:
        started.append(SshHost(client, image, directory, shared))
        return started[-1]

    try:
        yield start
    finally:
        for host in started:
            with contextlib.suppress(docker.errors.APIError):
                host.container.unpause()
            host.container.remove(force=True, v=True)
