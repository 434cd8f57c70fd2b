# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes what a new container needs (networks, volumes, files), the container, and its rehearsal."""

from __future__ import annotations

import io
import os
import tarfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from .._docker.client import Failure, NotFound
from .._docker.health import NotHealthy, last_lines, wait_exited, wait_healthy
from .container import NAME, container_config, endpoints, rehearsal_config
from .slots import Run, inspect, remove, slot_name
from .spec import Spec, Volume


class Owner(NamedTuple):
    """Who owns a directory, and its permission bits (None: as they are)."""

    uid: int
    gid: int
    mode: int | None = None


def surroundings(run: Run, spec: Spec) -> None:
    """Networks, volumes and directories that are missing."""
    api = run.client.api
    labels = {NAME: spec.name}
    for network in spec.networks:
        if find_network(run.client, network) is None:
            run.do(
                f"create network {network}",
                lambda n=network: api.create_network(n, driver="bridge", labels=labels),
            )
    for volume in {volume.source: volume for volume in spec.volumes}.values():
        if volume.on_host and not Path(volume.source).exists():
            run.do(f"create directory {volume.source}", _make_directory, volume)
        elif not volume.on_host and find_volume(run.client, volume.source) is None:
            run.do(
                f"create volume {volume.source}",
                lambda v=volume: api.create_volume(v.source, driver="local", labels=labels),
            )


def find_network(client: Any, name: str) -> dict[str, Any] | None:
    """The network of exactly that name, or None."""
    return next((n for n in client.api.networks(names=[name]) if n["Name"] == name), None)


def find_volume(client: Any, name: str) -> dict[str, Any] | None:
    """The named volume, or None."""
    try:
        return client.api.inspect_volume(name)
    except NotFound:
        return None


def _make_directory(volume: Volume) -> None:
    Path(volume.source).mkdir(parents=True)
    if volume.owner:
        os.chown(volume.source, *volume.owner)


def root_of(client: Any, volume: Volume) -> Path | None:
    """The directory on the host that is the volume's root; None when there is none (yet)."""
    root = volume.source
    if not volume.on_host:
        root = (find_volume(client, volume.source) or {}).get("Mountpoint", "")
    return Path(root) if root and Path(root).is_dir() else None


def wrong_owners(client: Any, volumes: list[Volume]) -> list[tuple[Path, Volume]]:
    """Roots of volumes that do not belong to whom the options say."""
    found = []
    for volume in volumes:
        root = root_of(client, volume) if volume.owner else None
        if root and (root.stat().st_uid, root.stat().st_gid) != volume.owner:
            found.append((root, volume))
    return found


def take_ownership(client: Any, volumes: list[Volume]) -> list[tuple[Path, int, int]]:
    """Give the volumes' roots to their owners; returns whose they were, to undo it."""
    undo = []
    for root, volume in wrong_owners(client, volumes):
        stat = root.stat()
        undo.append((root, stat.st_uid, stat.st_gid))
        os.chown(root, *(volume.owner or (-1, -1)))
    return undo


def file_owner(run: Run, spec: Spec, image: dict[str, Any]) -> tuple[int, int]:
    """The user of the container as (uid, gid); names are looked up in the image.

    Raises:
        Failure: the image does not know the name.
    """
    user = spec.settings["user"] or (image.get("Config") or {}).get("User") or "0:0"
    name, _colon, group = user.partition(":")
    if name.isdigit() and (group.isdigit() or not group):
        return int(name), int(group or 0)
    passwd, groups = _accounts(run, image, ["/etc/passwd", "/etc/group"])
    uid, gid = (int(name), 0) if name.isdigit() else (None, 0)
    for line in passwd:
        if len(line) > 3 and name in (line[0], line[2]):
            uid, gid = int(line[2]), int(line[3])
            break
    if uid is None:
        raise Failure(f"user: the image {spec.image} has no user {name!r} in its /etc/passwd.")
    if group:
        known = {line[0]: int(line[2]) for line in groups if len(line) > 2}
        if not group.isdigit() and group not in known:
            raise Failure(f"user: the image {spec.image} has no group {group!r} in its /etc/group.")
        gid = int(group) if group.isdigit() else known[group]
    return uid, gid


