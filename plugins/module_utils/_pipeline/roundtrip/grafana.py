# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query a data source through Grafana by its uid, as a dashboard does."""

from __future__ import annotations

from collections.abc import Mapping

from ..._grafana.client import RESULTS, Grafana, columns_of
from ..._http.session import HttpError, excerpt


def has_value(grafana: Grafana, headers: Mapping[str, str], uid: str, expression: str) -> bool:
    """Return whether a data source has a value for an expression now.

    Source: Grafana HTTP API, POST /api/ds/query.

    Args:
        headers: Credentials for Grafana.
        uid: Uid of the data source.
        expression: PromQL.

    Raises:
        HttpError: The request failed; `http.grafana_source` if the data source does not work,
            `http.grafana_source_unknown` if Grafana has none with this uid.
    """
    query = {
        "refId": "A",
        "datasource": {"uid": uid},
        "expr": expression,
        "instant": True,
        "range": False,
        # 9.3 rounds the moment down to a step, of 15 s unless a shorter one is asked for.
        "interval": "1s",
        "intervalMs": 1000,
        "maxDataPoints": 100,
    }
    body = {"from": "now-1m", "to": "now", "queries": [query]}
    answer = grafana.ask(
        "POST", "/api/ds/query", body, expected=None, headers=headers, only_reads=True
    )
    message = answer.json({**RESULTS, "messageId?": str})
    result = (message.get("results") or {}).get("A") or {}
    subject = f"query through data source {uid}"
    if result.get("error") or str(message.get("messageId", "")).startswith("plugin."):
        seen = excerpt(str(result.get("error") or f"{answer.status} {answer.text}"))
        raise HttpError("http.grafana_source", subject, "a result", seen)
    if answer.status == 404 and "ource not found" in answer.text:
        seen = f"404 {excerpt(answer.text)}"
        raise HttpError("http.grafana_source_unknown", subject, "a result", seen, uid=uid)
    if answer.status not in (200, 207):
        raise HttpError.status_of(answer, (200,))
    return any(
        value is not None
        for frame in result.get("frames") or ()
        for field, values in columns_of(frame)
        if field.get("type") != "time"
        for value in values
    )
