# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up samples of components that are not built yet: every family that the catalogue promises of
them, with every label."""

from __future__ import annotations

import time
from itertools import product
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Summary,
    disable_created_metrics,
)

from collector import catalogue

TYPES: dict[str, Any] = {"counter": Counter, "gauge": Gauge, "summary": Summary}
# What labels say, where a dashboard asks for it or where it is more than one word.
VALUES = {
    "exporter": ["executions", "nodes"],
    "status": ["success", "error"],
    "state": ["active", "inactive"],
    "mode": ["webhook", "manual"],
    "saved": ["all", "error"],
    "workflow_name": ["Orders to ERP", "Invoices"],
    "node_name": ["HTTP Request", "Set"],
    "node_type": ["n8n-nodes-base.httpRequest", "n8n-nodes-base.set"],
}


class Families:
    """The families of one component in a registry of its own."""

    def __init__(self, component: str) -> None:
        disable_created_metrics()
        self.registry = CollectorRegistry()
        self.metrics = [m for m in catalogue.load() if m.component == component]
        self.by_name = {metric.name: self._create(metric) for metric in self.metrics}

    def _create(self, metric: catalogue.Metric) -> Any:
        arguments = (metric.name, metric.help, metric.labels)
        if metric.type == "histogram":
            return Histogram(*arguments, registry=self.registry, buckets=metric.buckets)
        return TYPES[metric.type](*arguments, registry=self.registry)

    def children(self, metric: catalogue.Metric) -> list[Any]:
        """A child for each combination of label values."""
        if not metric.labels:
            return [self.by_name[metric.name]]
        values = [VALUES.get(label, [f"some {label}"]) for label in metric.labels]
        return [self.by_name[metric.name].labels(*each) for each in product(*values)]

    def grow(self) -> None:
        """Everything counts on: rates need a difference."""
        for metric in self.metrics:
            for child in self.children(metric):
                if metric.type == "gauge":
                    child.set(time.time() if "timestamp" in metric.name else 1)
                elif metric.type == "counter":
                    child.inc(40)
                else:
                    for value in (0.02, 0.12, 0.4):
                        child.observe(value)
