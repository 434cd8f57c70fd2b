# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exporter says, in the Prometheus text format; names and labels are the catalogue's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.utils import floatToGoString

from collector import catalogue
from collector.n8n.state import Durations

_TYPES: dict[str, Any] = {
    "counter": CounterMetricFamily,
    "gauge": GaugeMetricFamily,
    "histogram": HistogramMetricFamily,
    "summary": SummaryMetricFamily,
}


@dataclass
class Run:
    """What came of a run."""

    exporter: str
    success: bool
    seconds: float
    requests: int
    caps: tuple[str, ...]
    capped: set[str]
    errors: dict[str, int]


@dataclass(eq=False)  # a registry wants what can be hashed
class Families:
    """Families of the catalogue. ``timestamp`` (s) is written to each sample when it is given."""

    timestamp: float | None = None
    _catalogue: dict[str, catalogue.Metric] = field(
        default_factory=lambda: {m.name: m for m in catalogue.load()}
    )
    _families: dict[str, Family] = field(default_factory=dict)

    def add(self, name: str, labels: Iterable[str], *values: Any) -> None:
        """One child: a value, or what the type of the family wants."""
        if name not in self._families:
            metric = self._catalogue[name]
            self._families[name] = _TYPES[metric.type](name, metric.help, labels=metric.labels)
        family: Any = self._families[name]
        family.add_metric(list(labels), *values, timestamp=self.timestamp)

    def collect(self) -> Iterable[Family]:
        """As a registry asks for them."""
        return self._families.values()

    def text(self) -> bytes:
        """All of them."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)


def bounds(name: str) -> tuple[float, ...]:
    """The buckets of a histogram of the catalogue in s, without the last one."""
    return next(metric.buckets for metric in catalogue.load() if metric.name == name)


def add_run(families: Families, run: Run, last_success: float | None) -> None:
    """What both exporters say of their last run; when one last ended well only if it is known."""
    one = (run.exporter,)
    families.add("n8n_exporter_run_success", one, int(run.success))
    families.add("n8n_exporter_run_duration_seconds", one, run.seconds)
    families.add("n8n_exporter_run_requests", one, run.requests)
    if last_success is not None:
        families.add("n8n_exporter_last_success_timestamp_seconds", one, last_success)
    for cap in run.caps:
        families.add("n8n_exporter_run_capped", (run.exporter, cap), int(cap in run.capped))
    for error_type, count in sorted(run.errors.items()):
        families.add("n8n_exporter_run_errors", (run.exporter, error_type), count)


def observe(durations: Durations, limits: tuple[float, ...], seconds: float) -> None:
    """One more."""
    durations.buckets[bisect_left(limits, seconds)] += 1
    durations.seconds += seconds


def add_histogram(
    families: Families, name: str, labels: Iterable[str], durations: Durations
) -> None:
    """One child of a histogram. The first time it is 0, and the next run tells the rest: a counter
    that appears with a value hides it from increase()."""
    nothing = Durations(buckets=[0] * len(durations.buckets))
    shown = durations if durations.announced else nothing
    limits = [*(floatToGoString(bound) for bound in bounds(name)), "+Inf"]
    rising = list(zip(limits, accumulate(shown.buckets), strict=True))
    families.add(name, labels, rising, shown.seconds)
