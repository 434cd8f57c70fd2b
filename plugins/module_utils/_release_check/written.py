# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether the configuration directories that a container has mounted are as written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .._certificate.local import CA_KEY, KEY, MODES
from .._check import Check
from .._config.directory import Directory
from .._docker.container import Container
from .._failure import Failure
from .._texts.text import Text, text
from .look import Look


def written_check(look: Look) -> Check | None:
    """Compare what is mounted with what was written; None if nothing is known of it."""
    known, found = 0, []
    for path in mounted(look.current):
        try:
            differs = Directory(str(path)).by_hand()
        except (Failure, OSError):
            continue
        if differs is None:
            continue
        known += 1
        found += [text(f"written.{how}", path=str(path / name)) for name, how in differs]
    ask = look.ask("written", directories=known)
    if found:
        return ask.fail("by_hand", files=found)
    return ask.ok() if known else None


def mounted(current: Container) -> Iterator[Path]:
    """Yield the directories of the host that a container has mounted."""
    for mount in current.get("Mounts") or []:
        path = Path(mount.get("Source") or "/")
        if mount.get("Type") == "bind" and len(path.parts) > 2:
            yield path


def keys_readable(directory: Path) -> list[Text]:
    """Return the keys of the local authority that more than their owner may read or change."""
    found = []
    for name in (CA_KEY, KEY):
        try:
            status = os.lstat(directory / name)
        except OSError:
            continue
        if stat.S_IMODE(status.st_mode) & ~MODES[name]:
            found.append(text("written.permissions", path=str(directory / name)))
    return found
