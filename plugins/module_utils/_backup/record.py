# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup on disk: its files and its manifest. The controller reads it, too.

    HOST/SERVICE/20260131T020000Z/manifest.json     what it is, and what must come back
    HOST/SERVICE/20260131T020000Z/...               the files that the manifest names
    HOST/SERVICE/.20260131T020000Z.part/            one that is being written

Only its owner can read it: it holds what the service holds, its secrets included.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from calendar import timegm
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .._failure import Failure

FORMAT = 1
MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%SZ"
TIME = re.compile(r"\d{8}T\d{6}Z")
PART = re.compile(r"\.\d{8}T\d{6}Z\.part")
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
BLOCK = 1 << 20


def stamp(seconds: float) -> str:
    """Return the name of a backup of this Unix time."""
    return time.strftime(STAMP, time.gmtime(seconds))


def sha256_of(path: Path) -> str:
    """Return the digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def described(folder: Path) -> dict[str, dict[str, Any]]:
    """Return digest and size of each file of a backup, apart from its manifest."""
    return {
        each.name: {"sha256": sha256_of(each), "bytes": each.stat().st_size}
        for each in sorted(folder.iterdir())
        if each.name != MANIFEST
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest in one step."""
    new = folder / f".{MANIFEST}"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(manifest, stream, indent=2, sort_keys=True)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    new.rename(folder / MANIFEST)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a backup.

    Raises:
        Failure: `backup.no_manifest`: there is none that this version reads.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest['format']}")
        names = list(manifest["files"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        said = f"{path}: expected the manifest of a backup (format {FORMAT}); seen: {error}."
        raise Failure("backup.no_manifest", said, path=str(path)) from error
    wrong = [name for name in names if not FILE.fullmatch(str(name))]
    if wrong:
        said = f"{path}: it names files that no backup has: {', '.join(map(str, wrong))}."
        raise Failure("backup.no_manifest", said, path=str(path))
    found: dict[str, Any] = manifest
    return found


def verify(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Compare the files with the manifest.

    Raises:
        Failure: `backup.damaged`, with the names of the files.
    """
    wrong = []
    for name, told in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            wrong.append(f"{name} is missing")
        elif path.stat().st_size != told["bytes"]:
            wrong.append(f"{name} has {path.stat().st_size} bytes instead of {told['bytes']}")
        elif sha256_of(path) != told["sha256"]:
            wrong.append(f"{name} has another SHA-256")
    if wrong:
        said = f"{folder}: its files are not those of its manifest: {'; '.join(wrong)}."
        raise Failure("backup.damaged", said, path=str(folder), files=wrong)


def backups(folder: Path) -> list[str]:
    """Return the names of the whole backups of a service, the oldest first."""
    return sorted(
        each.name
        for each in (folder.iterdir() if folder.is_dir() else ())
        if TIME.fullmatch(each.name) and (each / MANIFEST).is_file()
    )


def chosen(path: Path) -> Path:
    """Return the folder of a backup; of a service's folder, that of the newest.

    Raises:
        Failure: `backup.none`.
    """
    if (path / MANIFEST).is_file():
        return path
    names = backups(path)
    if not names:
        raise Failure("backup.none", f"{path}: there is no backup.", path=str(path))
    return path / names[-1]


def expired(names: Iterable[str], keep: int, keep_days: float, now: float) -> list[str]:
    """Return the backups that retention removes; never the newest.

    Args:
        keep: How many to keep; 0 for all.
        keep_days: Days after which one goes; 0 for never.
        now: Unix time.
    """
    ordered = sorted(names)
    surplus = ordered[:-keep] if keep > 0 else []
    old = [
        name
        for name in ordered[:-1]
        if keep_days > 0 and now - timegm(time.strptime(name, STAMP)) > keep_days * 86400
    ]
    return sorted({*surplus, *old})


def prune(folder: Path, keep: int, keep_days: float, now: float) -> list[str]:
    """Remove what retention removes, and what interrupted runs left; return the backups' names."""
    gone = expired(backups(folder), keep, keep_days, now)
    for name in [*gone, *_parts(folder)]:
        shutil.rmtree(folder / name)
    return gone


def _parts(folder: Path) -> Iterator[str]:
    for each in folder.iterdir() if folder.is_dir() else ():
        if PART.fullmatch(each.name):
            yield each.name


def new_folder(parent: Path, name: str) -> Path:
    """Make the folder of a backup that is being written, and return it."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = parent / f".{name}.part"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    return folder


def finished(part: Path) -> Path:
    """Give a whole backup its name, and return its folder."""
    folder = part.with_name(part.name[1 : -len(".part")])
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)
    return folder


def short(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what modules return of a manifest: no configuration, which may hold secrets."""
    left_out = ("container", "format")
    return {name: value for name, value in manifest.items() if name not in left_out}
