# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to send after failures: backoff with jitter, a circuit breaker, and what a server asks for.

Times are of the monotonic clock, in seconds.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_LONGEST_BACKOFF = 30.0
_SHORTEST_WAIT = 1.0


class Circuit:
    """After ``limit`` failures in a row it is open for ``seconds``; then one ping may try."""

    def __init__(
        self, limit: int, seconds: float, jitter: Callable[[], float] = random.random
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._jitter = jitter
        self.failures = 0
        self.send_at = 0.0
        """Until then nothing is sent."""
        self.retry_at = 0.0
        """Until then nothing is sent again; a new ping may be."""

    @property
    def open(self) -> bool:
        """Whether it holds pings back: until one has been answered."""
        return self.failures >= self._limit

    def succeeded(self) -> None:
        """A ping was answered."""
        self.failures = 0
        self.send_at = self.retry_at = 0.0

    def failed(self, now: float) -> None:
        """No answer, or one that says that it cannot be done now."""
        self.failures += 1
        backoff = min(2.0 ** min(self.failures - 1, 10), _LONGEST_BACKOFF)
        self.retry_at = now + backoff * (0.5 + self._jitter() / 2)
        if self.open:
            self.send_at = now + self._seconds

    def asked_to_wait(self, now: float, seconds: float) -> None:
        """The server says when it wants the next one; an answer of "at once" is not believed."""
        self.send_at = max(self.send_at, now + max(seconds, _SHORTEST_WAIT))
