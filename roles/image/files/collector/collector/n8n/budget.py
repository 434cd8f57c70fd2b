# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run may take of n8n, and what it has taken."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from collector.n8n.settings import RunLimits


class RunError(Exception):
    """The run fails. ``error_type`` is its label, the message names the likely cause."""

    def __init__(self, error_type: str, message: str) -> None:
        self.error_type = error_type
        super().__init__(message)


class CappedError(Exception):
    """A cap is reached: the run ends here, and the next one goes on."""


class Budget:
    """Requests and seconds that are left, the caps that were reached, the errors by type."""

    def __init__(
        self,
        limits: RunLimits,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits
        self.requests = 0
        self.capped: set[str] = set()
        self.errors: Counter[str] = Counter()
        self.failed = False
        self.not_before = 0.0
        self._clock = clock
        self._sleep = sleep
        self._started = clock()

    @property
    def spent(self) -> float:
        """Seconds since the run began."""
        return self._clock() - self._started

    @property
    def left(self) -> float:
        """Seconds until the run has to end."""
        return self.limits.seconds - self.spent

    def cap(self, name: str) -> CappedError:
        """Note that a cap was reached; the error to raise if the run ends with it."""
        self.capped.add(name)
        return CappedError(name)

    def take_request(self, pause: float) -> None:
        """Count a request, after a pause of so many seconds. CappedError when none is left."""
        if self.requests >= self.limits.requests:
            raise self.cap("requests")
        if self.left <= pause:
            raise self.cap("seconds")
        if self.requests:
            self._sleep(pause)
        self.requests += 1

    def wait(self, seconds: float) -> bool:
        """Sleep so long before the next attempt; False, and no sleep, when the run ends before."""
        if seconds >= self.left:
            return False
        self._sleep(seconds)
        return True
