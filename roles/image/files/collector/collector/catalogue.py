# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metric catalogue: what exists, and the one path by which each metric reaches storage.

The data is ``catalogue.json`` beside this file; whoever needs it outside Python reads that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

TITLES = {
    "collector": "Collector API",
    "pushgateway": "Added by the Pushgateway to each group",
    "ping": "Ping service (port 9101)",
    "n8n_exporter": "n8n exporters (run by cron)",
    "validation": "Validation (validate_publish)",
}
PATHS = {
    "pushgateway": "pushed to the Pushgateway",
    "victoriametrics": "sent to VictoriaMetrics, with its own timestamp",
    "scrape": "scraped by Prometheus",
}


@dataclass(frozen=True)
class Metric:
    """One family: ``path`` is pushgateway, victoriametrics or scrape."""

    name: str
    type: str
    unit: str
    component: str
    path: str
    labels: tuple[str, ...]
    help: str
    buckets: tuple[float, ...] = ()


def load() -> list[Metric]:
    """Read the catalogue that is part of the package."""
    data = json.loads(Path(__file__).with_name("catalogue.json").read_text("utf-8"))
    return [
        Metric(
            **{
                **entry,
                "labels": tuple(entry["labels"]),
                "buckets": tuple(entry.get("buckets", ())),
            }
        )
        for entry in data["metrics"]
    ]


def markdown() -> str:
    """The catalogue as the documentation page docs/metrics.md."""
    lines = [
        "# Metrics",
        "",
        "Generated from the catalogue (`roles/image/files/collector/collector/catalogue.json`) by",
        "`collector catalogue --markdown`. Change the catalogue, not this page.",
    ]
    metrics = load()
    for component, title in TITLES.items():
        lines += ["", f"## {title}", "", "| name | type | unit | labels | what it says | path |"]
        lines.append("| --- | --- | --- | --- | --- | --- |")
        for metric in (m for m in metrics if m.component == component):
            labels = ", ".join(metric.labels) or "-"
            says = metric.help
            if metric.buckets:
                says += f" Buckets: {', '.join(f'{bound:g}' for bound in metric.buckets)}."
            lines.append(
                f"| {metric.name} | {metric.type} | {metric.unit or '-'} | {labels} "
                f"| {says} | {PATHS[metric.path]} |"
            )
    return "\n".join(lines) + "\n"
