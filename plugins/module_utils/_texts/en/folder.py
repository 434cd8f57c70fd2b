# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file or folder that is not as root may trust it: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "path": {
        "expected": "only root (or the task's own user) can change {path}",
    },
    "path.link": {
        "seen": "{seen}",
        "cause": "somebody put a link there, perhaps to make root write elsewhere",
        "fix": "look where it leads, then remove it",
    },
    "path.owner": {
        "seen": "{seen} owns it",
        "cause": "it was made by hand, or by another program",
        "fix": "give it, and the directories above it, to root",
    },
    "path.writable": {
        "seen": "{seen}",
        "cause": "it was made with an open umask, or opened by hand",
        "fix": "take the right to write from group and others (chmod go-w)",
    },
    "path.kind": {
        "seen": "{seen}",
        "cause": "something else was put there by hand",
        "fix": "remove it",
    },
}
