# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as the services write them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


def unix_time(text: Any) -> float | None:
    """Return the Unix time of an ISO 8601 time with its zone; None for anything else."""
    found = TIME.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    try:
        # Before Python 3.11 fromisoformat does not know Z.
        zone = "+00:00" if found[3] == "Z" else found[3]
        whole = datetime.fromisoformat(found[1] + zone).timestamp()
    except ValueError:  # the 99th of a month
        return None
    return whole + float(f"0.{found[2] or 0}")
