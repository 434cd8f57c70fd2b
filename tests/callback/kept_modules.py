# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the modules that Ansible has packed for the next playbook of the tests.

Ansible packs a module with all that it imports once in each run, which takes up to a third of the
processor time of a short one. Its cache is in a directory of the run; here that is a link to one
that stays for as long as nothing of the collection changes.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from ansible import constants
from ansible.plugins.callback import CallbackBase
from ansible.release import __version__

DOCUMENTATION = """
name: kept_modules
type: aggregate
short_description: Keep packed modules between the playbooks of the tests
description: Keeps them.
"""
PROJECT = Path(__file__).parents[2]


def state() -> str:
    """Return what the packed modules depend on, as a digest."""
    files = sorted(PROJECT.glob("plugins/module*/**/*.py"))
    known = [__version__, sys.version]
    for file, status in ((file, file.stat()) for file in files):
        known.append(f"{file} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]


class CallbackModule(CallbackBase):
    """See DOCUMENTATION."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "kept_modules"

    def __init__(self) -> None:
        super().__init__()
        kept = PROJECT / ".build/modules" / state()
        kept.mkdir(parents=True, exist_ok=True)
        own = Path(constants.DEFAULT_LOCAL_TMP) / "ansiballz_cache"
        if not own.exists():
            own.symlink_to(kept)
