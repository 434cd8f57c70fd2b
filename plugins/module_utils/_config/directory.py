# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory of configuration files that is installed as one set, and can be restored.

The directory is mounted, whole and read-only, into a server's container. Everything in it belongs
to the set: what is not in the set is removed. Beside it live, only while a run is under way,
`.<name>.staging-*` (a set that is being written) and `.<name>.previous` (the set that was there
before; it stays until the new one is proven, so a killed run can be undone by the next). What stays
is `.<name>.proven`: what a server aside said of these files, and `.<name>.written`: sizes, modes,
owners and times of the files as a run left them, by which later changes by hand are told.

Root owns all of it, and the group of the server's container reads: whoever has the same user id on
the host can change nothing. Writes are relative to opened directories (`_folder`), as the directory
may have belonged to that user before.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .._failure import Failure
from .._folder import Folder, distrust, open_folder, unless_missing

# The container's group reads the files. Only its mode distinguishes a secret from other files.
FILE_MODE, SECRET_MODE, DIRECTORY_MODE = 0o640, 0o440, 0o750
NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.@+-]*(/[A-Za-z0-9_][A-Za-z0-9_.@+-]*)*$")
LOCK_TIMEOUT = 60.0  # seconds
YAML_LIKE = (".yml", ".yaml", ".toml")  # files that refer to others


class ConfigError(Failure):
    """The set, the options or the directory cannot be used; nothing was written."""


class SourceMissingError(ConfigError):
    """A file on the target, from which the set takes its content, does not exist."""


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
    """What installing a set would change; directories end with a slash. False if nothing would."""

    written: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.written or self.removed)


def check_name(name: str, option: str) -> str:
    """Return the name if it stays inside the directory.

    Raises:
        ConfigError: `config.name`.
    """
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
    """Return the files, and the directories that they need.

    Raises:
        ConfigError: `config.file_and_directory`: a file and a directory have the same name.
    """
    names = {parent.as_posix() for name in files for parent in Path(name).parents} | {"."}
    for name in sorted(names & set(files)):
        raise ConfigError(
            "config.file_and_directory",
            f"{name} is the name of a file and of a directory in the same set.",
            name=name,
        )
    return {**{name: Entry(None, DIRECTORY_MODE, uid, gid) for name in sorted(names)}, **files}


def read_set(root: Path) -> dict[str, Entry]:
    """Return what is in a directory now.

    Raises:
        ConfigError: `config.no_file`: there is something else than files and directories.
    """
    try:
        with open_folder(root, trusted=False) as folder:
            return dict(_read(folder))
    except FileNotFoundError:
        return {}


def _read(folder: Folder, prefix: str = "") -> Iterator[tuple[str, Entry]]:
    """Yield a directory and everything below it; `prefix` begins the names of its entries."""
    status = folder.status()
    mode = stat.S_IMODE(status.st_mode)
    yield prefix.rstrip("/") or ".", Entry(None, mode, status.st_uid, status.st_gid)
    for name in folder.names():
        status = folder.status(name)
        if stat.S_ISDIR(status.st_mode):
            with folder.sub(name, trusted=False) as below:
                yield from _read(below, f"{prefix}{name}/")
        elif stat.S_ISREG(status.st_mode):
            mode = stat.S_IMODE(status.st_mode)
            # Earlier versions gave secrets the mode 0400.
            secret = not mode & 0o077 or not mode & 0o237
            content = folder.read(name)
            yield f"{prefix}{name}", Entry(content, mode, status.st_uid, status.st_gid, secret)
        else:
            raise ConfigError(
                "config.no_file",
                f"{folder.path / name}: expected a file or a directory, seen a link or device. The "
                "directory belongs to this task as a whole; remove what was put there by hand.",
                path=folder.path / name,
            )


def ours(entries: FileSet) -> dict[str, Entry]:
    """Return a set with today's owner: earlier versions gave it to the container's user."""
    return {
        name: replace(entry, uid=os.geteuid(), mode=SECRET_MODE if entry.secret else entry.mode)
        for name, entry in entries.items()
    }


def plan(current: FileSet, wanted: FileSet) -> Change:
    """Return what must be written and removed to get from one set to the other."""

    def shown(name: str, entry: Entry) -> str:
        return f"{name}/" if entry.content is None else name

    return Change(
        tuple(shown(n, e) for n, e in sorted(wanted.items()) if current.get(n) != e),
        tuple(shown(n, e) for n, e in sorted(current.items()) if n not in wanted),
    )


