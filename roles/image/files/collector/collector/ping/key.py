# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API key of a target, read again when its file changes."""

from __future__ import annotations

import os
import re

from collector.secret import read_secret, stamp

_KEY = re.compile("[!-~]+")


class Key:
    """``value`` is the key, or the one before, where the file holds none that can be sent."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self.value = ""
        self.error: str | None = None

    def changed(self) -> bool:
        """Read the file if it is another one than before; whether the key is another one."""
        try:
            seen = stamp(self._path)
            if seen and seen == self._seen:
                return False
            key = read_secret(self._path)
        except (OSError, UnicodeDecodeError) as error:
            said = os.strerror(error.errno or 0) if isinstance(error, OSError) else "no text"
            self.error = f"{self._path}: {said}"
            return False
        self._seen = seen
        if not _KEY.fullmatch(key):  # the text itself must not come to a log
            self.error = f"{self._path}: expected one line of visible ASCII characters"
            return False
        self.error = None
        was, self.value = self.value, key
        return key != was
