# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are in files; apart from the settings, whose library takes 14 MB of memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def read_secret(path: str) -> str:
    """The content of a secret's file, without the newline at its end."""
    return Path(path).read_text("utf-8").rstrip("\r\n")


def stamp(path: str) -> tuple[int, ...]:
    """What is another one when the file is; empty where there is none."""
    with suppress(OSError):
        status = Path(path).stat()
        return status.st_mtime_ns, status.st_ino, status.st_size
    return ()
