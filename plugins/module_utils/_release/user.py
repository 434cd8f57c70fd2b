# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the user and group ids of a container."""

from __future__ import annotations

import io
import tarfile
from typing import Any

from .._docker.client import NotFound
from .._docker.container import remove
from .._failure import Failure
from .slots import Run, slot_name
from .spec import Spec


def file_owner(run: Run, spec: Spec, image: dict[str, Any]) -> tuple[int, int]:
    """Return the uid and gid of the container's user; names are looked up in the image.

    Raises:
        Failure: `release.user_unknown` or `release.group_unknown`: the image has no such name.
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
        raise Failure(
            "release.user_unknown",
            f"user: the image {spec.image} has no user {name!r} in its /etc/passwd.",
            user=name,
        )
    if group:
        known = {line[0]: int(line[2]) for line in groups if len(line) > 2}
        if not group.isdigit() and group not in known:
            raise Failure(
                "release.group_unknown",
                f"user: the image {spec.image} has no group {group!r} in its /etc/group.",
                group=group,
            )
        gid = int(group) if group.isdigit() else known[group]
    return uid, gid


def _accounts(run: Run, image: dict[str, Any], paths: list[str]) -> list[list[list[str]]]:
    """Read account files of the image from a container that is created but never started."""
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
