# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make Prometheus's rule groups from the files of the alerts.

Expressions and annotations are Jinja in angle brackets, as `{{ }}` belongs to Prometheus.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from jinja2 import Environment, StrictUndefined

from .files import Alert, alerts, defaults, recorded

TYPES = {"int": int, "float": float}


def _pattern(names: Iterable[str]) -> str:
    """Return a regular expression for a PromQL string that matches these names only."""
    return "|".join(re.escape(name).replace("\\", "\\\\") for name in names)


JINJA = Environment(  # noqa: S701 - not HTML
    variable_start_string="<<",
    variable_end_string=">>",
    block_start_string="<%",
    block_end_string="%>",
    undefined=StrictUndefined,
)
JINJA.filters |= {"quote": json.dumps, "pattern": _pattern}


def typed_values(alert: Alert, settings: Mapping[str, Any]) -> dict[str, float]:
    """Return an alert's own values as numbers, from its settings."""
    return {
        name: TYPES[value["type"]](settings[name])
        for name, value in alert.get("values", {}).items()
    }


def rule_groups(
    changes: Mapping[str, Mapping[str, Any]],
    runbook_url: str,
    push_interval: int,
    facts: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return the groups in Prometheus's own form.

    Args:
        changes: What differs from the defaults, by alert.
        runbook_url: Where the runbooks are.
        push_interval: Seconds between two pushes of the slowest collector.
        facts: Facts about the fleet, for the keys `when` and the expressions.
    """
    settings = {name: {**defaults(of), **changes.get(name, {})} for name, of in alerts().items()}
    stale = push_interval * int(settings["CollectorStale"]["intervals"])
    fresh = f"and on (job, instance) (time() - push_time_seconds < {stale})"
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, alert in alerts().items():
        if "when" in alert and not facts[alert["when"]]:
            continue
        rules = groups.setdefault(alert["group"], [*recorded().get(alert["group"], [])])
        own = settings[name]
        if not boolean(own["enabled"]):
            continue
        values = {**facts, "stale": stale, "fresh": fresh, **typed_values(alert, own)}
        texts = {key: _render(text, values) for key, text in alert["annotations"].items()}
        rules.append(
            {
                "alert": name,
                "expr": " ".join(_render(alert["expr"], values).split()),
                "for": own["for"],
                "labels": {"severity": own["severity"]},
                "annotations": {**texts, "runbook_url": f"{runbook_url}/{name}.md"},
            }
        )
    return [{"name": f"vya-{group}", "rules": rules} for group, rules in groups.items()]


def _render(text: str, values: Mapping[str, Any]) -> str:
    return JINJA.from_string(text).render(values)
