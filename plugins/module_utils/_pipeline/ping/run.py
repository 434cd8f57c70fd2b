# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ping_check: its options, and its checks in their order."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..._check import Check, run_side_by_side
from ..._http.session import HttpError, Session
from ..collector import PUSH, Collector
from ..options import SERVER, STORE, WAIT, Spec
from .arrival import Gate, arrival_probes
from .forget import forget_pings
from .send import Limits, ping_probes


def ping_options() -> Spec:
    """Return the options of ping_check that no other check module has."""
    collector = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str", "required": True},
        "key": {"type": "str", "required": True, "no_log": True},
        "further_keys": {"type": "list", "elements": "str", "default": [], "no_log": True},
        "instance": {"type": "str"},
        "victoriametrics": {"type": "bool", "default": True},
    }
    return {
        "collectors": {"type": "list", "elements": "dict", "required": True, "options": collector},
        "count": {"type": "int", "default": 5},
        "slow": {"type": "float", "default": 1.0},
        "clock_offset": {"type": "float", "default": 1.0},
        "prometheus": {"type": "dict", "options": SERVER},
        "victoriametrics": {"type": "dict", "options": STORE},
        "wait": WAIT,
        "forget": {"type": "bool", "default": True},
    }


class Pings:
    """The pings of one validation: sent, followed, removed.

    Args:
        session: Sends the requests.
        params: The options of ping_check.
        collectors: Where the pings go.

    Raises:
        HttpError: `http.option`, for a bad option.
    """

    def __init__(
        self, session: Session, params: Mapping[str, Any], collectors: Sequence[Collector]
    ) -> None:
        if not 1 <= params["count"] <= 100:
            raise HttpError.option("count", "1 to 100", str(params["count"]))
        for one in collectors:
            if not one.keys:
                raise HttpError.option(f"collectors[{one.name}].keys", "a key", "none")
        self._limits = Limits(params["count"], params["slow"], params["clock_offset"])
        self._session, self._params, self._collectors = session, params, collectors
        self._answered: list[Collector] = []  # they have accepted all pings
        self._gate = Gate()

    def check(self, until: float) -> list[Check]:
        """Send the pings, and follow those that were answered.

        Args:
            until: When the time is over, by the monotonic clock.
        """

        def left() -> float:
            return max(until - time.monotonic(), 0.1)

        begun = time.monotonic()
        probes = [
            probe
            for one in self._collectors
            for probe in ping_probes(self._session, one, self._limits)
        ]
        checks = run_side_by_side(probes, left())
        well = {check.subject for check in checks if (check.name, check.status) == ("ping", "pass")}
        self._answered = [one for one in self._collectors if one.name in well]
        pinged = time.monotonic()
        wait = min(pinged + self._params["wait"], until - 1)
        took = pinged - begun
        effects = arrival_probes(
            self._session, self._params, self._answered, took, wait, self._gate
        )
        return checks + run_side_by_side(effects, left())

    def forget(self, seconds: float) -> list[Check]:
        """Remove the pings within so many seconds, also if `check` was stopped."""
        self._gate.close()
        return forget_pings(self._session, self._params, self._collectors, self._answered, seconds)


def check_pings(session: Session, params: Mapping[str, Any], until: float) -> list[Check]:
    """Run all checks of ping_check.

    Args:
        params: The options of the module.
        until: When the time is over, by the monotonic clock.

    Raises:
        HttpError: `http.option`. Every other failure is a check.
    """
    pings = Pings(session, params, [Collector.of(one) for one in params["collectors"]])
    # What is sent must be removed within the deadline, too.
    kept = min(PUSH, params["deadline"] / 4) if params["forget"] else 0.0
    checks = pings.check(until - kept)
    return [*checks, *pings.forget(max(until - time.monotonic(), 0.1))]
