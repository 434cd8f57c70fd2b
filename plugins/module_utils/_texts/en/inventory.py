# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts and groups that are no longer in the inventory: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "host": {
        "expected": "its checks run to the end",
    },
    "host.lost": {
        "seen": "it dropped out of the run before its checks",
        "cause": "it is unreachable, or one of its variables cannot be evaluated: a vault without "
        "its password, a misspelt name",
        "fix": "read this host's error above the report",
    },
    "group": {
        "expected": "pushed by a host of the inventory, or its job listed in deploy_known_groups",
        "seen": "{labels}; last push {age:span} ago",
        "cause": "a program outside the inventory pushes it, or used to",
        "fix": "ensure that nothing pushes it any longer, then deploy with "
        "-e deploy_remove_stale_groups=true",
    },
    "group.left": {
        "cause": "the host was removed from the inventory, renamed or moved to another region, or pushes "
        "under another name",
    },
    "group.unknown": {},
    "group.left.removed": {
        "fix": "removed by this run",
    },
    "group.unknown.removed": {
        "fix": "removed by this run",
    },
}
