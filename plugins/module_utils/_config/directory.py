# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory of configuration files that is installed as one set, and can be restored.

The directory is mounted, whole and read-only, into a server's container. Everything in it belongs
to the set: what is not in the set is removed. Beside it live, only while a run is under way,
`.<name>.staging-*` (a set that is being written) and `.<name>.previous` (the set that was there
before; it stays until the new one is proven, so a killed run can be undone by the next).
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from .._failure import Failure

# The container's user and group can read files; only its user can read secrets.
FILE_MODE, SECRET_MODE, DIRECTORY_MODE = 0o640, 0o400, 0o750
NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.@+-]*(/[A-Za-z0-9_][A-Za-z0-9_.@+-]*)*$")
LOCK_TIMEOUT = 60.0  # seconds


class ConfigError(Failure):
    """The set, the options or the directory cannot be used; nothing was written."""


class SourceMissingError(ConfigError):
    """A file on the target that the set takes its content from is not there."""


@dataclass(frozen=True)
class Entry:
    """A file (`content`) or a directory (`content` is None). `secret` files are never shown."""

    content: bytes | None
    mode: int
    uid: int
    gid: int
    secret: bool = field(default=False, compare=False)


FileSet = Mapping[str, Entry]  # by path relative to the directory, which itself is "."


@dataclass(frozen=True)
class Change:
    """What installing a set would do; directories end with a slash. False when nothing."""

    written: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.written or self.removed)


def check_name(name: str, option: str) -> str:
    """Return a name that stays inside the directory; raise ConfigError for any other."""
    if not NAME.match(name):
        raise ConfigError(
            "config.name",
            f"{option}: expected a path relative to the directory, of letters, digits and ._@+-, "
            f"no part starting with a dot; seen: {name!r}.",
            option=option,
            name=name,
        )
    return name


def with_directories(files: FileSet, uid: int, gid: int) -> dict[str, Entry]:
    """The files, and the directories they need. Raises ConfigError when a file is in the way."""
    names = {parent.as_posix() for name in files for parent in Path(name).parents} | {"."}
    for name in sorted(names & set(files)):
        raise ConfigError(
            "config.file_and_directory",
            f"{name} is the name of a file and of a directory in the same set.",
            name=name,
        )
    return {**{name: Entry(None, DIRECTORY_MODE, uid, gid) for name in sorted(names)}, **files}


def read_set(root: Path) -> dict[str, Entry]:
    """What is in a directory now. Raises ConfigError for anything but files and directories."""
    if not root.exists():
        return {}
    found = {}
    for path in [root, *sorted(root.rglob("*"))]:
        status = path.lstat()
        if not (stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)):
            raise ConfigError(
                "config.no_file",
                f"{path}: expected a file or a directory, seen a link or device. {root} belongs "
                "to this task as a whole; remove what was put there by hand.",
                path=path,
            )
        mode = stat.S_IMODE(status.st_mode)
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else None
        secret = content is not None and not mode & 0o077
        name = path.relative_to(root).as_posix()
        found[name] = Entry(content, mode, status.st_uid, status.st_gid, secret)
    return found


def plan(current: FileSet, wanted: FileSet) -> Change:
    """What has to be written and removed to get from one set to the other."""

    def shown(name: str, entry: Entry) -> str:
        return f"{name}/" if entry.content is None else name

    return Change(
        tuple(shown(n, e) for n, e in sorted(wanted.items()) if current.get(n) != e),
        tuple(shown(n, e) for n, e in sorted(current.items()) if n not in wanted),
    )


