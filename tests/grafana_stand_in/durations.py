# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations, as Prometheus writes them, and the times that a query asks for."""

from __future__ import annotations

import re
import time

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
PART = re.compile(r"(\d+)(ms|[smhdwy])")


def seconds(text: str) -> float:
    """``1m30s`` as seconds; ValueError when it is not a duration."""
    if text == "0":
        return 0
    parts = PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(text)
    return sum(int(number) * UNITS[unit] for number, unit in parts)


def text(amount: float) -> str:
    """Seconds in the form that is given back: ``90`` is ``1m30s``."""
    left, result = round(amount * 1000), ""
    for unit in ("w", "d", "h", "m", "s", "ms"):
        size = round(UNITS[unit] * 1000)
        # Weeks and days only stand alone.
        if unit in ("w", "d") and left % size:
            continue
        number, left = divmod(left, size)
        result += f"{number}{unit}" if number else ""
    return result or "0s"


def go_text(amount: int) -> str:
    """Seconds as Go writes them, down to the seconds: ``60`` is ``1m0s``."""
    minutes, left = divmod(amount, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{left}s"
    return f"{minutes}m{left}s" if minutes else f"{left}s"


def moment(given: str) -> float:
    """``now-5m`` or milliseconds, as seconds since the epoch."""
    if given.isdigit():
        return int(given) / 1000
    match = re.fullmatch(r"now(?:-(\w+))?", given)
    if not match:
        raise ValueError(given)
    return time.time() - (seconds(match[1]) if match[1] else 0)
