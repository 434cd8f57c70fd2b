# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that are backed up, destroyed and restored, on a real daemon."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from ansible_collections.vya.observability.plugins.module_utils._backup.module import (
    back_up,
    backup_spec,
    restore,
    restore_spec,
)

from ..conftest import SERVERS, Service, free_port, wait_until


def options(spec: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The options of a module with its defaults."""
    return {**{name: option.get("default") for name, option in spec.items()}, **given}


class Subject:
    """Services with volumes of their own, and their backups."""

    def __init__(self, client: docker.DockerClient, image: Callable[[str], str], path: Path):
        self.docker, self.image, self.path = client, image, path
        self.name = f"vyatest-{uuid.uuid4().hex[:8]}"
        self.state: dict[str, Any] = {"state_directory": str(path / "state"), "timeout": 60}

    def start(
        self,
        kind: str,
        command: list[str],
        target: str,
        more_volumes: dict[str, Any] | None = None,
        **more: Any,
    ) -> Service:
        inside, ready = SERVERS[kind]
        port = free_port()
        container = self.docker.containers.run(
            self.image(kind),
            command,
            detach=True,
            name=self.name,
            ports={f"{inside}/tcp": ("127.0.0.1", port)},
            volumes={
                f"{self.name}-data": {"bind": target, "mode": "rw"},
                **(more_volumes or {}),
            },
            healthcheck={"test": ["CMD", "true"], "interval": 1_000_000_000},
            labels={"vya.observability.test": "1"},
            **more,
        )
        service = Service(container, port)
        wait_until(lambda: ready(service), 60, f"{kind} ready")
        return service

    def back_up(self, kind: str, **more: Any) -> dict[str, Any]:
        host = {"docker_host": "unix:///var/run/docker.sock", "host": "wf", "kind": kind}
        given = {"name": self.name, "documents": {}, **host, **self.state, **more}
        return back_up(options(backup_spec(), **given), False)

    def restore(self, path: str, **more: Any) -> dict[str, Any]:
        host = {"docker_host": "unix:///var/run/docker.sock"}
        given = {"name": self.name, "path": path, "state": "restored", **host, **self.state, **more}
        return restore(options(restore_spec(), **given), False)

    def destroy(self) -> None:
        """Remove the container with its volume."""
        self.docker.containers.get(self.name).remove(force=True, v=True)
        self.docker.volumes.get(f"{self.name}-data").remove()

    def leftovers(self) -> list[str]:
        """What the trial containers have left."""
        mine = {"label": f"io.vya.observability.scratch={self.name}"}
        found: list[Any] = self.docker.containers.list(all=True, filters=mine, ignore_removed=True)
        return [each.name for each in [*found, *self.docker.volumes.list(filters=mine)]]

    def container(self) -> Container:
        return self.docker.containers.get(self.name)

    def remove(self) -> None:
        for found in self.docker.containers.list(
            all=True, filters={"name": f"^{self.name}"}, ignore_removed=True
        ):
            found.remove(force=True, v=True)
        for volume in self.docker.volumes.list(filters={"name": self.name}):
            with contextlib.suppress(docker.errors.APIError):
                volume.remove(force=True)


@pytest.fixture
def subject(
    docker_client: docker.DockerClient, service_image: Callable[[str], str], tmp_path: Path
) -> Iterator[Subject]:
    made = Subject(docker_client, service_image, tmp_path)
    yield made
    made.remove()
