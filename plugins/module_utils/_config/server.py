# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the transaction needs from the server whose configuration it installs."""

from __future__ import annotations

import time
from typing import Any, Callable, Protocol, TypeVar

from .._failure import Failure
from .directory import FileSet

ERROR_WORDS = ("level=error", "level=ERROR", "err=")  # in log lines that report a refusal
POLL = 0.25  # seconds between two looks
T = TypeVar("T")


class NotLoaded(Failure):
    """The server refused a set, or runs another one.

    Args:
        settles: The difference is loaded in the background, so waiting a moment may help.
    """

    def __init__(self, code: str, message: str, settles: bool = False, **values: Any) -> None:
        super().__init__(code, message, **values)
        self.settles = settles


def prove_within(seconds: float, prove: Callable[[], T], settling: float | None = None) -> T:
    """Prove again until it is proven.

    Args:
        seconds: How long to wait for what settles.
        settling: At least so many seconds, if the server has an interval of its own.

    Raises:
        NotLoaded: The last one that `prove` raised.
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
    """The running server that reads its configuration from the directory."""

    def absent(self, patience: float) -> str:
        """Return why no server runs that reads the directory; empty if one does.

        Args:
            patience: Seconds to wait for a server that is starting.
        """

    def reload(self) -> None:
        """Make the server read the directory again.

        Raises:
            NotLoaded: It refuses.
        """

    def installed(self) -> None:
        """Take note that the set that was checked is in place."""

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Return a summary of what is loaded.

        Args:
            patience: Seconds to wait for what settles.

        Returns:
            Facts for the module's result; `warnings`, if any, is a list of texts.

        Raises:
            NotLoaded: It is not the set that is wanted.
        """
