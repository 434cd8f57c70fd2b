# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command wants of an exporter."""

from __future__ import annotations

from typing import Protocol, TypeVar

from collector.n8n.budget import Budget
from collector.n8n.exposition import Families
from collector.n8n.settings import Common
from collector.n8n.state import CommonState

State = TypeVar("State", bound=CommonState)


class Exporter(Protocol[State]):
    """One exporter, for one run."""

    @property
    def name(self) -> str:
        """It is a label, and part of the job and of the names of the files."""

    @property
    def caps(self) -> tuple[str, ...]:
        """Those that a run can reach."""

    @property
    def model(self) -> type[State]:
        """What it remembers."""

    @property
    def settings(self) -> Common:
        """All that the file says."""

    def collect(self, budget: Budget, state: State) -> None:
        """Read, and add to the state. Raises RunError and CappedError."""

    def learned(self) -> bool:
        """Whether its source has told anything that counts."""

    def add(self, families: Families, state: State) -> None:
        """Say what has been counted."""

    def told(self, state: State) -> None:
        """Note in the state that this has been said."""
