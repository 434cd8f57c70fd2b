# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the alerts and the recording rules of the role prometheus from their files.

Keys of an alert's file:

- `group`, `position`: the rule group, and the place in it.
- `severity`, `for`, `values`: the defaults of what `prometheus_alerts` may change.
- `when`: the fact about the fleet without which there is no such rule (options of `alert_rules`).
- `expr`, `annotations`: the rule. In angle brackets: values, facts, `stale` (the age in seconds
  at which pushed values are no longer trusted), `fresh` (the condition for younger ones).
- `waits`: what passes before the rule can see the fault (`tests/generate/longest.py`).
- `drill`: how the alert is triggered (`module_utils/_drill/scenarios.py`).
- `query`, and `meaning` and `first` by language: the runbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Alert = Mapping[str, Any]

FILES = Path(__file__).parents[3] / "roles/prometheus/files"
GROUPS = ("collector", "database", "ping", "n8n", "pipeline")


@cache
def alerts() -> dict[str, Alert]:
    """Return the alerts by name, in the order of their groups and of their positions there."""
    found = {path.stem: _load(path) for path in (FILES / "alerts").glob("*.yml")}
    place = {name: (GROUPS.index(of["group"]), of["position"], name) for name, of in found.items()}
    return {name: found[name] for name in sorted(found, key=place.__getitem__)}


@cache
def recorded() -> dict[str, Sequence[dict[str, str]]]:
    """Return the recording rules of each group that has some, in Prometheus's own form."""
    found: dict[str, Sequence[dict[str, str]]] = _load(FILES / "recorded.yml")
    return found


def defaults(alert: Alert) -> dict[str, Any]:
    """Return the settings of an alert that prometheus_alerts may change."""
    values = {name: value["default"] for name, value in alert.get("values", {}).items()}
    return {"enabled": True, "severity": alert["severity"], "for": alert["for"], **values}


def _load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
