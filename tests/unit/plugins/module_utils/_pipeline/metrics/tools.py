# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A collector, and what a gateway and Prometheus say of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import Series
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import (
    Gateway,
    Group,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.collector import Collector

NOW = 1_800_000_000.0
DAY = 86400.0
WF001 = Collector("wf001", "collector_api_wf001_usa", "wf001")
FAMILIES = {"api_requests_total": "counter", "rtt_seconds": "histogram", "process_x": "gauge"}


def group(age: float = 5.0, job: str = WF001.job, instance: str = "wf001", **changes: Any) -> Group:
    values: dict[str, Any] = {
        "labels": {"job": job, "instance": instance, **changes.pop("more", {})},
        "last_push_successful": True,
        "push_time": NOW - age,
        "push_failure_time": 0.0,
        "process_start_time": NOW - DAY,
        "families": FAMILIES,
    }
    return Group(**{**values, **changes})


def gateway(*groups: Group) -> Gateway:
    return Gateway(groups, NOW)


def series(
    name: str, value: float = NOW - 5, job: str = WF001.job, instance: str = "wf001", **labels: str
) -> Series:
    return Series(name, {"job": job, "instance": instance, **labels}, value)
