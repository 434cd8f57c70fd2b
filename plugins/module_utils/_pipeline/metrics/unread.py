# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is raised for a configuration that is not understood here, so nothing is judged by it."""

from __future__ import annotations

import re

CLASS = re.compile(r"\[:\^?\w+:\]")  # such as [[:alpha:]]: to Python a set of these characters


class UnreadableError(Exception):
    """Something of a server's configuration that is not understood here."""


def go_pattern(written: str) -> re.Pattern[str]:
    """Return a regular expression of a server in Go.

    Raises:
        UnreadableError: To Python it is none, or means another thing.
    """
    if CLASS.search(written):
        raise UnreadableError(written)
    # Go's classes (\w) have ASCII alone, but letters of any case are all letters'.
    only = 0 if "(?i" in written else re.ASCII
    try:
        return re.compile(written, re.DOTALL | only)
    except re.error as error:
        raise UnreadableError(written) from error
