# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a new inventory: secrets are generated, and nothing is overwritten."""

from __future__ import annotations

import os
import secrets
import string
from collections.abc import Iterable, Mapping
from pathlib import Path

from ...module_utils._failure import Failure

# What becomes a secret in a file.
GENERATED = "GENERATED"
_CHARACTERS = string.ascii_letters + string.digits


def secret() -> str:
    """Return a new secret."""
    return "".join(map(secrets.choice, [_CHARACTERS] * 40))


def read(source: Path) -> dict[str, str]:
    """Return the texts of all files below a directory, by relative path."""
    found = sorted(path for path in source.rglob("*") if path.is_file())
    return {str(path.relative_to(source)): path.read_text(encoding="utf-8") for path in found}


def filled(text: str) -> str:
    """Return a text with its secrets."""
    first, *others = text.split(GENERATED)
    return "".join([first, *(part for other in others for part in (secret(), other))])


def refuse(directory: Path, names: Iterable[str]) -> None:
    """Raise a Failure if a new inventory cannot be written to a directory."""
    found = [name for name in names if os.path.lexists(directory / name)]
    if found:
        raise Failure(
            "inventory.exists",
            f"inventory_directory: {directory} has {', '.join(found)} already, and nothing is "
            "overwritten. Choose another directory, or remove what you no longer need.",
            directory=str(directory),
            files=found,
        )
    nearest = next(each for each in (directory, *directory.absolute().parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise Failure(
            "inventory.not_writable",
            f"inventory_directory: {nearest} is not a directory in which you may write.",
            directory=str(nearest),
        )


def write(directory: Path, files: Mapping[str, tuple[bytes, int]]) -> None:
    """Write all files, or none.

    Args:
        directory: Created if needed.
        files: Content and mode by relative path.

    Raises:
        Failure: With the reason; what was written is removed.
    """
    made: list[Path] = []
    try:
        for name, (content, mode) in files.items():
            path = directory / name
            missing = [each for each in (path.parent, *path.parent.parents) if not each.exists()]
            for each in reversed(missing):
                each.mkdir()
                made.append(each)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            descriptor = os.open(path, flags, mode)
            made.append(path)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
    except BaseException as error:
        for each in reversed(made):
            each.rmdir() if each.is_dir() else each.unlink()
        if not isinstance(error, OSError):
            raise
        raise Failure(
            "inventory.not_written",
            f"inventory_directory: nothing was written: {error}",
            directory=str(directory),
        ) from error
