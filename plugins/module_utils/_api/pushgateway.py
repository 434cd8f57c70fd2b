# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a Pushgateway's groups.

API: https://github.com/prometheus/pushgateway#query-api
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from .._http.session import Session, check_url

ADDED = frozenset({"push_time_seconds", "push_failure_time_seconds"})  # by the gateway itself
# A family of one of these names takes its place in the answer.
GROUP = {"labels": ({str: str}, {"metrics": [object]}), "last_push_successful": (bool, dict)}


@dataclass(frozen=True)
class Group:
    """One group; times are Unix times by the gateway's clock, 0.0 for never.

    Args:
        process_start_time: Start of the program that pushed.
        last_success: When that program's last push before this one succeeded, by its own clock; 0.0
            if it does not say.
        failures: How many of that program's pushes have failed since it started, by its own count.
        families: Type of each family (`counter`, `gauge`, `histogram`, `summary`, `untyped`).
    """

    labels: Mapping[str, str]
    last_push_successful: bool
    push_time: float
    push_failure_time: float
    process_start_time: float  # of who pushed
    families: Mapping[str, str]  # name: counter, gauge, histogram, summary, untyped
    last_success: float = 0.0
    failures: float = 0.0

    @property
    def job(self) -> str:
        """Return the label `job`."""
        return self.labels.get("job", "")

    @property
    def instance(self) -> str:
        """Return the label `instance`, empty if the group has none."""
        return self.labels.get("instance", "")

    @property
    def text(self) -> str:
        """Return the labels for people."""
        return shown(self.job, self.instance, self.labels)


@dataclass(frozen=True)
class Gateway:
    """All groups, and the gateway's clock (Unix time) when it was asked."""

    groups: tuple[Group, ...]
    now: float

    def group(self, job: str, instance: str) -> Group | None:
        """Return the group with these two labels and no other, or None."""
        key = {"job": job, "instance": instance}
        return next((g for g in self.groups if dict(g.labels) == key), None)


def shown(job: str, instance: str, more: Mapping[str, str] | None = None) -> str:
    """Return labels for people: ``job="a" instance="b"``."""
    labels = {"job": job, "instance": instance, **(more or {})}
    return " ".join(f'{name}="{value}"' for name, value in labels.items())


def _value(family: Mapping[str, Any] | None) -> float:
    value = float(family["metrics"][0]["value"]) if family else 0.0
    if not math.isfinite(value):
        raise ValueError(f"the time {value}")
    return value


def _start(family: Mapping[str, Any] | None) -> float:
    """Return the start of the program that pushed; 0.0 if it says nothing of use."""
    try:
        return _value(family)
    except (ValueError, LookupError, TypeError):
        return 0.0


def _of_pushes(family: Mapping[str, Any] | None, status: str | None = None) -> float:
    """Return what a collector says of its pushes to a gateway; 0.0 if it says nothing of use."""
    wanted = {"target": "pushgateway", **({"status": status} if status else {})}
    try:
        found = max(
            float(each["value"])
            for each in (family or {})["metrics"]
            if wanted.items() <= each["labels"].items()
        )
        return found if math.isfinite(found) else 0.0
    except (ValueError, LookupError, TypeError, AttributeError):
        return 0.0


def _labels(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the grouping key. The times, which the gateway adds, have these labels alone."""
    found = data["labels"]
    if isinstance(found.get("metrics"), list):
        times = data.get("push_time_seconds") or data["push_failure_time_seconds"]
        found = times["metrics"][0]["labels"]
    return {str(name): str(value) for name, value in found.items()}


def _group(data: Mapping[str, Any]) -> Group:
    names = [n for n, family in data.items() if isinstance(family, dict) and family.get("metrics")]
    names = [n for n in names if isinstance(data[n]["metrics"], list)]
    pushed = _value(data.get("push_time_seconds"))
    failed = _value(data.get("push_failure_time_seconds"))
    good = data["last_push_successful"]
    return Group(
        labels=_labels(data),
        last_push_successful=good if isinstance(good, bool) else pushed >= failed,
        push_time=pushed,
        push_failure_time=failed,
        process_start_time=_start(data.get("process_start_time_seconds")),
        last_success=_of_pushes(data.get("collector_push_last_success_timestamp_seconds")),
        failures=_of_pushes(data.get("collector_push_total"), "failure"),
        families={name: str(data[name]["type"]).lower() for name in names},
    )


def read_gateway(session: Session, url: str, headers: Mapping[str, str]) -> Gateway:
    """Return all groups of the Pushgateway at `url`.

    Source: Pushgateway, GET /api/v1/metrics.

    Raises:
        HttpError: The request failed, or another service answered (`http.not_json`).
    """
    url = check_url(url, "pushgateway_url")
    response = session.get(f"{url}/api/v1/metrics", headers=headers)
    # The Date header has whole seconds; ages below a second do not matter here.
    date = response.headers.get("Date")

    def make(data: Any) -> Gateway:
        now = parsedate_to_datetime(date).timestamp() if date else time.time()
        return Gateway(tuple(_group(group) for group in data["data"]), now)

    return response.read(make, "a list of groups", {"data": [GROUP]})
