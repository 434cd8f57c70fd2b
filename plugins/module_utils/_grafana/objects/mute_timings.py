# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mute timings. They carry no mark, so none is ever deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ..._api.times import SIDES, interval_of
from ..client import Grafana
from ..kind import Kind, Task
from ..options import list_of, required
from ..problems import Sentences, twice
from ..provisioning import Object, ensure, read_named, request

problem = Sentences(
    timing_clock="{clock!r} is not a time of day such as 06:30",
)

CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LISTED = ("months", "weekdays", "days_of_month", "years")
LIST = "mute-timings"


def read(grafana: Grafana) -> dict[str, Object]:
    """Return the mute timings of the server by name.

    Source: Grafana HTTP API, GET /api/v1/provisioning/mute-timings.
    """
    return read_named(grafana, LIST)


def there(task: Task) -> set[str]:
    """Return the names of the mute timings after this run."""
    return {*task.state.of(read), *(str(timing["name"]) for timing in task.given("mute_timings"))}


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, [], {}, "")}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


def normal(timing: Object) -> dict[str, Any]:
    """Return a mute timing without what the server adds."""
    intervals = _without_empty(timing["time_intervals"])
    return {
        "name": timing["name"],
        "time_intervals": [_as_kept(interval_of(one)) for one in intervals],
    }


def _as_kept(interval: Any) -> Any:
    """Return an interval as the server keeps it: names in lower case, months as numbers."""
    if not isinstance(interval, Mapping):
        return interval
    kept = {
        key: [str(one).strip().lower() for one in value]
        if key in LISTED and isinstance(value, list)
        else value
        for key, value in interval.items()
    }
    for key in LISTED:
        if isinstance(kept.get(key), list):
            kept[key] = [_range(key, text) for text in kept[key]]
    return kept


def _clocks(times: Any) -> Iterator[str]:
    """Yield the times of day; whatever is not a list of ranges, as it is."""
    if not isinstance(times, list):
        yield str(times)
        return
    for one in times:
        if isinstance(one, Mapping):
            yield from (str(one.get(side)) for side in SIDES)
        else:
            yield str(one)


def _range(key: str, text: str) -> str:
    ends = [end.strip() for end in text.split(":")]
    if key == "months":
        ends = [str(MONTHS.index(end) + 1) if end in MONTHS else end for end in ends]
    # The server keeps a range of one as that one.
    return ends[0] if len(set(ends)) == 1 else ":".join(ends)


def plan(task: Task) -> None:
    """Compare the mute timings."""
    wanted, existing = task.given("mute_timings"), task.state.of(read)
    task.plan.problems += twice("mute_timings", "name", (timing["name"] for timing in wanted))
    for timing in wanted:
        name = str(timing["name"])
        key, what, held = ("mute_timings", name), f"mute timing {name}", existing.get(name)
        wrong = [
            clock
            for interval in timing["time_intervals"]
            for clock in _clocks(interval_of(interval).get("times") or [])
            if not CLOCK.fullmatch(clock)
        ]
        task.plan.doubt([key], [problem("timing_clock", what, clock=clock) for clock in wrong])
        after = normal(timing)
        before = normal(held) if held else None
        method, path = ("PUT", (LIST, name)) if held else ("POST", (LIST,))
        write = partial(request, task.grafana, method, path, after)
        ensure(task, key, what, held, before, after, write, told=False)


def export(task: Task) -> list[dict[str, Any]]:
    """Return all mute timings of the server."""
    return [normal(timing) for _name, timing in sorted(task.state.of(read).items())]


KIND = Kind(
    name="mute_timings",
    option=list_of(
        name=required(),
        time_intervals={"type": "list", "elements": "dict", "required": True},
    ),
    reads=(read,),
    plan=plan,
    export=export,
)
