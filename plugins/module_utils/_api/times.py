# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as the services write them."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

UNITS = {"y": 31536000, "w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
DURATION = re.compile(r"^(?:\d+(?:ms|[ywdhms]))+$")

TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)")


def seconds(value: str) -> float | None:
    """Return the seconds of a duration in Prometheus's notation; None for any other text."""
    if value == "0":
        return 0.0
    if not DURATION.match(value):
        return None
    return sum(int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)(ms|[ywdhms])", value))


def unix_time(text: Any) -> float | None:
    """Return the Unix time of an ISO 8601 time in UTC; None for anything else."""
    found = TIME.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    try:
        whole = datetime.fromisoformat(found.group(1)).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:  # the 99th of a month
        return None
    return whole + float(f"0.{found.group(2) or 0}")
