# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program's registry, built from the catalogue. Nothing else creates a metric."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    Summary,
    disable_created_metrics,
    generate_latest,
)

from collector import __version__, catalogue

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_TYPES: dict[str, Any] = {"counter": Counter, "gauge": Gauge, "summary": Summary}


class Metrics:
    """What a component shows, by name: ``metrics["api_requests_total"]``. What is sent to
    VictoriaMetrics is not in a registry."""

    def __init__(self, component: str = "collector") -> None:
        # A series per counter that only says when it was created: not worth its place.
        disable_created_metrics()
        self.registry = CollectorRegistry()
        self._by_name: dict[str, Any] = {}
        wanted = [
            metric
            for metric in catalogue.load()
            if metric.component == component and metric.path != "victoriametrics"
        ]
        for metric in wanted:
            if metric.name.startswith("process_"):
                continue
            self._by_name[metric.name] = self._create(metric)
        if any(metric.name.startswith("process_") for metric in wanted):
            ProcessCollector(registry=self.registry)

    def _create(self, metric: catalogue.Metric) -> Any:
        arguments = (metric.name, metric.help, metric.labels)
        if metric.type == "histogram":
            return Histogram(*arguments, registry=self.registry, buckets=metric.buckets)
        return _TYPES[metric.type](*arguments, registry=self.registry)

    def __getitem__(self, name: str) -> Any:
        return self._by_name[name]

    def announce(self) -> None:
        """Set what is known from the start: that it runs, and what runs."""
        self["collector_api_up"].set(1)
        self["collector_build_info"].labels(version=__version__, revision=revision()).set(1)

    def exposition(self) -> bytes:
        """All families in the Prometheus text format."""
        return generate_latest(self.registry)


def revision() -> str:
    """The source revision, baked into the image when it was built."""
    return os.environ.get("COLLECTOR_REVISION") or "unknown"
