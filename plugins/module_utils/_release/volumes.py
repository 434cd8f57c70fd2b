# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volumes of a container: whether they exist, and who owns them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from .._docker.client import NotFound
from .._folder import open_folder
from .spec import Volume


class Owner(NamedTuple):
    """Who owns a directory, and its permission bits (None to keep them)."""

    uid: int
    gid: int
    mode: int | None = None


def find_volume(client: Any, name: str) -> dict[str, Any] | None:
    """Return the named volume as Docker inspects it, or None."""
    try:
        return client.api.inspect_volume(name)
    except NotFound:
        return None


def make_directory(volume: Volume) -> None:
    """Create the directory of the host, with the owner of the options."""
    with open_folder(volume.source, make=0o755, trusted=False) as folder:
        if volume.owner:
            os.fchown(folder.fd, *volume.owner)


def give(path: str | Path, owner: Owner) -> None:
    """Give a directory to its owner; a link in a directory that others can change is refused."""
    with open_folder(path, trusted=False) as folder:
        os.fchown(folder.fd, owner.uid, owner.gid)
        if owner.mode is not None:
            os.fchmod(folder.fd, owner.mode)


def root_of(client: Any, volume: Volume) -> Path | None:
    """Return the volume's root directory on the host, or None if it does not exist (yet)."""
    root = volume.source
    if not volume.on_host:
        root = (find_volume(client, volume.source) or {}).get("Mountpoint", "")
    return Path(root) if root and Path(root).is_dir() else None


def wrong_owners(client: Any, volumes: list[Volume]) -> list[tuple[Path, Volume]]:
    """Return the roots of volumes whose owner differs from the options."""
    found = []
    for volume in volumes:
        root = root_of(client, volume) if volume.owner else None
        if root and (root.stat().st_uid, root.stat().st_gid) != volume.owner:
            found.append((root, volume))
    return found


def take_ownership(client: Any, volumes: list[Volume]) -> list[tuple[Path, int, int]]:
    """Give the volumes' roots to their owners.

    Returns:
        Path, uid and gid of each root before, to undo it.
    """
    undo = []
    for root, volume in wrong_owners(client, volumes):
        stat = root.stat()
        undo.append((root, stat.st_uid, stat.st_gid))
        give(root, Owner(*(volume.owner or (-1, -1))))
    return undo


def data_owners(client: Any, volumes: list[Volume]) -> dict[str, Owner]:
    """Return who owns each target's data: the rehearsal's empty volumes get the same owners."""
    owners = {}
    for volume in volumes:
        root = root_of(client, volume)
        stat = root.stat() if root else None
        if volume.owner:
            owners[volume.target] = Owner(*volume.owner)
        elif stat and (volume.on_host or any(root.iterdir())):  # type: ignore[union-attr]
            owners[volume.target] = Owner(stat.st_uid, stat.st_gid, stat.st_mode & 0o7777)
    return owners


def own_volumes(container: dict[str, Any], owners: dict[str, Owner]) -> None:
    """Give the container's writable volumes to their owners, by target."""
    for mount in container.get("Mounts") or []:
        owner = owners.get(mount["Destination"])
        if owner and mount["Type"] == "volume" and mount["RW"]:
            give(mount["Source"], owner)
