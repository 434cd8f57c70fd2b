# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the user and group ids of a container."""

from __future__ import annotations

import io
import posixpath
import tarfile
from collections.abc import Iterable
from typing import Any

from .._docker.client import NotFound
from .._docker.container import remove
from .._docker.session import within
from .._failure import Failure
from .slots import Run, slot_name
from .spec import Spec

LARGEST = 1 << 20  # bytes of an account file
LARGEST_ID = (1 << 32) - 1
MOST_LINKS = 8


def file_owner(run: Run, spec: Spec, image: dict[str, Any]) -> tuple[int, int]:
    """Return the uid and gid of the container's user; names are looked up in the image.

    Raises:
        Failure: `release.user_unknown` or `release.group_unknown`: the image has no such name.
    """
    user = spec.settings["user"] or (image.get("Config") or {}).get("User") or "0:0"
    name, _colon, group = user.partition(":")
    if _number(name) and (_number(group) or not group):
        return int(name), int(group or 0)
    passwd, groups = _accounts(run, image, ["/etc/passwd", "/etc/group"])
    uid, gid = (int(name), 0) if _number(name) else (None, 0)
    for line in passwd:
        if len(line) > 4 and name in (line[0], line[2]):
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
        if not _number(group) and group not in known:
            raise Failure(
                "release.group_unknown",
                f"user: the image {spec.image} has no group {group!r} in its /etc/group.",
                group=group,
            )
        gid = int(group) if _number(group) else known[group]
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
    """Return a file of the image, following links inside it; empty if it is not a file."""
    for _link in range(MOST_LINKS):
        try:
            with within(api.timeout):
                stream, _stat = api.get_archive(container, path)
                with tarfile.open(fileobj=_Pieces(stream), mode="r|") as archive:
                    member = next(iter(archive))
                    content = archive.extractfile(member) if member.isreg() else None
                    if content:
                        return content.read(LARGEST).decode(errors="replace")
        except (NotFound, StopIteration, tarfile.TarError):
            return ""
        if not member.issym():
            return ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), member.linkname))
    return ""


class _Pieces(io.RawIOBase):
    """The pieces of an answer as a stream that reads no more than it needs."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._left = iter(pieces), b""

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, as any stream does."""
        while size < 0 or len(self._left) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._left += piece
        end = len(self._left) if size < 0 else size
        found, self._left = self._left[:end], self._left[end:]
        return found


def _lines(text: str) -> list[list[str]]:
    """Return the accounts, without those whose ids are not numbers."""
    found = (line.split(":") for line in text.splitlines())
    return [line for line in found if all(map(_number, line[2 : 4 if len(line) > 4 else 3]))]


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text[:11]) < LARGEST_ID