class Directory:
    """The directory on the target, and the transaction on it."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        if not self.path.is_absolute() or len(self.path.parts) < 3 or ".." in self.path.parts:
            raise ConfigError(
                "config.path_too_short",
                "path: expected an absolute path at least two levels deep, as everything in it "
                f"belongs to this task; seen: {path}.",
                path=path,
            )
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise ConfigError(
                "config.no_directory",
                f"path: expected a directory; seen: {path} is something else.",
                path=path,
            )
        if os.path.ismount(path):
            raise ConfigError(
                "config.mount_point",
                f"path: {path} is a mount point, so files cannot be moved into it in one step; "
                "name a directory below it.",
                path=path,
            )
        self._journal = self.path.parent / f".{self.path.name}.previous"
        self._prefix = f".{self.path.name}.staging-"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs away (`flock` on the parent directory), and clean up after dead ones."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        deadline = time.monotonic() + LOCK_TIMEOUT
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise ConfigError(
                            "config.locked",
                            f"another run has held {self.path.parent} for {LOCK_TIMEOUT:g} s; "
                            "wait for it to end, then run again.",
                            path=self.path.parent,
                        ) from None
                    time.sleep(0.2)
            for left in self.path.parent.glob(f"{self._prefix}*"):
                shutil.rmtree(left)
            yield
        finally:
            os.close(handle)

    def read(self) -> dict[str, Entry]:
        """The set that is installed now."""
        return read_set(self.path)

    def previous(self) -> dict[str, Entry] | None:
        """The last proven set, while a newer one is installed that is not proven yet."""
        return read_set(self._journal) if self._journal.exists() else None

    def changed_at(self) -> float:
        """When the newest change was made to the directory or a file in it (epoch seconds)."""
        return max(path.stat().st_ctime for path in [self.path, *self.path.rglob("*")])

    @contextmanager
    def staged(self, wanted: FileSet, beside: Path | None = None) -> Iterator[Path]:
        """A directory of its own that holds the set; removed at the end.

        It is made beside the directory, so that files can be renamed into place, or in `beside`.
        """
        staging = Path(tempfile.mkdtemp(prefix=self._prefix, dir=beside or self.path.parent))
        try:
            write_set(staging, wanted)
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def install(self, staging: Path, wanted: FileSet) -> None:
        """Make the directory hold `wanted`, of which `staging` is a copy.

        Files are renamed, so a reader sees the old or the new one, never half of it. Those that
        others refer to come first, YAML files last, removals at the very end.
        """
        current = self.read()
        if self.previous() is None:
            self._remember(current)
        change = plan(current, wanted)
        for name in change.written:  # a file where a directory is to be, or the other way round
            old, new = current.get(name.rstrip("/")), wanted[name.rstrip("/")]
            if old and (old.content is None) != (new.content is None):
                remove(self.path / name)
        names = [name.rstrip("/") for name in change.written]
        for name in sorted(names, key=lambda name: (name.endswith((".yml", ".yaml")), name)):
            if wanted[name].content is None:
                continue
            _make_directory(self.path, wanted["."])
            for parent in reversed(Path(name).parents):
                _make_directory(self.path / parent, wanted[parent.as_posix()])
            (staging / name).replace(self.path / name)
        for name, entry in wanted.items():
            if entry.content is None:
                _make_directory(self.path / name, entry)
        for name in reversed(change.removed):
            remove(self.path / name)

    def put_back(self) -> dict[str, Entry]:
        """Install the last proven set again and return it; nothing if there was none."""
        previous = self.previous() or {}
        if not any(entry.content is not None for entry in previous.values()):
            # Emptied, not removed: a container may have this very directory mounted.
            for child in self.path.iterdir():
                remove(child)
            previous = {}
        else:
            with self.staged(previous) as staging:
                self.install(staging, previous)
        self.commit()
        return previous

    def commit(self) -> None:
        """What is installed is the proven set from now on."""
        if self._journal.exists():
            # Renamed first: half a journal must never be taken for a set.
            gone = self._journal.rename(self.path.parent / f"{self._prefix}gone")
            shutil.rmtree(gone)

    def _remember(self, current: FileSet) -> None:
        with self.staged(current) as copy:
            copy.rename(self._journal)


def recognise(root: Path, current: FileSet, wanted: FileSet) -> None:
    """Refuse a directory that has files, but none of the set: it belongs to something else."""
    files = {name for name, entry in current.items() if entry.content is not None}
    if files and not files & set(wanted):
        raise ConfigError(
            "config.foreign_files",
            f"path: expected {root} to be empty or to hold one of "
            f"{', '.join(names_of(wanted, ('',)))}; seen: {', '.join(sorted(files)[:5])}. "
            "Everything in it would be removed: check path, or empty it by hand.",
            path=root,
            files=sorted(files),
        )


def write_set(root: Path, wanted: FileSet) -> None:
    """Write a set into an existing, empty directory. Raises ConfigError."""
    try:
        for name, entry in sorted(wanted.items()):
            path = root / name
            if entry.content is None:
                _make_directory(path, entry)
            else:
                _write_file(path, entry)
    except PermissionError as error:
        raise ConfigError(
            "config.permission",
            f"{root.parent} cannot be written with the owner that was asked for: {error}. "
            "Run the task with `become: true`.",
            path=root.parent,
        ) from error


def remove(path: Path) -> None:
    """Remove a file or a whole directory, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()


def _write_file(path: Path, entry: Entry) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(entry.content or b"")
        os.fchown(handle, entry.uid, entry.gid)
        os.fchmod(handle, entry.mode)
        file.flush()
        os.fsync(handle)


def _make_directory(path: Path, entry: Entry) -> None:
    """Do not touch what is right: the change time says what a server must have loaded."""
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.stat()
    if (status.st_uid, status.st_gid) != (entry.uid, entry.gid):
        os.chown(path, entry.uid, entry.gid)
    if stat.S_IMODE(status.st_mode) != entry.mode:
        path.chmod(entry.mode)


def names_of(entries: FileSet, suffixes: Iterable[str]) -> list[str]:
    """Names of the files with one of the suffixes, sorted."""
    ends = tuple(suffixes)
    return sorted(n for n, e in entries.items() if e.content is not None and n.endswith(ends))
