# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alertmanager's time intervals: whether a route's leave a moment at which it tells somebody.

Source: https://prometheus.io/docs/alerting/latest/configuration/#time_interval.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from .unread import UnreadableError

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = ("", *(name.lower() for name in calendar.month_name[1:]))
# What is asked: each of these moments of the coming time. A gap that lies between two, as the one
# after 23:59, is none: a group of alerts is looked at every few minutes only.
STEP, COMING = 900, 30 * 86400  # seconds
Interval = Mapping[str, Any]


class Intervals:
    """The named time intervals of a configuration.

    Args:
        config: Alertmanager's configuration; all its values are texts.
        now: Unix time.
    """

    def __init__(self, config: Mapping[str, Any], now: float) -> None:
        self._named: dict[str, Sequence[Interval]] = {
            str(each.get("name")): [one or {} for one in each.get("time_intervals") or ()]
            for key in ("time_intervals", "mute_time_intervals")
            for each in config.get(key) or ()
        }
        first = int(now) // STEP * STEP
        self._moments = range(first, first + COMING, STEP)
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}

    def hide(self, muted: tuple[str, ...], active: tuple[str, ...]) -> bool:
        """Return whether a route with these intervals tells nobody for as long as is asked.

        Args:
            muted: Its `mute_time_intervals`.
            active: Its `active_time_intervals`.

        Raises:
            UnreadableError: An interval has something that is not understood here.
        """
        if not muted and not active:
            return False
        asked = muted, active
        if asked not in self._known:
            self._known[asked] = all(
                self._any(muted, at) or bool(active and not self._any(active, at))
                for at in self._moments
            )
        return self._known[asked]

    def _any(self, names: Iterable[str], at: int) -> bool:
        return any(_contains(each, at) for name in names for each in self._named.get(name, ()))


def _contains(interval: Interval, at: int) -> bool:
    try:
        local = datetime.fromtimestamp(at, _zone(interval.get("location")))
        minute = local.hour * 60 + local.minute
        last = calendar.monthrange(local.year, local.month)[1]
        return (
            _within(interval.get("times"), lambda one: _minutes(one, minute))
            and _within(
                interval.get("days_of_month"),
                lambda one: _range(one, local.day, lambda day: _day(int(day), last)),
            )
            and _within(
                interval.get("months"),
                lambda one: _range(one, local.month, lambda month: _number(month, MONTHS)),
            )
            and _within(
                interval.get("weekdays"),
                lambda one: _range(one, local.isoweekday() % 7, lambda day: _number(day, DAYS)),
            )
            and _within(interval.get("years"), lambda one: _range(one, local.year, int))
        )
    except (ValueError, LookupError, TypeError, OSError) as error:
        raise UnreadableError(str(dict(interval))) from error


def _zone(name: Any) -> tzinfo:
    """Raises LookupError for a zone that is not known here, as `Local`, which is the server's."""
    return ZoneInfo(str(name)) if name and name != "UTC" else timezone.utc


def _within(entries: Any, fits: Any) -> bool:
    return not entries or any(fits(each) for each in entries)


def _minutes(times: Mapping[str, str], minute: int) -> bool:
    first, last = (_of_day(times[name]) for name in ("start_time", "end_time"))
    return first <= minute < last


def _of_day(printed: str) -> int:
    hours, _colon, minutes = printed.partition(":")
    return int(hours) * 60 + int(minutes)


def _range(printed: Any, value: int, number: Any) -> bool:
    first, colon, last = str(printed).partition(":")
    return bool(number(first) <= value <= number(last if colon else first))


def _number(printed: str, names: Sequence[str]) -> int:
    return int(printed) if printed.isdecimal() else names.index(printed.lower())


def _day(number: int, last: int) -> int:
    """Return a day of a month; negative ones count from its end."""
    return min(number, last) if number > 0 else max(last + number + 1, 1)
