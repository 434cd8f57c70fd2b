# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a release keeps on the host: its files, its secrets, and what it was made from.

    <state_directory>/releases/<name>.lock
    <state_directory>/releases/<name>/<release>/release.json     the options, without secrets
    <state_directory>/releases/<name>/<release>/mounts/<path>    mounted read-only at <path>

Only root can enter the directories; a file belongs to the container's user. Nothing is read or
written through a link, or where others could change it (`_folder`).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from .._failure import Failure
from .._folder import Folder, open_folder, unless_missing
from .spec import File

RELEASE = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")  # the ids that `module` makes
ADOPTED = "adopted.json"


class Store:
    """The releases of one name on the host's disk.

    Args:
        state_directory: The option of the same name.
        name: Name of the release.
    """

    def __init__(self, state_directory: str, name: str) -> None:
        self.root = Path(state_directory).absolute() / "releases"
        self.directory = self.root / name
        self._lock = self.root / f"{name}.lock"

    @contextlib.contextmanager
    def locked(self, timeout: float, check_mode: bool) -> Iterator[None]:
        """Allow one run at a time for each name.

        Args:
            timeout: Seconds to wait for another run to end.

        Raises:
            Failure: `release.locked`.
        """
        if check_mode and not self._lock.exists():
            yield
            return
        with self._root(make=True) as root:
            descriptor = root.open(self._lock.name, os.O_RDWR | os.O_CREAT)
            os.fchmod(descriptor, 0o600)
        with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as stream:
            deadline = time.monotonic() + timeout
            while not _flock(stream.fileno()):
                if time.monotonic() > deadline:
                    holder = _holder(stream)
                    said = ", ".join(f"{key} {value}" for key, value in holder.items())
                    raise Failure(
                        "release.locked",
                        f"another run ({said}) has been at work on this release for more than "
                        f"{timeout:g} s (lock {self._lock}): let it end, or see why it hangs.",
                        lock=self._lock,
                        **holder,
                    )
                time.sleep(0.1)
            stream.seek(0)
            stream.truncate()
            since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            stream.write(" ".join([str(os.getpid()), since, os.environ.get("SUDO_USER", "")]))
            stream.flush()
            yield

    @contextlib.contextmanager
    def _root(self, make: bool = False) -> Iterator[Folder]:
        # What lies beside the releases (a CA, for instance) may be for others to read.
        with (
            open_folder(self.root.parent, 0o755 if make else None) as state,
            state.sub(self.root.name, 0o700 if make else None) as root,
        ):
            yield root

    def at_work(self) -> dict[str, str] | None:
        """Return who is at work on this release now, and since when; None if nobody is."""
        try:
            with self._root() as root:
                descriptor = root.open(self._lock.name, os.O_RDWR)
        except (OSError, Failure):
            return None
        with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as stream:
            return None if _flock(stream.fileno()) else _holder(stream)

    @contextlib.contextmanager
    def _inside(self, *below: str, make: bool = False) -> Iterator[Folder]:
        """Open a directory below that of this name. Raises FileNotFoundError unless `make`."""
        with self._root(make) as folder, contextlib.ExitStack() as opened:
            for each in (self.directory.name, *below):
                folder = opened.enter_context(folder.sub(each, 0o700 if make else None))
            yield folder

    def mounts(self, release: str) -> Path:
        """Return the directory whose tree is mounted into the container."""
        return self.directory / release / "mounts"

    def write(
        self, release: str, files: list[File], owner: tuple[int, int], record: dict[str, Any]
    ) -> None:
        """Write the files, owned by `owner` (uid, gid), then the record.

        Args:
            record: `release` (id), `options` (`Spec.described`) and `image`.
        """
        for file in files:
            *above, name = file.path.strip("/").split("/")
            with self._inside(release, "mounts", *above, make=True) as folder:
                folder.write(name, file.content.encode(), file.mode, owner)
        text = json.dumps(record, indent=2, sort_keys=True)
        with self._inside(release, make=True) as folder:
            folder.write("release.json", text.encode(), 0o600, (os.geteuid(), os.getegid()))

    def record(self, release: str | None) -> dict[str, Any]:
        """Return the record that `write` was given; empty if it is missing or not JSON."""
        return self._json("release.json", release) if release else {}

    def _json(self, name: str, *below: str) -> dict[str, Any]:
        unreadable = contextlib.suppress(ValueError, RecursionError, TypeError)
        with unless_missing(), unreadable, self._inside(*below) as folder:
            return dict(json.loads(folder.read(name)))
        return {}

    def content(self, release: str | None, path: str) -> str | None:
        """Return the text that is stored for `path`, or None."""
        if release:
            *above, name = path.strip("/").split("/")
            inside = self._inside(release, "mounts", *above)
            with unless_missing(), contextlib.suppress(UnicodeDecodeError), inside as folder:
                return folder.read(name).decode()
        return None

    def status(self, release: str, path: str) -> os.stat_result | None:
        """Return the status of the file that is stored for `path`, or None."""
        *above, name = path.strip("/").split("/")
        with unless_missing(), self._inside(release, "mounts", *above) as folder:
            return folder.status(name)
        return None

    def secrets(self) -> list[str]:
        """Return the contents of all stored secrets, of all releases."""
        found = []
        for release in self.releases():
            for path in self.record(release).get("options", {}).get("secrets") or {}:
                found.append(self.content(release, path) or "")
        return found

    def releases(self) -> set[str]:
        """Return the ids of all releases that have a directory."""
        with contextlib.suppress(FileNotFoundError), self._inside() as folder:
            return set(filter(RELEASE.fullmatch, folder.names()))
        return set()

    def remove(self, *releases: str) -> None:
        """Remove the directories of releases, if they exist."""
        with contextlib.suppress(FileNotFoundError), self._inside() as folder:
            for release in filter(RELEASE.fullmatch, releases):
                folder.remove(release)

    def remove_all(self) -> None:
        """Remove everything of this name but the lock: another run may wait for it."""
        self.remove(*self.releases())
        with contextlib.suppress(FileNotFoundError):
            with self._inside() as folder:
                folder.remove(ADOPTED)
            # Not empty: something in it is not ours.
            with self._root() as root, contextlib.suppress(OSError):
                os.rmdir(self.directory.name, dir_fd=root.fd)

    # A container that we did not create cannot get a label, so its restart policy, which a
    # rollback to it needs, is stored here.

    def note_policy(self, container_id: str, policy: str) -> None:
        """Remember the restart policy of an adopted container."""
        text = json.dumps({container_id: policy})
        with self._inside(make=True) as folder:
            folder.write(ADOPTED, text.encode(), 0o600, (os.geteuid(), os.getegid()))

    def noted_policy(self, container_id: str) -> str | None:
        """Return the policy that was remembered for this container, or None."""
        policy = self._json(ADOPTED).get(container_id)
        return None if policy is None else str(policy)


def names_in(state_directory: str) -> set[str]:
    """Return the names that have a directory there, even an empty one."""
    with contextlib.suppress(FileNotFoundError), Store(state_directory, "")._root() as root:
        return {name for name in root.names() if not name.endswith(".lock")}
    return set()


def kept_in(state_directory: str) -> list[str]:
    """Return the names that have files of a release there; those that cannot be read have none."""
    found = set()
    with contextlib.suppress(OSError, Failure):
        for name in names_in(state_directory):
            found |= {name} if Store(state_directory, name).releases() else set()
    return sorted(found)


def _holder(lock: TextIO) -> dict[str, str]:
    """Return who holds the lock, and since when, as that run noted it."""
    lock.seek(0)
    noted = zip(("process", "since", "user"), lock.read().split())
    return {"process": "unknown", **dict(noted)}


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
