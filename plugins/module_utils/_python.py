# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse a Python that is older than what this collection is written in."""

from __future__ import annotations

import json
import platform
import sys

OLDEST = (3, 9)


def refuse_older() -> None:
    """End the module with a failure if this Python is too old.

    Older ones stop at the first file that they cannot read, so this comes before all other imports
    of the collection; the module, `_hidden.py` and this file are written so that they can be read.
    """
    if sys.version_info >= OLDEST:
        return
    needed, seen = ".".join(map(str, OLDEST)), platform.python_version()
    message = (
        f"expected Python {needed} or newer on this host; seen: Python {seen}, {sys.executable}; "
        "next: install a newer one there, and set ansible_python_interpreter to it"
    )
    values = {"python": seen, "needed": needed}
    result = {"failed": True, "msg": message, "code": "python.old", "values": values}
    sys.stdout.write(json.dumps(result) + "\n")
    raise SystemExit(1)
