# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill pushes, in its own groups, so that an alert fires and clears again.

The scenarios come with the option `scenarios`. Pushes have numbers: 0 is before the fault, 1 and
higher are during the fault.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._http.session import HttpError
from .._texts.text import Text, text

THRESHOLD = re.compile(r"> (\d+(?:\.\d+)?(?:e-?\d+)?)")
FAULTS = ("push", "silence", "removal", "refusal", "twin")
ENDS = ("removal", "push")
TYPES = ("gauge", "counter", "histogram")


@dataclass(frozen=True)
class Rule:
    """An alert as Prometheus has loaded it; `duration` is its `for`, in seconds."""

    name: str
    query: str
    duration: float

    @property
    def threshold(self) -> float:
        """Return the number that the rule compares with; 0.0 if it has none."""
        found = THRESHOLD.search(self.query)
        return float(found.group(1)) if found else 0.0


@dataclass(frozen=True)
class Series:
    """A series of the group.

    A histogram needs no values: it observes a little more than the rule's threshold during the
    fault, and very much less during the recovery.

    Args:
        type: `gauge`, `counter` or `histogram`.
        quiet: Value before the fault: a number, `now` for the time of the push, None for no sample.
        fault: Value during the fault.
        recovery: Value after the fault.
        grows: It grows by its value with each push, as a counter always does.
    """

    name: str
    type: str
    labels: Mapping[str, str] = field(default_factory=dict)
    quiet: Any = None
    fault: Any = None
    recovery: Any = None
    grows: bool = False

    def samples(self, number: int, rule: Rule, recovering: bool) -> list[str]:
        """Return the series' lines in a push (Prometheus text format).

        Args:
            number: Number of the push.
        """
        labels = ",".join(f'{key}="{value}"' for key, value in self.labels.items())
        if self.type == "histogram":
            below = number * 1_000_000 if recovering else 0
            return self._buckets(labels, below, number * 10, rule.threshold)
        value = self._value(number, recovering)
        return [] if value is None else [f"{self.name}{{{labels}}} {value}"]

    def _value(self, number: int, recovering: bool) -> Any:
        if self.grows or self.type == "counter":
            return number * (self.recovery if recovering else self.fault)
        value = self.fault if number and not recovering else self.quiet
        return time.time() if value == "now" else value

    def _buckets(self, labels: str, below: int, above: int, threshold: float) -> list[str]:
        count = below + above
        bounds = {0.5: below, 1.1: below, 1.3: count}
        buckets = {f"{threshold * factor:.4g}": value for factor, value in bounds.items()}
        return [
            *(
                f'{self.name}_bucket{{{labels},le="{bound}"}} {value}'
                for bound, value in {**buckets, "+Inf": count}.items()
            ),
            f"{self.name}_sum{{{labels}}} {above * threshold * 1.2:g}",
            f"{self.name}_count{{{labels}}} {count}",
        ]


@dataclass(frozen=True)
class Scenario:
    """How an alert is triggered.

    Args:
        fault: What happens: `series` are pushed (`push`), nothing is pushed any more (`silence`),
            the group is removed (`removal`), a push is refused (`refusal`), or a second group has
            the same series (`twin`).
        end: How it ends: the group is removed (`removal`), or `series` recover (`push`).
        collector: Its group is named like a collector's, as some rules only look at those.
        match: Labels by which the alert is found; by default, those of its group.
        expected: A text that the rule's query must have: the rule lists the expected programs.
    """

    alert: str
    series: Sequence[Series] = ()
    fault: str = "push"
    end: str = "removal"
    collector: bool = False
    match: Mapping[str, str] = field(default_factory=dict)
    expected: str = ""

    @property
    def job(self) -> str:
        """Return the label `job` of its group."""
        return f"{'collector_api_' if self.collector else ''}drill_{self.alert.lower()}"

    @property
    def instance(self) -> str:
        """Return the label `instance` of its group."""
        return f"drill-{self.alert.lower()}"

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels of the alert."""
        return {"alertname": self.alert, **(self.match or {"instance": self.instance})}

    def text(self, number: int, rule: Rule, recovering: bool = False) -> bytes:
        """Return the body of a push (Prometheus text format).

        Args:
            number: Number of the push.
        """
        lines = []
        for each in self.series:
            samples = each.samples(number, rule, recovering)
            declared = f"# TYPE {each.name} {each.type}"
            lines += [declared] if samples and declared not in lines else []
            lines += samples
        return "\n".join([*(lines or ["drill 1"]), ""]).encode()


def read_scenarios(option: Mapping[str, Any]) -> dict[str, Scenario]:
    """Return the scenarios of the option by alert.

    Raises:
        HttpError: `http.option`.
    """
    return {alert: _scenario(alert, of) for alert, of in option.items()}


def _scenario(alert: str, of: Mapping[str, Any]) -> Scenario:
    try:
        series = [Series(**each) for each in of.get("series", [])]
        made = Scenario(alert, **{**of, "series": series})
        for number in (0, 1):  # a value may be missing
            made.text(number, Rule(alert, "", 0), recovering=number > 0 and made.end == "push")
    except (AttributeError, TypeError) as error:
        expected = "the keys of `drill` in an alert's file"
        raise HttpError.option("scenarios", expected, f"{alert}: {error}") from error
    for key, value, known in (
        ("fault", made.fault, FAULTS),
        ("end", made.end, ENDS),
        *(("type", each.type, TYPES) for each in series),
    ):
        if value not in known:
            expected = f"{key}: one of {', '.join(known)}"
            raise HttpError.option("scenarios", expected, f"{alert}: {value}")
    return made


# The label that all series of a drill have and that the rules keep. Nobody else has it.
MARK = {"drill": "true"}
# The group that says who drills, and since when (Unix time).
RUNNING, RUNNING_SINCE = "drill_running", "drill_running_since_seconds"
# Groups that a drill may have left behind.
JOBS = re.compile(r"(collector_api_)?drill_[a-z0-9_]+")
INSTANCES = re.compile(r"drill(-[a-z0-9]+)?")


def hindrance(rule: Rule | None, scenario: Scenario | None, timeout: float) -> Text | None:
    """Return why an alert cannot be drilled on this server, or None.

    Args:
        rule: The alert as Prometheus has loaded it; None if it has not.
        timeout: Seconds that all hops of a phase may take together.
    """
    if scenario is None:
        return text("drill.no_scenario")
    if rule is None:
        return text("drill.no_rule")
    if scenario.expected and scenario.expected not in rule.query:
        return text("drill.not_expected", missing=scenario.expected)
    least = rule.duration + (rule.threshold if scenario.fault == "silence" else 0)
    return text("drill.too_short", least=least, timeout=timeout) if least >= timeout else None


def rules_of(answer: Mapping[str, Any]) -> dict[str, Rule]:
    """Return the alerts by name.

    Args:
        answer: The answer of Prometheus's GET /api/v1/rules.
    """
    return {
        rule["name"]: Rule(rule["name"], rule["query"], float(rule.get("duration") or 0))
        for group in answer["data"]["groups"]
        for rule in group["rules"]
        if rule["type"] == "alerting"
    }
