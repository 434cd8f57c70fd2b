# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the transaction asks of the server whose configuration it installs."""

from __future__ import annotations

import time
from typing import Any, Callable, Protocol, TypeVar

from .._failure import Failure
from .directory import FileSet

ERROR_WORDS = ("level=error", "level=ERROR", "err=")  # of lines in a log that tell a refusal
POLL = 0.25  # seconds between two looks
T = TypeVar("T")


class NotLoaded(Failure):
    """The server refused a set, or runs another one.

    Args:
        settles: What differs is loaded in the background, so that a moment's wait may put it right.
    """

    def __init__(self, code: str, message: str, settles: bool = False, **values: Any) -> None:
        super().__init__(code, message, **values)
        self.settles = settles


def prove_within(seconds: float, prove: Callable[[], T], settling: float | None = None) -> T:
    """Prove again until it is proven. Raises the last NotLoaded.

    Args:
        seconds: How long what settles may take.
        settling: How long it may at least, where the server has an interval of its own.
    """
    started = time.monotonic()
    while True:
        try:
            return prove()
        except NotLoaded as error:
            limit = max(seconds, settling or 0) if error.settles else 0
            if time.monotonic() - started > limit:
                raise
        time.sleep(POLL)


class Server(Protocol):
    """The running server whose configuration the directory holds."""

    def absent(self, patience: float) -> str:
        """Why no server runs that reads the directory; empty when one does.

        One that is on its way is waited for, `patience` seconds at most.
        """

    def reload(self) -> None:
        """Have the directory read again. Raises NotLoaded."""

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """What is loaded, after at most `patience` seconds. Raises NotLoaded unless it is wanted.

        The summary's key `warnings`, if any, is a list of texts.
        """
