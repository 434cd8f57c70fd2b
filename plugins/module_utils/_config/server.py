# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the transaction asks of the server whose configuration it installs."""

from __future__ import annotations

from typing import Any, Protocol

from .directory import FileSet

ERROR_WORDS = ("level=error", "level=ERROR", "err=")  # of lines in a log that tell a refusal


class NotLoaded(Exception):  # noqa: N818  (an answer about the server, not a bug)
    """The server refused a set, or runs something else than it; the text says what.

    C(settles): what differs is loaded in the background, so a moment's wait may put it right.
    """

    def __init__(self, text: str, settles: bool = False) -> None:
        super().__init__(text)
        self.settles = settles


class Server(Protocol):
    """The running server whose configuration the directory holds."""

    def absent(self, patience: float) -> str:
        """Why no server runs that reads the directory; empty when one does.

        One that is on its way is waited for, C(patience) seconds at most.
        """

    def reload(self) -> None:
        """Have the directory read again. Raises NotLoaded."""

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """What is loaded, after at most C(patience) seconds. Raises NotLoaded unless it is wanted.

        The summary's key C(warnings), if any, is a list of texts.
        """
