# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container in which a backup is put back: without any network, of the image that wrote it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .._docker.client import DOCKER_ERRORS, NotFound, docker_failure
from .._docker.container import remove
from .._docker.environment import environment_of
from .._docker.images import find_image
from .._docker.labels import LABEL_SCRATCH
from .._failure import Failure
from .._folder import open_folder
from .archive import Content, Part, put, read
from .kind import Figures, Kind
from .running import Server

STOP_SECONDS = 120
# Fields of the container that a server may need to start as it did.
KEPT = ("CapAdd", "CapDrop", "SecurityOpt", "GroupAdd", "Tmpfs", "Memory", "MemorySwap", "ShmSize")


class Scratch:
    """Puts a backup back.

    Args:
        client: Docker client with a long timeout.
        params: The module's options.
        manifest: The backup's.
        folder: The backup's files.
        kind: What kind of service it is.
        work: A directory of the host that is made for this, below one that only root enters.
    """

    def __init__(
        self,
        client: Any,
        params: Mapping[str, Any],
        manifest: Mapping[str, Any],
        folder: Path,
        kind: Kind,
        work: Path,
    ) -> None:
        self.client, self.params = client, params
        self.manifest, self.folder = manifest, folder
        self.kind, self.work = kind, work
        self.name = str(manifest["service"])

    def clean(self) -> None:
        """Remove what an interrupted run has left."""
        mine = {"label": f"{LABEL_SCRATCH}={self.name}"}
        for each in self.client.api.containers(all=True, filters=mine):
            remove(self.client, each)
        for volume in self.client.api.volumes(filters=mine)["Volumes"] or []:
            self.client.api.remove_volume(volume["Name"], force=True)
        shutil.rmtree(self.work, ignore_errors=True)

    def prove(self) -> dict[str, Any]:
        """Put the backup into volumes of its own, and return what came back.

        Raises:
            Failure: `backup.not_proven`, or another one.
        """
        names = {each["target"]: f"{self.name}.scratch-{_token()}" for each in self._targets()}
        try:
            for volume in names.values():
                labels = {LABEL_SCRATCH: self.name}
                self.client.api.create_volume(volume, driver="local", labels=labels)
            return self.fill(names)
        except DOCKER_ERRORS as error:
            raise docker_failure(f"{self.name} could not be put back", error) from error
        finally:
            for volume in names.values():
                with suppress(NotFound):
                    self.client.api.remove_volume(volume, force=True)

    def fill(self, volumes: Mapping[str, str]) -> dict[str, Any]:
        """Put the backup into empty volumes, and prove it.

        Args:
            volumes: Names of volumes by where they are mounted.

        Returns:
            `files` compared, and the `figures` of the server that was started on them, if any.

        Raises:
            Failure: `backup.not_proven`: something is missing. `backup.no_image`.
        """
        files = self._put(volumes)
        config = self.kind.command(self.manifest["container"])
        if config is None or not (self.manifest["figures"] or files == 0):
            return {"files": files, "figures": {}}
        found = self._started(volumes, config)
        missing = self.kind.missing(self.manifest["figures"], found)
        if missing:
            said = f"{self.name} lacks after the restore: {', '.join(missing)}."
            counted = {name: self.manifest["figures"][name] for name in missing}
            seen = {name: found.get(name) for name in missing}
            raise Failure("backup.not_proven", said, missing=missing, counted=counted, found=seen)
        return {"files": files, "figures": found}

    def _targets(self) -> list[Mapping[str, Any]]:
        """Return the volumes: those that have an archive, and those that a dump fills."""
        dumped = [
            {"target": each["path"]} for each in self.manifest["left"] if each["why"] == "dumped"
        ]
        return [*self.manifest["volumes"], *dumped]

    def _put(self, volumes: Mapping[str, str]) -> int:
        """Write the archives, and read them back; return the number of files."""
        total = 0
        if not self.manifest["volumes"]:
            return total
        with self._container(volumes, {"Cmd": ["unused"]}) as container:
            for each in self.manifest["volumes"]:
                put(self.client, container, each["target"], self.folder / each["file"])
                seen = read(self.client, container, [Part(each["target"])], None)
                self._compare(each, seen)
                total += seen.files
        return total

    def _compare(self, volume: Mapping[str, Any], seen: Content) -> None:
        if seen.figures() != {name: volume[name] for name in ("files", "content")}:
            said = f"{volume['file']}: what was put into {volume['target']} is not what is there."
            raise Failure("backup.not_proven", said, missing=[volume["file"]], found=seen.figures())

    def _started(self, volumes: Mapping[str, str], config: Mapping[str, Any]) -> Figures:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True, mode=0o700)
        try:
            inside = self.work / "restore"
            inside.mkdir()
            for each in self.folder.iterdir():
                if each.suffix in (".gz", ".json"):
                    shutil.copyfile(each, inside / each.name)
            self.kind.prepare(inside)
            for each in (inside, *inside.iterdir()):
                # The server is not root; nobody else gets below the directory above.
                each.chmod(0o755 if each.is_dir() else 0o644)
            mount = {
                "Type": "bind",
                "Source": str(inside),
                "Target": "/restore",
                "ReadOnly": True,
            }
            with self._container(volumes, config, [mount]) as container:
                self.client.api.start(container)
                server = Server(
                    self.client,
                    self.client.api.inspect_container(container),
                    self.kind.listen[1],
                    {},
                )
                server.wait(lambda: self.kind.ready(server))
                self.kind.feed(server, inside)
                at = self.manifest["figures"].get("at", 0.0)
                found = self.kind.count(server, at)
                # What it has in memory goes to the volume.
                self.client.api.stop(container, timeout=STOP_SECONDS)
                return found
        finally:
            shutil.rmtree(self.work, ignore_errors=True)

    @contextmanager
    def _container(
        self,
        volumes: Mapping[str, str],
        config: Mapping[str, Any],
        mounts: list[dict[str, Any]] | None = None,
    ) -> Iterator[str]:
        """Create a container, and remove it at the end."""
        recorded = self.manifest["container"]
        of, host = recorded["Config"], recorded["HostConfig"]
        environment = self.kind.environment(environment_of(of.get("Env")))
        body = {
            "Image": self._image(),
            "User": of.get("User") or "",
            "WorkingDir": of.get("WorkingDir") or "",
            "Env": [f"{name}={value}" for name, value in environment.items()],
            "Labels": {LABEL_SCRATCH: self.name},
            "Healthcheck": {"Test": ["NONE"]},
            **config,
            "HostConfig": {
                **{name: host[name] for name in KEPT if host.get(name)},
                "NetworkMode": "none",
                "LogConfig": {"Type": "json-file", "Config": {}},
                "Mounts": [
                    *(
                        {"Type": "volume", "Source": name, "Target": target}
                        for target, name in volumes.items()
                    ),
                    *(mounts or []),
                ],
            },
        }
        name = f"{self.name}.scratch-{_token()}"
        made = self.client.api.create_container_from_config(body, name=name)["Id"]
        try:
            yield made
        finally:
            remove(self.client, {"Id": made})

    def _image(self) -> str:
        recorded = self.manifest["container"]
        for reference in (self.params.get("image"), recorded["Image"], recorded["Config"]["Image"]):
            found = find_image(self.client, reference) if reference else None
            if found:
                return str(found["Id"])
        image = recorded["Config"]["Image"]
        said = f"the image of {self.name} ({image}) is not on this host: pull or build it first."
        raise Failure("backup.no_image", said, image=image)


def empty(client: Any, volume: str) -> bool:
    """Return whether a volume is missing or holds nothing."""
    root = _root(client, volume)
    return not root or not any(Path(root).iterdir())


def emptied(client: Any, volume: str) -> None:
    """Remove what a volume holds; make it if it is missing."""
    root = _root(client, volume)
    if not root:
        client.api.create_volume(volume, driver="local")
        return
    with open_folder(root, trusted=False) as folder:
        for name in folder.names():
            folder.remove(name)


def _root(client: Any, volume: str) -> str:
    try:
        return str(client.api.inspect_volume(volume)["Mountpoint"])
    except NotFound:
        return ""


def _token() -> str:
    return secrets.token_hex(4)
