# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source of an image: its files, their digest, and the tar that the build reads.

Needs only Python: the controller reads the source, and has no Docker.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

# 1980: the same on every machine, and the oldest that zip files (wheels) can hold.
_MTIME = 315_532_800
IGNORE_FILE = ".dockerignore"
PREPARE = "prepare.sh"
_ALWAYS = ("Dockerfile", PREPARE)


def source_files(root: Path) -> list[str]:
    """Return the relative paths of all files and links that are not ignored, sorted."""
    ignored = _Ignore(root / IGNORE_FILE)
    found = []
    for directory, names, files in os.walk(root):
        base = Path(directory).relative_to(root)
        links = [name for name in names if (Path(directory) / name).is_symlink()]
        for name in [*files, *links]:
            path = (base / name).as_posix()
            if path in _ALWAYS or (path != IGNORE_FILE and not ignored.matches(path)):
                found.append(path)
    return sorted(found)


def source_digest(root: Path, files: list[str]) -> str:
    """Return `sha256:…` of the files' paths, kinds, executable bits and contents."""
    total = hashlib.sha256()
    for name in files:
        path = root / name
        if path.is_symlink():
            kind, content = "link", os.fsencode(path.readlink())
        else:
            kind, content = f"{_mode(path):o}", path.read_bytes()
        total.update(f"{name}\0{kind}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def write_tar(root: Path, files: list[str], target: IO[bytes]) -> None:
    """Write a reproducible tar of the files: the same bytes on every machine, at any time."""
    parents = {str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(parents):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, _MTIME
            tar.addfile(entry)
        for name in files:
            path = root / name
            entry = tarfile.TarInfo(name)
            entry.mtime = _MTIME
            if path.is_symlink():
                entry.type, entry.linkname = tarfile.SYMTYPE, os.fspath(path.readlink())
                tar.addfile(entry)
                continue
            entry.mode, entry.size = _mode(path), path.stat().st_size
            with path.open("rb") as content:
                tar.addfile(entry, content)


def source_revision(root: Path) -> str:
    """Return the last git commit of the source, with `-dirty` if files have changed since."""
    commit = _git(root, "log", "-1", "--format=%H", "--", ".")
    if not commit:
        return ""
    return f"{commit}-dirty" if _git(root, "status", "--porcelain", "--", ".") else commit


def _git(root: Path, *arguments: str) -> str:
    try:
        # run_command knows no deadline. pylint: disable-next=ansible-bad-function
        done = subprocess.run(  # noqa: S603
            ["git", "-C", os.fspath(root), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _mode(path: Path) -> int:
    return 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644


class _Ignore:
    """The patterns of a `.dockerignore`, as Docker reads them: the last one that matches wins."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        self.patterns = list(_patterns(lines))

    def matches(self, path: str) -> bool:
        """Return whether the file is ignored; a pattern for a directory covers its contents."""
        ignored = False
        for pattern, excepted in self.patterns:
            if pattern.match(path):
                ignored = not excepted
        return ignored


def _patterns(lines: list[str]) -> Iterator[tuple[re.Pattern[str], bool]]:
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        excepted = text.startswith("!")
        text = os.path.normpath(text.lstrip("!").strip()).strip("/")
        if text != ".":
            yield re.compile(_expression(text) + r"(/.*)?\Z"), excepted


def _expression(pattern: str) -> str:
    """Return Go's path pattern, with Docker's `**` (any directories), as a regular expression."""
    tokens = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\\.|.", pattern)
    return "".join(
        tokens.get(part) or (part if len(part) > 2 and part[0] == "[" else re.escape(part[-1]))
        for part in parts
    )
