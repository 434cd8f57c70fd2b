# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill has shown, as checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._check import Check
from .._http.session import HttpError
from .delivery import Failures, rises
from .drill import Drill

CAUSES = {
    "pending": "the rule does not see what was pushed: Prometheus does not scrape the gateway, or "
    "without honor_labels",
    "firing": "its condition did not hold for as long as its `for`",
    "in Alertmanager": "Prometheus has no Alertmanager, or does not reach it",
    "told": "no receiver for its route, the receiver refuses it, a silence or an inhibition",
    "cleared": "the rule looks back over a window that is longer than timeout_hops",
    "cleared in Alertmanager": "Prometheus does not reach it any more",
    "told of its end": "send_resolved is off, or group_interval is longer than timeout_hops",
}


def checks_of(drills: Sequence[Drill], skipped: Mapping[str, str], timeout: float) -> list[Check]:
    """One check per alert and hop."""
    checks = []
    for drill in drills:
        name = drill.rule.name
        for hop, seconds in drill.seconds.items():
            text = f"after {seconds:.1f} s"
            checks.append(Check(f"{name} {hop}", "pass", "", text, seconds=seconds))
        if drill.missed:
            hop = drill.missed
            cause = CAUSES.get(hop, "it fired before, or Prometheus does not scrape the gateway")
            fix = "look at the alert in Prometheus and in Alertmanager, or raise timeout_hops"
            seen = "not within that time"
            expected = f"within {timeout:g} s"
            checks.append(Check(f"{name} {hop}", "fail", expected, seen, cause, fix, timeout))
    for name, reason in skipped.items():
        checks.append(Check(name, "skip", "a drill", reason))
    return checks


def results_of(drills: Sequence[Drill]) -> list[dict[str, Any]]:
    """What the module returns of each."""
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
    """Whether Alertmanager fails to tell anybody in the meantime.

    A drill with a webhook of its own would not notice, nor one that counts what was sent.
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
        """What failed since."""
        name, expected = "receivers", "no message that a receiver does not take"
        try:
            if self._error:
                raise self._error
            risen = rises(self._before, self._failed())
        except HttpError as error:
            return Check(name, "skip", expected, f"Alertmanager's metrics cannot be read: {error}")
        if not risen:
            return Check(name, "pass", expected, "none failed")
        seen = "; ".join(f"{who}: {count} failed" for who, count in sorted(risen.items()))
        cause = (
            "a receiver of that kind is down or refuses: its address, its credentials, or a limit;"
            " others may have been told"
        )
        fix = "read Alertmanager's log, which names the receiver and the error"
        return Check(name, "warn", expected, seen, cause, fix)
