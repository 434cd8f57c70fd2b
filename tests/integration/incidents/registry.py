# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which test replays which incident, and what stops it; docs/incidents.md is made from this."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

HERE = Path(__file__).parent
OUTCOMES = ("prevented", "refused", "found", "open")
Test = TypeVar("Test", bound=Callable[..., None])


class Incident(NamedTuple):
    """C(title), C(title_pt): what happened. C(by): the module or role that stops it."""

    number: int
    title: str
    title_pt: str
    outcome: str
    by: tuple[str, ...]
    test: str


INCIDENTS: dict[int, Incident] = {}


def incident(
    number: int, title: str, title_pt: str, outcome: str, *by: str
) -> Callable[[Test], Test]:
    """Register a test as the replay of an incident; each number is registered by one test."""
    if outcome not in OUTCOMES:
        raise ValueError(f"incident {number}: outcome {outcome!r}, expected one of {OUTCOMES}")

    def register(test: Test) -> Test:
        name = f"{Path(test.__code__.co_filename).name}::{test.__name__}"
        known = INCIDENTS.get(number)
        if known and known.test != name:
            raise ValueError(f"incident {number} is replayed by {known.test} and by {name}")
        INCIDENTS[number] = Incident(number, title, title_pt, outcome, by, name)
        return test

    return register


def registered() -> dict[int, Incident]:
    """All of them, in the order of their numbers."""
    package = __name__.rpartition(".")[0]
    for file in sorted(HERE.glob("test_*.py")):
        importlib.import_module(f"{package}.{file.stem}")
    return dict(sorted(INCIDENTS.items()))
