# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the store that Prometheus writes to: VictoriaMetrics, or any that answers PromQL.

Only VictoriaMetrics shows what it has just got (its export) and deletes series.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._http.session import Session, authorization, check_url
from .prometheus import Series, read_series
from .victoriametrics import delete_series, export

OPTION = "victoriametrics_url"
# The answer to a range selector: the samples of each series, none of which marks its end.
RANGES = {"data": {"result": [{"metric": {str: str}, "values": [[(float, str)]]}]}}


def takes_promql_only(options: Mapping[str, Any]) -> bool:
    """Return whether the store is none of VictoriaMetrics' own kind."""
    return options.get("kind") == "prometheus"


def newest(
    session: Session,
    options: Mapping[str, Any],
    selector: str,
    seconds: float,
    start: float | None = None,
) -> list[Series]:
    """Return the newest value of each series, with its time.

    Source: VictoriaMetrics, GET /api/v1/export; others, GET /api/v1/query with a range selector.

    Args:
        options: The option `victoriametrics`.
        selector: A selector in braces.
        seconds: How far back.
        start: Read `seconds` from this Unix time on instead.

    Raises:
        HttpError: The request failed, or its answer has another shape (`http.not_json`).
    """
    headers = authorization(options)
    if not takes_promql_only(options):
        return export(session, options["url"], selector, seconds, headers, start)
    params = {"query": f"{selector}[{seconds * 1000:.0f}ms]"}
    if start is not None:
        params["time"] = f"{start + seconds:.3f}"
    address = f"{check_url(options['url'], OPTION)}/api/v1/query"

    def make(answer: Any) -> list[Series]:
        found = ((each["metric"], each["values"][-1]) for each in answer["data"]["result"])
        return [read_series(metric, value, float(at)) for metric, (at, value) in found]

    response = session.get(address, params=params, headers=headers)
    return response.read(make, "a range of values", RANGES)


def forget(session: Session, options: Mapping[str, Any], selector: str) -> None:
    """Delete series of VictoriaMetrics with all their samples.

    Args:
        options: The option `victoriametrics`; in its cluster deletions have a URL of their own.
    """
    url = options.get("delete_url") or options["url"]
    delete_series(session, url, selector, authorization(options))
