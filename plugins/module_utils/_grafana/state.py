# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server has. Each list is read once, when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .._http.answer import understood
from .client import Grafana

List = TypeVar("List")


class State:
    """The lists of one server. A reader is a function that reads one of them."""

    def __init__(self, grafana: Grafana) -> None:
        self._grafana = grafana
        self._lists: dict[Callable[[Grafana], Any], Any] = {}

    def read(self, readers: Iterable[Callable[[Grafana], Any]]) -> None:
        """Read several lists in parallel."""
        missing = [reader for reader in dict.fromkeys(readers) if reader not in self._lists]
        with understood(self._grafana.url):
            found = self._grafana.side_by_side(lambda reader: reader(self._grafana), missing)
        self._lists.update(zip(missing, found))

    def of(self, reader: Callable[[Grafana], List]) -> List:
        """Return the result of a reader."""
        self.read([reader])
        found: List = self._lists[reader]
        return found