class Directory:
    """The directory on the target, and the transaction on it.

    Raises:
        ConfigError: `config.path_too_short`, `config.no_directory` or `config.mount_point`.
        PathError: It is reached by a link that others can change.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        if not self.path.is_absolute() or len(self.path.parts) < 3 or ".." in self.path.parts:
            raise ConfigError(
                "config.path_too_short",
                "path: expected an absolute path at least two levels deep, as everything in it "
                f"belongs to this task; seen: {path}.",
                path=path,
            )
        if self.path.is_symlink() and self.path.is_dir():
            with open_folder(self.path, trusted=False):  # refuses a link that others can change
                self.path = self.path.resolve()
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise ConfigError(
                "config.no_directory",
                f"path: expected a directory; seen: {path} is something else.",
                path=path,
            )
        if os.path.ismount(self.path):
            raise ConfigError(
                "config.mount_point",
                f"path: {path} is a mount point, so files cannot be moved into it in one step; "
                "name a directory below it.",
                path=path,
            )
        self._journal = f".{self.path.name}.previous"
        self._proof = f".{self.path.name}.proven"
        self._written = f".{self.path.name}.written"
        self._prefix = f".{self.path.name}.staging-"

    @contextmanager
    def _parent(self, make: bool = False) -> Iterator[Folder]:
        with open_folder(self.path.parent, 0o755 if make else None, trusted=False) as parent:
            yield parent

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs away (`flock` on the parent directory), and clean up after killed ones.

        Raises:
            ConfigError: `config.locked`: another run holds it for more than LOCK_TIMEOUT seconds.
        """
        with self._parent(make=True) as parent:
            deadline = time.monotonic() + LOCK_TIMEOUT
            while True:
                try:
                    fcntl.flock(parent.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
            for name in parent.names():
                if name.startswith(self._prefix):
                    parent.remove(name)
            yield

    def read(self) -> dict[str, Entry]:
        """Return the set that is installed now."""
        return read_set(self.path)

    def previous(self) -> dict[str, Entry] | None:
        """Return the last proven set while a newer one is not proven yet, else None."""
        try:
            with self._parent() as parent:
                # If others can write next to the directory, it may be theirs.
                status = parent.status()
                strict = bool(distrust(status) or status.st_mode & stat.S_ISVTX)
                with parent.sub(self._journal, trusted=strict) as journal:
                    return ours(dict(_read(journal)))
        except FileNotFoundError:
            return None

    def changed_at(self) -> float:
        """Return the Unix time of the newest change to the directory or to a file in it."""
        with open_folder(self.path, trusted=False) as folder:
            return _changed_at(folder)

    def state(self) -> str:
        """Return a digest of the files' names, sizes, owners and times.

        It differs after every write. No content is in it, as no hash of a secret is stored.
        """
        with open_folder(self.path, trusted=False) as folder:
            return hashlib.sha256(repr(list(_states(folder))).encode()).hexdigest()

    def remember(self, said: Mapping[str, Any]) -> None:
        """Keep what was said of the files, for as long as they stay as they are."""
        text = json.dumps({**said, "files": self.state(), "shapes": self._shape()}).encode()
        with self._parent() as parent:
            parent.write(self._proof, text, 0o600, (os.geteuid(), os.getegid()))

    def remembered(self) -> Mapping[str, Any]:
        """Return what was said of the files as they are; nothing if it is not known."""
        found = self._record()
        with suppress(OSError, Failure):
            return found if found and found.get("files") == self.state() else {}
        return {}

    def last_said(self) -> Mapping[str, Any]:
        """Return what was said of files of these sizes, modes and times of writing, if it is known.

        Unlike `remembered`, of files too that somebody changed and put back as they were.
        """
        found = self._record()
        return found if found and found.get("shapes") == self._shape() else {}

    def _record(self) -> Mapping[str, Any]:
        try:
            with self._parent() as parent:
                if distrust(parent.status(self._proof)):
                    return {}
                found = json.loads(parent.read(self._proof))
        except (OSError, Failure, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _shape(self) -> str:
        """Return a digest of how the files are, without their contents."""
        with open_folder(self.path, trusted=False) as folder:
            return hashlib.sha256(json.dumps(dict(_shapes(folder))).encode()).hexdigest()

    def sign(self) -> None:
        """Note how the files are now. No content is noted, as no hash of a secret is stored."""
        with open_folder(self.path, trusted=False) as folder:
            text = json.dumps(dict(_shapes(folder))).encode()
        with self._parent() as parent:
            with unless_missing():
                known = not distrust(parent.status(self._written))
                if known and parent.read(self._written) == text:
                    return
            parent.write(self._written, text, 0o600, (os.geteuid(), os.getegid()))

    def by_hand(self) -> list[tuple[str, str]] | None:
        """Return what differs from how the last run left it; None if that is not known.

        Returns:
            Pairs of a name, for a directory with a slash at its end, and `added`, `removed`,
            `permissions` (mode or owner) or `changed`.
        """
        try:
            with self._parent() as parent:
                if distrust(parent.status(self._written)):
                    return None
                before: dict[str, list[int]] = json.loads(parent.read(self._written))
            with open_folder(self.path, trusted=False) as folder:
                now = dict(_shapes(folder))
        except (OSError, Failure, ValueError):
            return None
        found = []
        for name in sorted({*before, *now}):
            old, new = before.get(name), now.get(name)
            if old is None or new is None:
                found.append((name, "removed" if new is None else "added"))
            elif old[3:] != new[3:]:
                found.append((name, "changed"))
            elif old != new:
                found.append((name, "permissions"))
        return found

    def touch(self) -> None:
        """Give the YAML files a new time, which a server that watches the directory notices."""
        with open_folder(self.path, trusted=False) as folder:
            for name in folder.names():
                if name.endswith(YAML_LIKE):
                    handle = folder.open(name, os.O_RDONLY)
                    try:
                        os.utime(handle)
                    finally:
                        os.close(handle)

    @contextmanager
    def staged(self, wanted: FileSet, beside: Path | None = None) -> Iterator[Path]:
        """Write the set to a temporary directory, which is removed at the end.

        It is next to the directory, so that files can be renamed into place, or in `beside`.
        """
        name = f"{self._prefix}{secrets.token_hex(6)}"
        with open_folder(beside or self.path.parent, trusted=False) as parent:
            try:
                with parent.sub(name, make=0o700) as staging:
                    _write_set(staging, wanted)
                yield parent.path / name
            finally:
                parent.remove(name)

    def install(self, staging: Path, wanted: FileSet) -> None:
        """Make the directory hold `wanted`, of which `staging` is a copy.

        Files are renamed, so a reader sees the old or the new one, never half of it. Those that
        others refer to come first, YAML files last, removals at the very end.
        """
        with (
            self._parent() as parent,
            parent.sub(staging.name) as new,
            parent.sub(self.path.name, make=0o700, trusted=False) as root,
        ):
            # First of all, so that its previous owner can change nothing meanwhile.
            _own(root, wanted["."])
            self._fill(parent, root, new, wanted)

    def _fill(self, parent: Folder, root: Folder, new: Folder, wanted: FileSet) -> None:
        current = dict(_read(root))
        if self.previous() is None:
            self._remember(parent, current)
        change = plan(current, wanted)
        for name in change.written:  # a file where a directory is to be, or the other way round
            old, entry = current.get(name.rstrip("/")), wanted[name.rstrip("/")]
            if old and (old.content is None) != (entry.content is None):
                _remove(root, name.rstrip("/"))
        names = [name.rstrip("/") for name in change.written]
        for name in sorted(names, key=lambda name: (name.endswith(YAML_LIKE), name)):
            if wanted[name].content is None:
                continue
            with _within(root, name, wanted) as (folder, last), _within(new, name) as (source, _l):
                os.rename(last, last, src_dir_fd=source.fd, dst_dir_fd=folder.fd)
        for name, entry in wanted.items():
            if entry.content is None:
                with _within(root, f"{name}/.", wanted):
                    pass
        for name in reversed(change.removed):
            _remove(root, name.rstrip("/"))

    def put_back(self) -> dict[str, Entry]:
        """Install the last proven set again and return it; nothing if there was none."""
        previous = self.previous() or {}
        if not any(entry.content is not None for entry in previous.values()):
            # Emptied, not removed: a container may have this very directory mounted.
            with open_folder(self.path, trusted=False) as root:
                for name in root.names():
                    root.remove(name)
            previous = {}
        else:
            with self.staged(previous) as staging:
                self.install(staging, previous)
        self.commit()
        return previous

    def commit(self) -> None:
        """Make the installed set the proven one."""
        with self._parent() as parent:
            if self._journal in parent.names():
                # Renamed first: half a journal must never be taken for a set.
                gone = f"{self._prefix}gone"
                os.rename(self._journal, gone, src_dir_fd=parent.fd, dst_dir_fd=parent.fd)
                parent.remove(gone)

    def _remember(self, parent: Folder, current: FileSet) -> None:
        name = f"{self._prefix}{secrets.token_hex(6)}"
        with parent.sub(name, make=0o700) as copy:
            _write_set(copy, ours(current))
        os.rename(name, self._journal, src_dir_fd=parent.fd, dst_dir_fd=parent.fd)


def recognise(root: Path, current: FileSet, wanted: FileSet) -> None:
    """Refuse a directory that has files, but none of the set: it belongs to something else.

    Raises:
        ConfigError: `config.foreign_files`.
    """
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


def _write_set(root: Folder, wanted: FileSet) -> None:
    """Write a set into an existing, empty directory. Raises ConfigError."""
    try:
        for name, entry in sorted(wanted.items()):
            if entry.content is not None:
                with _within(root, name, wanted) as (folder, last):
                    folder.write(last, entry.content, entry.mode, (entry.uid, entry.gid))
            else:
                with _within(root, f"{name}/.", wanted):
                    pass
    except PermissionError as error:
        raise ConfigError(
            "config.permission",
            f"{root.path} cannot be written with the owner that was asked for: {error}. "
            "Run the task with `become: true`.",
            path=root.path,
        ) from error


@contextmanager
def _within(root: Folder, name: str, wanted: FileSet | None = None) -> Iterator[tuple[Folder, str]]:
    """Open the directory that contains `name`, and return it with the last part of the name.

    With `wanted`, directories on the way are created and owned as in that set.
    """
    *above, last = [part for part in name.split("/") if part]
    with ExitStack() as opened:
        folder, way = root, "."
        if wanted:
            _own(root, wanted["."])
        for part in above if above != ["."] else []:
            way = part if way == "." else f"{way}/{part}"
            made = 0o700 if wanted else None
            folder = opened.enter_context(folder.sub(part, made, trusted=False))
            if wanted:
                _own(folder, wanted[way])
        yield folder, last


def _own(folder: Folder, entry: Entry) -> None:
    """Set owner and mode, unless they are right: the change time says what must be loaded."""
    status = folder.status()
    if (status.st_uid, status.st_gid) != (entry.uid, entry.gid):
        os.fchown(folder.fd, entry.uid, entry.gid)
    if stat.S_IMODE(status.st_mode) != entry.mode:
        os.fchmod(folder.fd, entry.mode)


def _remove(root: Folder, name: str) -> None:
    """Remove what has this name below the directory, if it exists."""
    with unless_missing(), _within(root, name) as (folder, last):
        folder.remove(last)


def _changed_at(folder: Folder) -> float:
    newest = folder.status().st_ctime
    for name in folder.names():
        status = folder.status(name)
        if stat.S_ISDIR(status.st_mode):
            with folder.sub(name, trusted=False) as below:
                newest = max(newest, _changed_at(below))
        newest = max(newest, status.st_ctime)
    return newest


def _states(folder: Folder, prefix: str = "") -> Iterator[tuple[Any, ...]]:
    for name in folder.names():
        status = folder.status(name)
        times = (status.st_mtime_ns, status.st_ctime_ns)
        owner = (status.st_mode, status.st_uid, status.st_gid)
        yield prefix, name, status.st_ino, status.st_size, *times, *owner
        if stat.S_ISDIR(status.st_mode):
            with folder.sub(name, trusted=False) as below:
                yield from _states(below, f"{prefix}{name}/")


def _shapes(folder: Folder, prefix: str = "") -> Iterator[tuple[str, list[int]]]:
    """Yield name, mode, owner and group of all below; of files, also size and time of writing."""
    for name in folder.names():
        status = folder.status(name)
        shape = [stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid]
        if stat.S_ISDIR(status.st_mode):
            yield f"{prefix}{name}/", shape
            with folder.sub(name, trusted=False) as below:
                yield from _shapes(below, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", [*shape, status.st_size, status.st_mtime_ns]


def names_of(entries: FileSet, suffixes: Iterable[str]) -> list[str]:
    """Return the names of the files with one of the suffixes, sorted."""
    ends = tuple(suffixes)
    return sorted(n for n, e in entries.items() if e.content is not None and n.endswith(ends))
