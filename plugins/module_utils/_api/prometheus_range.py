# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run several range queries in parallel on Prometheus."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._failure import Failure, fail
from .._http.session import HttpError, Session, check_url, excerpt, session_for
from .._signals import take_none

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

MOST_POINTS = 11000  # of a series: Prometheus refuses more


@dataclass(frozen=True)
class Window:
    """The time range of a query. Unix times; `step` is in seconds."""

    start: int
    end: int
    step: int

    @classmethod
    def of(cls, hours: float, points: int, now: float) -> Window:
        """Return the window of the last `hours`, with at most `points` points.

        Raises:
            HttpError: `http.option`.
        """
        if not 0 < hours <= 24 * 366:
            raise HttpError.option("hours", "more than 0, at most 8784 (a year)", f"{hours:g}")
        if not 2 <= points <= MOST_POINTS:
            raise HttpError.option("points", f"2 to {MOST_POINTS}", str(points))
        step = max(math.ceil(hours * 3600 / points), 1)
        # The same steps whenever it is asked, so that two reports have points in common.
        end = int(now) // step * step
        return cls(end - max(int(hours * 3600 / step) - 1, 1) * step, end, step)


def finite(samples: Sequence[Sequence[Any]]) -> list[list[float]]:
    """Return the samples that are numbers, not NaN (a quantile of nothing) or infinity."""
    points = ((int(at), float(value)) for at, value in samples)
    # Ten digits are enough for seconds since the epoch, and spare 0.003199999999999999.
    return [[at, float(f"{value:.10g}")] for at, value in points if math.isfinite(value)]


def ask(
    session: Session, url: str, expression: str, window: Window
) -> list[tuple[dict[str, str], list[list[float]]]]:
    """Return labels and points (Unix time, value) of each series of an expression.

    Source: Prometheus HTTP API, GET /api/v1/query_range.

    Raises:
        HttpError: `http.query`: Prometheus refuses the expression; or the request failed.
    """
    address = f"{url}/api/v1/query_range"
    params = {
        "query": expression,
        "start": str(window.start),
        "end": str(window.end),
        "step": str(window.step),
    }
    response = session.get(address, params=params, expected=(200, 400, 422))
    answer = response.json()
    if isinstance(answer, dict) and answer.get("status") == "error":
        seen = excerpt(str(answer.get("error")))
        wanted = "an expression of PromQL"
        raise HttpError("http.query", "query", wanted, seen, query=excerpt(expression))
    shape = {"data": {"result": [{"metric": {str: str}, "values": [[(float, str)]]}]}}

    def make(answer: Any) -> list[tuple[dict[str, str], list[list[float]]]]:
        return [(item["metric"], finite(item["values"])) for item in answer["data"]["result"]]

    return response.read(make, "a range of values", shape)


def answer_of(
    session: Session, url: str, query: Mapping[str, Any], window: Window, limit: int
) -> dict[str, Any]:
    """Return an entry of the module's result `series`: the answer, or why there is none.

    Args:
        query: An element of the option `queries`.
        limit: How many series at most.
    """
    entry: dict[str, Any] = {
        "name": query["name"],
        "unit": query["unit"],
        "start": window.start,
        "end": window.end,
        "step": window.step,
        "series": [],
        "left_out": 0,
        "error": "",
        "code": "",
    }
    try:
        found = ask(session, url, query["query"], window)
    except HttpError as error:
        return {**entry, "error": str(error), "code": error.code}
    found.sort(key=lambda item: sorted(item[0].items()))
    entry["left_out"] = max(len(found) - limit, 0)
    entry["series"] = [{"labels": labels, "points": points} for labels, points in found[:limit]]
    return entry


def run_range_info(module: AnsibleModule) -> None:
    """Run the module `prometheus_range_info`; it fails if no query was answered."""
    session = session_for(module)
    try:
        url = check_url(module.params["url"])
        window = Window.of(module.params["hours"], module.params["points"], time.time())
        if module.params["limit"] < 1:
            raise HttpError.option("limit", "1 or more", str(module.params["limit"]))
    except HttpError as error:
        fail(module, error)
    with session, ThreadPoolExecutor(max_workers=8, initializer=take_none) as pool:
        series = list(
            pool.map(
                lambda query: answer_of(session, url, query, window, module.params["limit"]),
                module.params["queries"],
            )
        )
    if series and all(entry["error"] for entry in series):
        texts = " | ".join(f"{entry['name']}: {entry['error']}" for entry in series)
        message = f"none of {len(series)} queries was answered. {texts}"
        fail(module, Failure("query.none_answered", message), series=series)
    module.exit_json(changed=False, series=series)
