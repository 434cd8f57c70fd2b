# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks say, in the Portuguese of Brazil: the rooms of the English catalogue.

Only the controller reads it, so its rooms need not be imported where Ansible sees it.
"""

from __future__ import annotations

from importlib import import_module

from ..en.catalogue import ROOMS as ENGLISH

ROOMS = [import_module(f".{room.__name__.rpartition('.')[2]}", __package__) for room in ENGLISH]
TEXTS: dict[str, str | dict[str, str]] = {
    code: text for room in ROOMS for code, text in room.TEXTS.items()
}
