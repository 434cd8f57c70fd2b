# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write to Loki, and read lines.

API: https://grafana.com/docs/loki/latest/reference/loki-http-api/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._http.session import Session, authorization, check_url

NANO = 1_000_000_000
STREAMS = {"data": {"result": [{"stream": {str: str}, "values": [[(str, dict)]]}]}}


@dataclass(frozen=True)
class Line:
    """A line of a stream; `at` is a Unix time."""

    labels: Mapping[str, str]
    at: float
    text: str


def selector(labels: Mapping[str, str]) -> str:
    """Return the selector of the streams that have these labels."""
    inside = ", ".join(f"{name}={json.dumps(value)}" for name, value in labels.items())
    return f"{{{inside}}}"


def _headers(options: Mapping[str, Any]) -> dict[str, str]:
    tenant = options.get("tenant")
    return {**authorization(options), **({"X-Scope-OrgID": tenant} if tenant else {})}


def push_line(
    session: Session, options: Mapping[str, Any], labels: Mapping[str, str], at: float, text: str
) -> None:
    """Push one line.

    Source: Loki, POST /loki/api/v1/push.

    Args:
        options: The option `loki`.
        at: Its Unix time.

    Raises:
        HttpError: It was not taken.
    """
    stream = {"stream": dict(labels), "values": [[str(int(at * NANO)), text]]}
    session.request(
        "POST",
        f"{check_url(options['url'], 'loki_url')}/loki/api/v1/push",
        data=json.dumps({"streams": [stream]}).encode(),
        headers={**_headers(options), "Content-Type": "application/json"},
        expected=(200, 204),
    )


def read_lines(
    session: Session, options: Mapping[str, Any], query: str, start: float, end: float
) -> list[Line]:
    """Return the newest lines of a query, at most a hundred, the newest first.

    Source: Loki, GET /loki/api/v1/query_range.

    Args:
        options: The option `loki`.
        start: Unix time of the oldest.
        end: Unix time of the newest.

    Raises:
        HttpError: The request failed, or its answer has another shape (`http.not_json`).
    """
    address = f"{check_url(options['url'], 'loki_url')}/loki/api/v1/query_range"
    params = {
        "query": query,
        "start": f"{start:.3f}",
        "end": f"{end:.3f}",
        "limit": "100",
        "direction": "backward",
    }
    response = session.get(address, params=params, headers=_headers(options))

    def make(answer: Any) -> list[Line]:
        found = [
            Line(each["stream"], int(value[0]) / NANO, value[1])
            for each in answer["data"]["result"]
            for value in each["values"]
        ]
        return sorted(found, key=lambda line: -line.at)

    return response.read(make, "lines of logs", STREAMS)
