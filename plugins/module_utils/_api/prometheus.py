# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read from Prometheus.

API: https://prometheus.io/docs/prometheus/latest/querying/api/
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .._http.session import Session, check_url
from .times import seconds_of, unix_time

Made = TypeVar("Made")
# Shapes of its answers (`_http.answer`). Values are texts, because JSON has no NaN.
LABELS = {str: str}
VALUE = {"metric": LABELS, "value": [(float, str)]}
SAMPLES = {"metric": LABELS, "values": [[(float, str)]]}
RULE = {
    "name": str,
    "query": str,
    "type": str,
    "duration?": float,
    "keepFiringFor?": float,
    "labels?": LABELS,
    "annotations?": LABELS,
    "health?": str,
    "lastError?": str,
    "lastEvaluation?": str,
    "alerts?": [{"labels?": LABELS, "state?": str, "activeAt?": str}],
}
RULES = {
    "name": str,
    "file": str,
    "interval": float,
    "evaluationTime?": float,
    "rules": [RULE],
}
RUNTIME = {"data": {"startTime": str, "lastConfigTime?": str}}
TARGET = {
    "labels": LABELS,
    "scrapePool?": str,
    "scrapeUrl": str,
    "health": str,
    "lastError": str,
    "lastScrape": str,
    "scrapeInterval?": str,
}


@dataclass(frozen=True)
class Series:
    """A series and its newest value.

    Args:
        labels: Its labels without `__name__`.
        at: Unix time of the value, if it was read with it.
    """

    name: str
    labels: Mapping[str, str]
    value: float
    at: float = 0.0

    @property
    def path(self) -> tuple[str, str]:
        """Return job and instance: the path by which the series came."""
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
    host: str = ""  # the label of services of the user's own
    every: float = 0.0  # seconds between two scrapes; 0 if an older version does not say


def matcher(label: str, values: Iterable[str], operator: str = "=~") -> str:
    """Return a matcher for any of `values`, which are matched literally."""
    pattern = "|".join(sorted({re.escape(value) for value in values}))
    return f"{label}{operator}{json.dumps(pattern)}"


class PrometheusApi:
    """Prometheus's HTTP API at `url`. All methods raise HttpError."""

    def __init__(self, session: Session, url: str, headers: Mapping[str, str]) -> None:
        self._session = session
        self._url = check_url(url, "prometheus_url")
        self._headers = headers

    def _data(
        self, path: str, key: str, shape: Any, make: Callable[[Any], Made], **params: str
    ) -> list[Made]:
        """What `make` makes of each entry of the answer's list `key`."""
        response = self._session.get(self._url + path, params=params or None, headers=self._headers)
        whole = {"data": {key: [shape]}}
        expected = f"Prometheus's answer with {key}"
        return response.read(lambda answer: [*map(make, answer["data"][key])], expected, whole)

    def query(self, expression: str) -> list[Series]:
        """Return the result of an instant query; stale series are not in it.

        Source: GET /api/v1/query.
        """

        def make(item: Any) -> Series:
            return read_series(item["metric"], item["value"][1])

        return self._data("/api/v1/query", "result", VALUE, make, query=expression)

    def query_values(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Return labels and value of each series of an instant query.

        Source: GET /api/v1/query.
        """

        def make(item: Any) -> tuple[dict[str, str], float]:
            return item["metric"], float(item["value"][1])

        return self._data("/api/v1/query", "result", VALUE, make, query=expression)

    def query_samples(
        self, selector: str
    ) -> list[tuple[dict[str, str], list[tuple[float, float]]]]:
        """Return labels and samples (Unix time, value) of each series of a range, such as `up[5m]`.

        Source: GET /api/v1/query.
        """

        def make(item: Any) -> tuple[dict[str, str], list[tuple[float, float]]]:
            return item["metric"], [(float(at), float(value)) for at, value in item["values"]]

        return self._data("/api/v1/query", "result", SAMPLES, make, query=selector)

    def gateways(self, fresh: float = 0.0) -> list[tuple[tuple[str, str], float]]:
        """Return job and instance of each Pushgateway that is scraped, and when it started.

        Source: GET /api/v1/query.

        Args:
            fresh: Seconds since the last scrape; 0 for Prometheus's own limit, within which
                a job that was removed may still be seen.
        """
        build = "pushgateway_build_info"
        build += f" and (time() - timestamp({build}) < {fresh})" if fresh else ""
        started = f"process_start_time_seconds and on (job, instance) ({build})"
        return [(each.path, each.value) for each in self.query(started)]

    def rules(self) -> list[dict[str, Any]]:
        """Return all loaded rules as the API shows them, each with the name of its `group`.

        Each has the group's `interval` and `took` (seconds of its last evaluation), too.

        Source: GET /api/v1/rules.
        """
        groups = self._data("/api/v1/rules", "groups", RULES, dict)
        return [
            {
                **rule,
                "group": group["name"],
                "interval": group["interval"],
                "took": group.get("evaluationTime") or 0.0,
            }
            for group in groups
            for rule in group["rules"]
        ]

    def _answer(self, path: str, shape: Any, **params: str) -> Any:
        url = self._url + path
        return self._session.get_json(url, shape, params=params or None, headers=self._headers)

    def alertmanagers(self) -> list[str]:
        """Return the URLs to which Prometheus sends its alerts.

        Source: GET /api/v1/alertmanagers.
        """
        path, key = "/api/v1/alertmanagers", "activeAlertmanagers"
        return self._data(path, key, {"url": str}, lambda each: str(each["url"]))

    def configuration(self) -> str:
        """Return the configuration, as Prometheus prints it.

        Source: GET /api/v1/status/config.
        """
        answer = self._answer("/api/v1/status/config", {"data": {"yaml": str}})
        return str(answer["data"]["yaml"])

    def loaded_at(self) -> float:
        """Return when the configuration was loaded (Unix time).

        Source: GET /api/v1/status/runtimeinfo.
        """
        told = self._answer("/api/v1/status/runtimeinfo", RUNTIME)["data"]
        times = [unix_time(told.get(name)) or 0.0 for name in ("startTime", "lastConfigTime")]
        return max(times)

    def formatted(self, expression: str) -> str:
        """Return an expression in the one form in which Prometheus writes all that mean the same.

        Source: GET /api/v1/format_query.
        """
        answer = self._answer("/api/v1/format_query", {"data": str}, query=expression)
        return str(answer["data"])

    def targets(self) -> list[Target]:
        """Return the active scrape targets.

        Source: GET /api/v1/targets.
        """

        def make(item: Any) -> Target:
            return Target(
                item["labels"].get("job") or item.get("scrapePool") or "",
                item["labels"].get("instance", ""),
                item["scrapeUrl"],
                item["health"],
                item["lastError"],
                item["lastScrape"],
                item["labels"].get("host", ""),
                seconds_of(item.get("scrapeInterval") or ""),
            )

        return self._data("/api/v1/targets", "activeTargets", TARGET, make, state="active")


def read_series(metric: Mapping[str, str], value: Any, at: float = 0.0) -> Series:
    """Return the series that an answer describes: its labels with `__name__`, and a value."""
    labels = {k: v for k, v in metric.items() if k != "__name__"}
    return Series(metric.get("__name__", ""), labels, float(value), at)
