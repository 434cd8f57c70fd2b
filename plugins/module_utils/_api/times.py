# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as the services write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
DURATION = re.compile(r"(\d+)(ms|[smhdwy])")
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")

SIDES = ("start_time", "end_time")
SPANS = ("days_of_month", "months")


def seconds_of(printed: str) -> float:
    """Return the seconds of a duration as Prometheus and Alertmanager print it, such as 1m30s."""
    return sum(float(number) * UNITS[unit] for number, unit in DURATION.findall(printed))


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


def interval_of(interval: Any) -> Any:
    """Return an interval of Alertmanager or Grafana as it was written.

    To Ansible's YAML, 1.1, 22:00 without quotes is 1320, and the days 1:5 are 65: counts of
    sixties. To the servers' YAML they are texts.
    """
    if not isinstance(interval, Mapping):
        return interval
    found = dict(interval)
    for key in SPANS:
        if isinstance(found.get(key), list):
            found[key] = [_sixties(one, 60, "{}:{}") for one in found[key]]
    if isinstance(found.get("times"), list):
        found["times"] = [_range_of(one) for one in found["times"]]
    return found


def _range_of(times: Any) -> Any:
    if not isinstance(times, Mapping):
        return times
    return {
        key: _sixties(value, 0, "{:02}:{:02}") if key in SIDES else value
        for key, value in times.items()
    }


def _sixties(value: Any, least: int, form: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        return value
    return form.format(*divmod(value, 60))
