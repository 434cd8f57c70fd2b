# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read from Prometheus.

API: https://prometheus.io/docs/prometheus/latest/querying/api/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._http.session import HttpError, Session, check_url, excerpt


@dataclass(frozen=True)
class Series:
    """A series and its newest value. `labels` is without `__name__`. `at`: the Unix time of the
    value, where it was read with it."""

    name: str
    labels: Mapping[str, str]
    value: float
    at: float = 0.0

    @property
    def path(self) -> tuple[str, str]:
        """Job and instance: the way by which the series came."""
        return self.labels.get("job", ""), self.labels.get("instance", "")


@dataclass(frozen=True)
class Target:
    """A scrape target of Prometheus."""

    job: str
    instance: str
    url: str
    health: str  # up, down, unknown
    error: str
    last_scrape: str  # RFC 3339


def matcher(label: str, values: Iterable[str], operator: str = "=~") -> str:
    """A matcher for any of `values`, taken literally."""
    pattern = "|".join(sorted({re.escape(value) for value in values}))
    return f"{label}{operator}{json.dumps(pattern)}"


class PrometheusApi:
    """Prometheus's HTTP API at `url`. All methods raise HttpError."""

    def __init__(self, session: Session, url: str, headers: Mapping[str, str]) -> None:
        self._session = session
        self._url = check_url(url, "prometheus_url")
        self._headers = headers

    def _data(self, path: str, kind: type, key: str, **params: str) -> Any:
        url = self._url + path
        response = self._session.get(url, params=params or None, headers=self._headers)
        answer = response.json()
        data = answer.get("data") if isinstance(answer, dict) else None
        value = data.get(key) if isinstance(data, dict) else None
        if not isinstance(value, kind):
            expected = f"Prometheus's answer with {key}"
            raise HttpError.of("not_json", "GET", url, expected, excerpt(response.text))
        return value

    def query(self, expression: str) -> list[Series]:
        """An instant query; series that went stale are not in it."""
        found = self._data("/api/v1/query", list, "result", query=expression)
        return [read_series(item["metric"], item["value"][1]) for item in found]

    def query_values(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """An instant query, the labels as they are."""
        found = self._data("/api/v1/query", list, "result", query=expression)
        return [(item["metric"], float(item["value"][1])) for item in found]

    def rules(self) -> list[dict[str, Any]]:
        """All loaded rules, of all groups, each with the name of its `group`."""
        groups = self._data("/api/v1/rules", list, "groups")
        return [{**rule, "group": group["name"]} for group in groups for rule in group["rules"]]

    def targets(self) -> list[Target]:
        """The active scrape targets."""
        return [
            Target(
                item["labels"].get("job", item.get("scrapePool", "")),
                item["labels"].get("instance", ""),
                item["scrapeUrl"],
                item["health"],
                item["lastError"],
                item["lastScrape"],
            )
            for item in self._data("/api/v1/targets", list, "activeTargets", state="active")
        ]


def read_series(metric: Mapping[str, str], value: Any, at: float = 0.0) -> Series:
    """The series that an answer describes: its labels with `__name__`, and a value."""
    labels = {k: v for k, v in metric.items() if k != "__name__"}
    return Series(metric.get("__name__", ""), labels, float(value), at)
