# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases that are on a host and that nobody wants there any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from .._check import Ask, Check


def unwanted(found: Iterable[str], wanted: Collection[str]) -> list[str]:
    """Return the names that are not wanted.

    Args:
        found: Names of releases.
        wanted: Names, or shell patterns.
    """
    return [name for name in found if not any(fnmatchcase(name, each) for each in wanted)]


def unwanted_checks(
    host: str, found: Iterable[str], wanted: Collection[str], removed: bool = False
) -> list[Check]:
    """Return a warning for each release that is not wanted; see `unwanted`.

    Args:
        removed: Whether this run removes it.
    """
    outcome = "wanted.nobody.removed" if removed else "nobody"
    return [
        Ask("wanted", f"{host} {name}", host=host, release=name).warn(outcome)
        for name in unwanted(found, wanted)
    ]