def _accounts(run: Run, image: dict[str, Any], paths: list[str]) -> list[list[list[str]]]:
    """The account files of the image, from a container that is made and never started."""
    api = run.client.api
    name = slot_name(run.name, "rehearsal")
    container = api.create_container_from_config({"Image": image["Id"], "Cmd": ["/"]}, name=name)
    try:
        return [_lines(_read(api, container["Id"], path)) for path in paths]
    finally:
        remove(run.client, container)


def _read(api: Any, container: str, path: str) -> str:
    try:
        stream, _stat = api.get_archive(container, path)
    except NotFound:
        return ""
    with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
        member = archive.extractfile(archive.getmembers()[0])
        return member.read().decode(errors="replace") if member else ""


def _lines(text: str) -> list[list[str]]:
    return [line.split(":") for line in text.splitlines()]


def create_next(run: Run, spec: Spec, image: dict[str, Any], release: str) -> dict[str, Any]:
    """The container that is to serve, not started."""
    config = container_config(spec, image, release, run.store.mounts(release))
    return _create(run, "next", config, endpoints(spec))


def _create(
    run: Run, slot: str, config: dict[str, Any], networks: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    api = run.client.api
    name = slot_name(run.name, slot)
    container = api.create_container_from_config(config, name=name)["Id"]
    try:
        for network in list(networks)[1:]:
            aliases = networks[network].get("Aliases")
            api.connect_container_to_network(container, network, aliases=aliases)
        found = inspect(run.client, name)
        if found is None:
            raise Failure(f"container {name} was removed by somebody else while it was prepared.")
        return found
    except BaseException:
        remove(run.client, {"Id": container})
        raise


def rehearse(
    run: Run, spec: Spec, image: dict[str, Any], release: str, owners: dict[str, Owner]
) -> None:
    """Prove that the new image starts with the new configuration, beside the old container.

    Raises:
        Failure: it does not; with the reason and the last log lines.
    """
    if spec.rehearsal.until == "none":
        return
    started = time.monotonic()
    config = rehearsal_config(spec, image, release, run.store.mounts(release))
    container = _create(run, "rehearsal", config, {name: {} for name in spec.networks})
    try:
        _own_volumes(container, owners)
        run.client.api.start(container["Id"])
        if spec.rehearsal.until == "exited":
            wait_exited(run.client, container["Id"], spec.rehearsal.timeout)
        else:
            settle = run.params["settle"]
            wait_healthy(run.client, container["Id"], spec.rehearsal.timeout, settle)
    except NotHealthy as error:
        said = run.masked(f"{error}. Last log lines:\n{last_lines(run.client, container['Id'])}")
        raise Failure(
            f"the rehearsal of image {spec.image} with the new configuration failed: {said}"
        ) from error
    finally:
        remove(run.client, container)
    run.rehearsal = round(time.monotonic() - started, 3)


def data_owners(client: Any, volumes: list[Volume]) -> dict[str, Owner]:
    """Per target whose the data are, so that the rehearsal's empty volumes are the same one's."""
    owners = {}
    for volume in volumes:
        root = root_of(client, volume)
        stat = root.stat() if root else None
        if volume.owner:
            owners[volume.target] = Owner(*volume.owner)
        elif stat and (volume.on_host or any(root.iterdir())):  # type: ignore[union-attr]
            owners[volume.target] = Owner(stat.st_uid, stat.st_gid, stat.st_mode & 0o7777)
    return owners


def _own_volumes(container: dict[str, Any], owners: dict[str, Owner]) -> None:
    for mount in container["Mounts"]:
        owner = owners.get(mount["Destination"])
        if owner and mount["Type"] == "volume" and mount["RW"]:
            os.chown(mount["Source"], owner.uid, owner.gid)
            if owner.mode is not None:
                Path(mount["Source"]).chmod(owner.mode)
