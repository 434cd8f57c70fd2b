# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read from VictoriaMetrics, and delete series.

API: https://docs.victoriametrics.com/single-server-victoriametrics/
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from .._http.session import Session, check_url
from .prometheus import Series, read_series

# A line of an export: a series, whose end is a null, or NaN in some versions (1.79).
EXPORTED = {"metric": {str: str}, "values": [(float, str, None)], "timestamps": [float]}


def uncached(selector: str) -> str:
    """Return the same selector in a form that no other request has used.

    VictoriaMetrics remembers for ten seconds which series a selector matches, also if none does.
    """
    return f'{selector[:-1]},look!="{secrets.token_hex(4)}"}}'


def export(
    session: Session,
    url: str,
    selector: str,
    seconds: float,
    headers: Mapping[str, str],
    start: float | None = None,
) -> list[Series]:
    """Return the newest value of each series in VictoriaMetrics.

    Series that went stale, which end with a null or NaN, are not in it.

    Source: VictoriaMetrics, GET /api/v1/export, because queries hide samples younger than
    `-search.latencyOffset`.

    Args:
        selector: A selector in braces.
        seconds: How far back.
        start: Read `seconds` from this Unix time on instead.

    Raises:
        HttpError: The request failed, or its answer is not an export (`http.not_json`).
    """
    selector = uncached(selector)
    address = f"{check_url(url, 'victoriametrics_url')}/api/v1/export"
    params = {"match[]": selector, "start": f"-{seconds:g}s"}
    if start is not None:
        params.update(start=f"{start:.3f}", end=f"{start + seconds:.3f}")
    response = session.get(address, params=params, headers=headers)

    def make(lines: Any) -> list[Series]:
        newest = [(each["metric"], each["values"][-1], each["timestamps"][-1]) for each in lines]
        return [read_series(m, value, at / 1000) for m, value, at in newest if value is not None]

    return response.read(make, "VictoriaMetrics's export", EXPORTED, lines=True)


def delete_series(session: Session, url: str, selector: str, headers: Mapping[str, str]) -> None:
    """Delete the series that match `selector` in VictoriaMetrics, with all their samples.

    Source: VictoriaMetrics, POST /api/v1/admin/tsdb/delete_series.
    """
    address = f"{check_url(url, 'victoriametrics_url')}/api/v1/admin/tsdb/delete_series"
    params = {"match[]": selector}
    session.request("POST", address, params=params, headers=headers, expected=(200, 204))
