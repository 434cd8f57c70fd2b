# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory in which root may work although others share the host.

Everything is done relative to the descriptor of an opened directory, and no link is followed, so
that nobody can move the work elsewhere while it is under way. Modes are set, not taken from the
umask.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ._failure import Failure

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO must not keep us
MOST_LINKS = 40


class PathError(Failure):
    """A path must not be trusted.

    Its code is `path.link` (a symbolic link), `path.owner` (another user owns it), `path.writable`
    (others can write to it) or `path.kind` (neither a file nor a directory).
    """

    def __init__(self, path: object, kind: str, seen: str) -> None:
        wanted = {
            "link": "no symbolic link, except one of root's above it",
            "owner": "root (or the user of the task) to own it, and every directory above it",
            "writable": "that only its owner can write to it (or that its sticky bit is set)",
            "kind": "a regular file or a directory",
        }[kind]
        message = f"{path}: expected {wanted}; seen: {seen}. Nothing was read or written there."
        super().__init__(f"path.{kind}", message, path=str(path), seen=seen)


def distrust(status: os.stat_result) -> tuple[str, str] | None:
    """Return why somebody else could change it, as arguments of PathError; None if nobody can."""
    if status.st_uid not in (0, os.geteuid()):
        return "owner", f"uid {status.st_uid}"
    # Root's own group has the rights of root anyway.
    others = stat.S_IWOTH | (stat.S_IWGRP if status.st_gid else 0)
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return None
    if status.st_mode & others and not stat.S_ISLNK(status.st_mode):
        return "writable", f"mode {stat.S_IMODE(status.st_mode):04o}"
    return None


class Folder:
    """An opened directory; `path` is for messages only. Close it, or use it in `with`."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.fd = descriptor
        self.path = path

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self.fd)

    def status(self, name: str = "") -> os.stat_result:
        """Return the status of the entry with this name, or of the directory itself.

        Raises:
            FileNotFoundError: There is no such entry.
        """
        return os.stat(name, dir_fd=self.fd, follow_symlinks=False) if name else os.fstat(self.fd)

    def sub(self, name: str, make: int | None = None, trusted: bool = True) -> Folder:
        """Open the directory `name`.

        Args:
            name: Name of an entry, without a slash.
            make: Mode to create it with if it is missing; None to create nothing.
            trusted: Refuse a directory that others own or can write to.

        Raises:
            PathError: It is a link or a file, or not trusted.
            FileNotFoundError: It is missing, and `make` is None.
        """
        path, made = self.path / name, False
        if make is not None:
            with suppress(FileExistsError):
                os.mkdir(name, 0o700, dir_fd=self.fd)
                made = True
        try:
            found = Folder(os.open(name, DIRECTORY, dir_fd=self.fd), path)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise self._no_directory(name) from error
            raise
        if made:
            os.fchmod(found.fd, make or 0)
        why = distrust(found.status()) if trusted else None
        if why:
            os.close(found.fd)
            raise PathError(path, *why)
        return found

    def _no_directory(self, name: str) -> PathError:
        with suppress(FileNotFoundError):
            if not stat.S_ISLNK(self.status(name).st_mode):
                return PathError(self.path / name, "kind", "no directory")
        return PathError(self.path / name, "link", "a symbolic link")

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """Return the descriptor of a regular file.

        Raises:
            PathError: It is something else.
        """
        try:
            descriptor = os.open(name, flags | FILE, mode, dir_fd=self.fd)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise PathError(self.path / name, "link", "a symbolic link") from error
            if error.errno in (errno.ENXIO, errno.EISDIR):
                raise PathError(self.path / name, "kind", "no regular file") from error
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise PathError(self.path / name, "kind", "no regular file")
        return descriptor

    def read(self, name: str) -> bytes:
        """Return the content of a regular file."""
        with os.fdopen(self.open(name, os.O_RDONLY), "rb") as file:
            return file.read()

    def write(self, name: str, content: bytes, mode: int, owner: tuple[int, int]) -> None:
        """Write a new file, and move it to `name` in one step."""
        new = f".{name}.{secrets.token_hex(6)}"
        # Closed until its mode is set, so that no secret is readable for a moment.
        handle = self.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fchown(handle, *owner)
                os.fchmod(handle, mode)
                os.fsync(handle)
            os.rename(new, name, src_dir_fd=self.fd, dst_dir_fd=self.fd)
        except BaseException:
            self.remove(new)
            raise

    def names(self) -> list[str]:
        """Return all entries, sorted."""
        with os.scandir(self.fd) as found:
            return sorted(entry.name for entry in found)

    def remove(self, name: str) -> None:
        """Remove a file, a link (not its target) or a whole directory, if it is there."""
        with suppress(FileNotFoundError):
            if not stat.S_ISDIR(self.status(name).st_mode):
                os.unlink(name, dir_fd=self.fd)
                return
            with self.sub(name, trusted=False) as below:
                for each in below.names():
                    below.remove(each)
            os.rmdir(name, dir_fd=self.fd)


@contextmanager
def open_folder(
    path: str | Path, make: int | None = None, trusted: bool = True
) -> Iterator[Folder]:
    """Open a directory by its absolute path, one component after the other.

    Links above it are followed if they are root's (or our own) and nobody else can change them.

    Args:
        path: Absolute path.
        make: Mode to create it with, and what is missing above it; None to create nothing.
        trusted: Refuse directories on the way that others own or can write to. Without it, a link
            in such a directory is still refused.

    Raises:
        PathError: A component must not be trusted.
        FileNotFoundError: It is missing, and `make` is None.
    """
    todo, links = list(Path(path).parts), 0
    folder = Folder(os.open("/", DIRECTORY), Path("/"))
    try:
        while todo:
            name = todo.pop(0)
            target = _link(folder, name)
            if target:
                links += 1
                if links > MOST_LINKS:
                    raise PathError(path, "link", "too many symbolic links")
                todo = [*Path(target).parts, *todo]
                continue
            if name == "/":
                following = Folder(os.open("/", DIRECTORY), Path("/"))
            else:
                following = folder.sub(name, make, trusted)
            os.close(folder.fd)
            folder = following
        yield folder
    finally:
        os.close(folder.fd)


def _link(folder: Folder, name: str) -> str:
    """Return where the link of this name leads; empty if it is no link. Raises PathError."""
    try:
        status = folder.status(name)
    except FileNotFoundError:
        return ""
    if not stat.S_ISLNK(status.st_mode):
        return ""
    if distrust(status) or distrust(folder.status()):
        raise PathError(folder.path / name, "link", "a symbolic link that others can change")
    return os.readlink(name, dir_fd=folder.fd)


@contextmanager
def unless_missing() -> Iterator[None]:
    """Ignore errors of what does not exist, also a file in place of a directory, or the reverse."""
    try:
        yield
    except FileNotFoundError:
        pass
    except PathError as error:
        if error.code != "path.kind":
            raise
