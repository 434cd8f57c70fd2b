# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One JSON object per line on stdout. Callers add fields with ``extra={"data": {...}}``."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TextIO

BURST = 50
REFILL_SECONDS = 5.0
TELL_SECONDS = 60.0


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a newline."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


class Limited(logging.StreamHandler[TextIO]):
    """Writes a burst of records of one kind, and then one now and then; the others it counts.

    A kind is a place in the code: whatever a client sends, there are no more of them. Once per
    minute at most, a record says how many were suppressed.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self.setFormatter(JsonFormatter())
        # Called for each record that is suppressed.
        self.counted: Callable[[], object] = lambda: None
        self._clock = clock
        self._tokens: dict[tuple[str, int], tuple[float, float]] = {}
        self._suppressed: Counter[str] = Counter()
        self._told_at = clock()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it."""
        now = self._clock()
        kind = (record.pathname, record.lineno)
        tokens, then = self._tokens.get(kind, (float(BURST), now))
        tokens = min(BURST, tokens + (now - then) / REFILL_SECONDS)
        self._tokens[kind] = (tokens - 1 if tokens >= 1 else tokens, now)
        if tokens >= 1:
            super().emit(record)
        else:
            self._suppressed[record.name] += 1
            self.counted()
        self.tell()

    def tell(self, last: bool = False) -> None:
        """Say how many records were suppressed, unless that was said within the last minute."""
        with self.lock or nullcontext():
            now = self._clock()
            if not self._suppressed or (now - self._told_at < TELL_SECONDS and not last):
                return
            self._told_at = now
            count = self._suppressed.total()
            arguments = (__name__, logging.WARNING, __file__, 0, "%d records suppressed", (count,))
            record = logging.LogRecord(*arguments, None)
            record.data = {"suppressed": count, "loggers": dict(self._suppressed)}
            self._suppressed.clear()
            super().emit(record)


def configure(level: str) -> Limited:
    """Send everything, the libraries' messages too, to stdout at ``level``."""
    handler = Limited(sys.stdout)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Per-connection messages of the HTTP server: ours say what matters.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    return handler
