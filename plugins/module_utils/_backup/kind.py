# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of service is to a backup, and a service of which only its volumes are known."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from .._config.aside import arguments_of
from .._failure import Failure
from .archive import Part, save
from .frozen import frozen
from .running import Server, port_of

Figures = dict[str, Any]


@dataclass
class Job:
    """A backup that is being made.

    Args:
        client: Docker client.
        params: The module's options.
        record: The container, as Docker inspects it.
        folder: Where its files go.
        journal: Told of what is to be removed on the server if this process dies.
    """

    client: Any
    params: Mapping[str, Any]
    record: Mapping[str, Any]
    folder: Path
    journal: Path
    method: str = ""
    paused: float = 0.0
    figures: Figures = field(default_factory=dict)
    unjudged: str = ""
    volumes: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Return whether the service serves."""
        state = self.record["State"]
        return bool(state["Running"] and not state["Paused"] and not state["Restarting"])

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Note why something cannot be counted; the backup goes on without it."""
        try:
            yield
        except Failure as error:
            self.unjudged = str(error)


def volumes_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the volumes of a container, in the order of where they are mounted."""
    mounts = [each for each in record.get("Mounts") or [] if each["Type"] == "volume"]
    return sorted(mounts, key=lambda each: str(each["Destination"]))


def volume_at(record: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """Return the volume that a path of a container is on."""
    above = [path, *_parents(path)]
    found = {str(each["Destination"]).rstrip("/"): each for each in volumes_of(record)}
    return next((found[each] for each in above if each in found), None)


def _parents(path: str) -> list[str]:
    found = []
    while path not in ("/", ""):
        path = posixpath.dirname(path)
        found.append(path)
    return found


class Kind:
    """A service of which only its volumes are known.

    Its volumes are copied while it is paused. What comes back is compared file by file.
    """

    name: ClassVar[str] = "volumes"
    # Argument and usual port of its server; empty for a service that is not asked.
    listen: ClassVar[tuple[str, int]] = ("", 0)

    def server(self, client: Any, record: Mapping[str, Any], params: Mapping[str, Any]) -> Server:
        """Return how to ask a container of this kind."""
        return Server(client, record, port_of(record, *self.listen), params)

    def ready(self, server: Server) -> bool:
        """Return whether a server can be asked."""
        return server.listens()

    def count(self, server: Server, at: float) -> Figures:  # noqa: ARG002  # for those that ask
        """Return what must come back, as the server tells it; of volumes alone nobody tells more.

        Args:
            at: Unix time; nothing younger is counted.
        """
        return {}

    def missing(self, counted: Figures, found: Figures) -> list[str]:
        """Return the names of the figures that a restored server does not reach."""
        return [name for name, value in counted.items() if found.get(name) != value]

    def capture(self, job: Job) -> None:
        """Write the files of a backup, and note what must come back."""
        copy_volumes(job)

    def command(self, _record: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what a container runs that is to prove a backup: the fields of Docker's Config.

        None if nothing is started: then only the files are compared.
        """
        return None

    def environment(self, found: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of that container, from the recorded one."""
        return dict(found)

    def prepare(self, folder: Path) -> None:
        """Write what that container needs, where it sees it as /restore."""

    def feed(self, server: Server, folder: Path) -> None:
        """Give a started server what its volume does not hold.

        Args:
            folder: The backup's; the container sees it as /restore.
        """


def data_path(record: Mapping[str, Any], argument: str, usual: str) -> str:
    """Return the data directory that a server's argument names, as an absolute path."""
    found = (arguments_of(record, argument) or [usual])[0]
    workdir = (record.get("Config") or {}).get("WorkingDir") or "/"
    return posixpath.normpath(posixpath.join(workdir, found))


def copy_volumes(job: Job, but: str = "") -> None:
    """Copy all volumes of a container, which is paused meanwhile.

    Args:
        but: The destination of one that is left out, as it was backed up otherwise.
    """
    wanted = [each for each in volumes_of(job.record) if each["Destination"] != but]
    with frozen(job.client, job.params, job.record) as seconds:
        for mount in wanted:
            add_volume(job, mount, [Part(str(mount["Destination"]))])
    if wanted:
        job.paused += sum(seconds)
        job.method = job.method or ("paused" if seconds else "stopped")


def add_volume(job: Job, mount: Mapping[str, Any], parts: list[Part]) -> None:
    """Write the archive of a volume, and note it."""
    file = f"volume-{len(job.volumes)}.tar"
    content = save(job.client, job.record["Id"], parts, job.folder / file)
    job.volumes.append(
        {
            "name": mount["Name"],
            "target": mount["Destination"],
            "file": file,
            **content.figures(),
        }
    )
