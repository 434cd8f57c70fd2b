# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes as tar archives, through Docker's API; nothing is held in memory.

Source: Docker Engine API, GET and PUT /containers/NAME/archive.
"""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .._docker.client import DOCKER_ERRORS, docker_failure
from .._docker.images import TRANSFER_SECONDS
from .._docker.session import within
from .._failure import Failure

CHUNK = 1 << 20


@dataclass(frozen=True)
class Part:
    """A directory of a container, and where it goes in the archive.

    Args:
        path: In the container.
        prefix: Relative to the root of the archive; empty for the root itself.
        links: Whether symbolic links are taken; else they are left out.
    """

    path: str
    prefix: str = ""
    links: bool = True


class _Stream:
    """The chunks of an answer as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._rest = iter(chunks), b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._rest += chunk
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


class _Hashing:
    """A member's content, whose digest is taken while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self._source.read(size)
        self.digest.update(found)
        return found


class Content:
    """What files an archive has: by it, two archives of one content are equal."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, member: tarfile.TarInfo, digest: str) -> None:
        """Note a regular file."""
        fields = (member.name, member.size, member.uid, member.gid, member.mode & 0o7777, digest)
        self._lines.append("\0".join(map(str, fields)))

    @property
    def files(self) -> int:
        """Return the number of files."""
        return len(self._lines)

    @property
    def sha256(self) -> str:
        """Return the digest of all files: names, owners, modes and contents."""
        return hashlib.sha256("\n".join(sorted(self._lines)).encode()).hexdigest()

    def figures(self) -> dict[str, Any]:
        """Return what a manifest holds of it."""
        return {"files": self.files, "content": self.sha256}


@contextmanager
def opened(client: Any, container: str, path: str) -> Iterator[tarfile.TarFile]:
    """Open a directory of a container as a stream of tar.

    Raises:
        Failure: `docker.refused`, for example: Docker does not give it, or it is cut off.
    """
    try:
        with within(TRANSFER_SECONDS):
            chunks, _status = client.api.get_archive(container, path, chunk_size=CHUNK)
            with tarfile.open(fileobj=_Stream(chunks), mode="r|") as archive:  # type: ignore[call-overload]
                yield archive
    except (*DOCKER_ERRORS, tarfile.TarError) as error:
        raise docker_failure(f"{path} of {container} cannot be read", error) from error


def _moved(member: tarfile.TarInfo, prefix: str) -> tarfile.TarInfo | None:
    """Give a member its name in our archive; its first component is the directory's own name."""

    def inside(name: str) -> str:
        return posixpath.join(prefix, *name.split("/")[1:]).rstrip("/") or "."

    member.name = inside(member.name.rstrip("/"))
    if member.islnk():
        member.linkname = inside(member.linkname)
    # Docker leaves times of a nanosecond in the headers that follow; they are of no use.
    member.pax_headers = {}
    return member if member.isreg() or member.isdir() or member.issym() or member.islnk() else None


def read(
    client: Any, container: str, parts: Iterable[Part], out: tarfile.TarFile | None
) -> Content:
    """Read directories of a container.

    Args:
        out: Gets them; None to compare only.
    """
    content = Content()
    for part in parts:
        with opened(client, container, part.path) as archive:
            for member in archive:
                moved = _moved(member, part.prefix)
                if moved is None or (moved.issym() and not part.links):
                    continue
                if not moved.isreg():
                    if out is not None:
                        out.addfile(moved)
                    continue
                source = archive.extractfile(member)
                hashing = _Hashing(source or io.BytesIO())
                if out is not None:
                    out.addfile(moved, hashing)
                else:
                    while hashing.read(CHUNK):
                        pass
                content.add(moved, hashing.digest.hexdigest())
    return content


def save(client: Any, container: str, parts: Iterable[Part], path: Path) -> Content:
    """Write directories of a container into an archive that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(handle, "wb", CHUNK) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as out,
    ):
        return read(client, container, parts, out)


def put(client: Any, container: str, path: str, archive: Path) -> None:
    """Write an archive into a directory of a container, which need not run.

    Raises:
        Failure: `docker.refused`, or another code of `docker_failure`.
    """
    try:
        with archive.open("rb") as stream:
            done = client.api.put_archive(container, path, stream)
    except DOCKER_ERRORS as error:
        raise docker_failure(f"{path} of {container} cannot be written", error) from error
    if not done:
        raise Failure("docker.refused", f"{path} of {container} cannot be written.")


def links(client: Any, container: str, path: str) -> dict[str, str]:
    """Return the symbolic links below a directory: where each leads, by its path in it."""
    found = {}
    with opened(client, container, path) as archive:
        for member in archive:
            name = "/".join(member.name.rstrip("/").split("/")[1:])
            if member.issym():
                at = posixpath.join(path, posixpath.dirname(name))
                found[name] = posixpath.normpath(posixpath.join(at, member.linkname))
    return found
