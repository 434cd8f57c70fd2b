# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a policy tree and a mute timing may say, and the form in which they are kept."""

from __future__ import annotations

import re
from typing import Any

from . import durations
from .answers import bad_request

MATCHER = re.compile(r'^\s*([a-zA-Z_:][\w:]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*))\s*$')
WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]


def _matcher(name: Any, kind: Any, value: Any) -> tuple[str, str, str]:
    if kind not in ("=", "!=", "=~", "!~") or not name or not isinstance(value, str):
        raise bad_request()
    if kind.endswith("~"):
        try:
            re.compile(value)
        except re.error:
            raise bad_request() from None
    return name, kind, value


def _written(text: str) -> tuple[str, str, str]:
    match = MATCHER.match(text)
    if not match:
        raise bad_request()
    return _matcher(match[1], match[2], match[4] if match[3] is None else match[3])


def _matchers(body: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {key: body[key] for key in ("match", "match_re") if body.get(key)}
    if body.get("matchers"):
        found = sorted(_written(text) for text in body["matchers"])
        result["matchers"] = [f'{name}{kind}"{value}"' for name, kind, value in found]
    if body.get("object_matchers"):
        if any(len(one) != 3 for one in body["object_matchers"]):
            raise bad_request()
        result["object_matchers"] = [
            list(one) for one in sorted(_matcher(*each) for each in body["object_matchers"])
        ]
    return result


def route(body: Any, root: bool = False) -> dict[str, Any]:
    """A route as it is kept; what is empty is left out, matchers are sorted."""
    if not isinstance(body, dict):
        raise bad_request()
    if root and (
        not body.get("receiver")
        or any(body.get(key) for key in ("match", "match_re", "mute_time_intervals"))
    ):
        raise bad_request()
    result: dict[str, Any] = {"receiver": body["receiver"]} if body.get("receiver") else {}
    labels = body.get("group_by") or []
    if len(set(labels)) < len(labels) or ("..." in labels and len(labels) > 1):
        raise bad_request()
    result |= {"group_by": labels} if labels else {}
    result |= _matchers(body)
    if body.get("mute_time_intervals"):
        result["mute_time_intervals"] = body["mute_time_intervals"]
    if body.get("continue"):
        result["continue"] = True
    for key in ("group_wait", "group_interval", "repeat_interval"):
        if body.get(key) is None:
            continue
        try:
            amount = durations.seconds(str(body[key]))
        except ValueError:
            raise bad_request() from None
        if not amount and key != "group_wait":
            raise bad_request()
        result[key] = durations.text(amount)
    if body.get("routes"):
        result["routes"] = [route(child) for child in body["routes"]]
    return result


def receivers(tree: dict[str, Any]) -> list[str]:
    """The names of contact points in a tree; a route without one names the empty one."""
    below = [name for child in tree.get("routes", []) for name in receivers(child)]
    return [tree.get("receiver", ""), *below]


def timings(tree: dict[str, Any]) -> list[str]:
    """The names of mute timings in a tree."""
    below = [name for child in tree.get("routes", []) for name in timings(child)]
    return [*tree.get("mute_time_intervals", []), *below]


def _minutes(text: Any) -> int:
    match = re.fullmatch(r"(\d\d):(\d\d)", str(text))
    if not match or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 1440:
        raise bad_request()
    return int(match[1]) * 60 + int(match[2])


def _ends(text: str, names: list[str]) -> list[str]:
    ends = text.lower().split(":")
    if len(ends) > 2 or not all(end in names for end in ends):
        raise bad_request()
    return ends


def _month(text: str) -> str:
    """Months are kept as numbers, and the numbers are not looked at."""
    numbers = [
        str(MONTHS.index(one) + 1) if one in MONTHS else one for one in text.lower().split(":")
    ]
    if not all(number.isdigit() for number in numbers):
        raise bad_request()
    return ":".join(numbers)


def _day(text: str) -> str:
    for end in text.split(":"):
        if not re.fullmatch(r"-?\d+", end) or not 1 <= abs(int(end)) <= 31:
            raise bad_request()
    return text


def mute_timing(body: dict[str, Any]) -> dict[str, Any]:
    """A mute timing as it is kept."""
    if not body.get("name"):
        raise bad_request()
    kept = []
    for given in body.get("time_intervals") or []:
        interval: dict[str, Any] = {}
        for times in given.get("times") or []:
            if _minutes(times.get("start_time")) >= _minutes(times.get("end_time")):
                raise bad_request()
            one = {"start_time": times["start_time"], "end_time": times["end_time"]}
            interval.setdefault("times", []).append(one)
        if given.get("weekdays"):
            interval["weekdays"] = [":".join(_ends(one, WEEKDAYS)) for one in given["weekdays"]]
        if given.get("days_of_month"):
            interval["days_of_month"] = [_day(str(one)) for one in given["days_of_month"]]
        if given.get("months"):
            interval["months"] = [_month(str(one)) for one in given["months"]]
        if given.get("years"):
            interval["years"] = [str(one) for one in given["years"]]
        if given.get("location"):
            interval["location"] = given["location"]
        kept.append(interval)
    return {"name": body["name"], "time_intervals": kept}
