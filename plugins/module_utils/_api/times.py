# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as the services write them."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)")


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
