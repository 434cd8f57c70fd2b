# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a release keeps on the host: its files, its secrets, and what it was made from.

    <state_directory>/releases/<name>.lock
    <state_directory>/releases/<name>/<release>/release.json     the options, without secrets
    <state_directory>/releases/<name>/<release>/mounts/<path>    mounted read-only at <path>

Only root can enter the directories; a file belongs to the container's user.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .._failure import Failure
from .spec import File


class Store:
    """The releases of one name on the host's disk."""

    def __init__(self, state_directory: str, name: str) -> None:
        self.root = Path(state_directory) / "releases"
        self.directory = self.root / name
        self._lock = self.root / f"{name}.lock"

    @contextlib.contextmanager
    def locked(self, timeout: float, check_mode: bool) -> Iterator[None]:
        """One run at a time per name; waits `timeout` seconds for another one to end."""
        if check_mode and not self._lock.exists():
            yield
            return
        # What lies beside the releases (a CA, for instance) may be for others to read.
        self.root.parent.mkdir(parents=True, exist_ok=True)
        _make_private(self.root)
        with self._lock.open("a+", encoding="ascii") as stream:
            deadline = time.monotonic() + timeout
            while not _flock(stream.fileno()):
                if time.monotonic() > deadline:
                    stream.seek(0)
                    raise Failure(
                        "release.locked",
                        f"another run (process {stream.read().strip() or 'unknown'}) has been at "
                        f"work on this release for more than {timeout:g} s (lock {self._lock}): "
                        "let it end, or see why it hangs.",
                        lock=self._lock,
                    )
                time.sleep(0.1)
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            yield

    def mounts(self, release: str) -> Path:
        """The directory whose tree is mounted into the container."""
        return self.directory / release / "mounts"

    def write(
        self, release: str, files: list[File], owner: tuple[int, int], record: dict[str, Any]
    ) -> None:
        """Write the files, owned by `owner` (uid, gid), then the record."""
        mounts = self.mounts(release)
        _make_private(mounts)
        for file in files:
            path = Path(f"{mounts}{file.path}")
            _make_private(path.parent)
            _write(path, file.content, file.mode, owner)
        text = json.dumps(record, indent=2, sort_keys=True)
        _write(mounts.parent / "release.json", text, 0o600, (os.geteuid(), os.getegid()))

    def record(self, release: str | None) -> dict[str, Any]:
        """What `write` was given; empty when it is not there or not readable as JSON."""
        if release:
            with contextlib.suppress(FileNotFoundError, ValueError):
                path = self.directory / release / "release.json"
                return dict(json.loads(path.read_text(encoding="utf-8")))
        return {}

    def content(self, release: str | None, path: str) -> str | None:
        """The text stored for `path`, or None."""
        if release:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
                return Path(f"{self.mounts(release)}{path}").read_bytes().decode()
        return None

    def secrets(self) -> list[str]:
        """The contents of all stored secrets, of whatever release."""
        found = []
        for release in self.releases():
            for path in self.record(release).get("options", {}).get("secrets") or {}:
                found.append(self.content(release, path) or "")
        return found

    def releases(self) -> set[str]:
        """The ids of all releases that have a directory."""
        if not self.directory.is_dir():
            return set()
        return {path.name for path in self.directory.iterdir() if path.is_dir()}

    def remove(self, *releases: str) -> None:
        """Remove the directories of releases; no error when one is not there."""
        for release in releases:
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(self.directory / release)

    def remove_all(self) -> None:
        """Remove what is kept of this name; the lock stays, another run may wait for it."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.directory)

    # A container that we did not make cannot be given a label, so its restart policy,
    # without which a rollback to it would be half a rollback, is kept here.

    def note_policy(self, container_id: str, policy: str) -> None:
        """Remember the restart policy of an adopted container."""
        _make_private(self.directory)
        owner = (os.geteuid(), os.getegid())
        _write(self.directory / "adopted.json", json.dumps({container_id: policy}), 0o600, owner)

    def noted_policy(self, container_id: str) -> str | None:
        """The policy remembered for that container, or None."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            text = (self.directory / "adopted.json").read_text(encoding="utf-8")
            return json.loads(text).get(container_id)
        return None


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_private(directory: Path) -> None:
    """Create the directory and its missing parents, for root only (`parents=True` would not)."""
    for path in reversed([directory, *directory.parents]):
        if not path.is_dir():
            path.mkdir(mode=0o700)


def _write(path: Path, content: str, mode: int, owner: tuple[int, int]) -> None:
    # Created closed, so that no secret is readable for the moment before the mode is set.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content.encode())
        stream.flush()
        os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
