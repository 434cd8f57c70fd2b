# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks and results of a drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._check import Ask, Check
from .._http.session import HttpError
from .._texts.text import Text, text
from .delivery import Failures, rises
from .drill import Drill

# Codes of the hops whose names are not codes.
CODES = {
    "in Alertmanager": "in_alertmanager",
    "cleared in Alertmanager": "cleared_in_alertmanager",
    "told of its end": "told_of_its_end",
}


def checks_of(drills: Sequence[Drill], skipped: Mapping[str, Text], timeout: float) -> list[Check]:
    """Return a check for each alert and hop.

    Args:
        skipped: Why an alert was not drilled, by its name.
        timeout: Seconds that all hops of a phase may take together.
    """
    checks = []
    for drill in drills:
        name = drill.rule.name
        for hop, seconds in drill.seconds.items():
            check = Ask("drill", f"{name} {hop}", timeout=timeout).ok(took=seconds)
            checks.append(replace(check, seconds=seconds))
        if drill.missed:
            ask = Ask("drill", f"{name} {drill.missed}", timeout=timeout)
            check = ask.fail(f"drill.missed.{CODES.get(drill.missed, drill.missed)}")
            checks.append(replace(check, seconds=timeout))
    for name, reason in skipped.items():
        checks.append(Ask("drill", name, timeout=timeout).skip(reason.code, **reason.values))
    return checks


def results_of(drills: Sequence[Drill]) -> list[dict[str, Any]]:
    """Return `alert`, `labels`, `for`, `seconds` (by hop) and `missed` (a hop) of each drill."""
    return [
        {
            "alert": drill.rule.name,
            "labels": dict(drill.labels),
            "for": drill.rule.duration,
            "seconds": dict(drill.seconds),
            "missed": drill.missed,
        }
        for drill in drills
    ]


class Receivers:
    """Judge whether Alertmanager's notifications fail during the drill.

    A drill with its own webhook would not notice, nor one that counts what was sent.
    """

    def __init__(self, failed: Callable[[], Failures]) -> None:
        """Count what has failed so far."""
        self._failed = failed
        self._error: HttpError | None = None
        try:
            self._before = failed()
        except HttpError as error:
            self._error = error

    def check(self) -> Check:
        """Return the check of what has failed since."""
        ask = Ask("receivers")
        try:
            if self._error:
                raise self._error
            risen = rises(self._before, self._failed())
        except HttpError as error:
            return ask.error(error, "skip")
        failed = [text("failed_receiver", receiver=who, n=n) for who, n in sorted(risen.items())]
        return ask.warn("failed", receivers=failed) if failed else ask.ok()
