# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is pushed, on groups of its own, so that an alert fires and clears again.

The rules are those of the role prometheus. A push has a number: 0 is all well, 1 and more is the
fault; counters grow with it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Text = Callable[[int, "Rule"], str]
THRESHOLD = re.compile(r"> (\d+(?:\.\d+)?(?:e-?\d+)?)")


@dataclass(frozen=True)
class Rule:
    """An alert as Prometheus has it loaded; C(duration) is its C(for), in seconds."""

    name: str
    query: str
    duration: float

    @property
    def threshold(self) -> float:
        """The number that it compares with; 0.0 where there is none."""
        found = THRESHOLD.search(self.query)
        return float(found.group(1)) if found else 0.0


@dataclass(frozen=True)
class Scenario:
    """How an alert is brought about."""

    text: Text
    # The end of it; without one, the group is removed.
    recovery: Text | None = None
    # Some rules look at collectors only.
    prefix: str = "drill_"
    # The labels by which the alert is known; {name} is drill-<alert>.
    labels: Mapping[str, str] | None = None
    # Whether the fault is that nobody pushes any more, that there is no group, that pushes are
    # refused, or that a second group has the same.
    silent: bool = False
    absent: bool = False
    refused: bool = False
    twin: bool = False
    # The rule knows only who is expected: it must have this text in its query.
    expected: str = ""

    def job(self, alert: str) -> str:
        """The label job of its group."""
        return f"{self.prefix}{alert.lower()}"

    def match(self, alert: str) -> dict[str, str]:
        """Labels of the alert."""
        labels = self.labels or {"instance": "{name}"}
        return {key: value.format(name=name_of(alert)) for key, value in labels.items()}


def name_of(alert: str) -> str:
    """What stands for a host, a source or a certificate."""
    return f"drill-{alert.lower()}"


# Groups that a drill may have left behind.
JOBS = re.compile(r"(collector_api_)?drill_[a-z0-9_]+")
INSTANCES = re.compile(r"drill(-[a-z0-9]+)?")


def _gauge(name: str, quiet: float | None, fault: float, labels: str = "") -> Text:
    def text(number: int, _rule: Rule) -> str:
        value = fault if number else quiet
        return "drill 1\n" if value is None else f"# TYPE {name} gauge\n{name}{labels} {value:g}\n"

    return text


def _counter(name: str, labels: str, step: int = 100) -> Text:
    def text(number: int, _rule: Rule) -> str:
        return f"# TYPE {name} counter\n{name}{labels} {number * step}\n"

    return text


def _histogram(name: str, labels: str) -> tuple[Text, Text]:
    """Observations a little above the rule's threshold, and then very many below it."""

    def made(below: int, above: int, threshold: float) -> str:
        count = below + above
        lines = [f"# TYPE {name} histogram"]
        for bound, value in (
            (f"{threshold * 0.5:.4g}", below),
            (f"{threshold * 1.1:.4g}", below),
            (f"{threshold * 1.3:.4g}", count),
            ("+Inf", count),
        ):
            lines.append(f'{name}_bucket{{{labels},le="{bound}"}} {value}')
        lines += [f"{name}_sum{{{labels}}} {above * threshold * 1.2:g}"]
        lines += [f"{name}_count{{{labels}}} {count}", ""]
        return "\n".join(lines)

    def text(number: int, rule: Rule) -> str:
        return made(0, number * 10, rule.threshold)

    def recovery(number: int, rule: Rule) -> str:
        return made(number * 1_000_000, number * 10, rule.threshold)

    return text, recovery


def _executions(failed: int, succeeded: int) -> str:
    name = "n8n_exporter_executions_total"
    return (
        f"# TYPE {name} counter\n"
        f'{name}{{status="error"}} {failed}\n{name}{{status="success"}} {succeeded}\n'
    )


def _last_ping(number: int, _rule: Rule) -> str:
    value = 1 if number else time.time()
    name = "ping_last_received_timestamp_seconds"
    return f'# TYPE {name} gauge\n{name}{{source_location="drill"}} {value:.3f}\n'


def _ping(alert: str) -> Scenario:
    labels = f'source_location="{name_of(alert)}",target_location="drill"'
    text, recovery = _histogram("network_latency_rtt_seconds", labels)
    return Scenario(text, recovery, labels={"source_location": "{name}"})


def _database_slow() -> Scenario:
    labels = 'db_type="drill",database="drill",operation="query",status="success"'
    text, recovery = _histogram("database_query_latency_seconds", labels)
    return Scenario(text, recovery)


def _alive(_number: int, _rule: Rule) -> str:
    return "drill 1\n"


DATABASE = '{db_type="drill",database="drill"}'
LOCATIONS = '{source_location="drill-clockoffsethigh",target_location="drill"}'
TARGET = '{target="drill"}'
COLLECTOR = "collector_api_drill_"
SCENARIOS: dict[str, Scenario] = {
    "CollectorStale": Scenario(_alive, prefix=COLLECTOR, silent=True),
    "CollectorAbsent": Scenario(
        _alive,
        recovery=_alive,
        prefix=COLLECTOR,
        absent=True,
        expected='job="collector_api_drill_collectorabsent"',
    ),
    "PushFailing": Scenario(_alive, refused=True),
    "CollectorPushErrors": Scenario(
        _counter("collector_push_total", '{target="drill",status="failure"}')
    ),
    "CollectorMemoryHigh": Scenario(
        _gauge("process_resident_memory_bytes", 1, 1e12), prefix=COLLECTOR
    ),
    "CollectorSpoolGrowing": Scenario(
        lambda number, rule: (
            f"# TYPE collector_spool_samples gauge\ncollector_spool_samples{TARGET} "
            f"{(rule.threshold + 1) * 10 * number:g}\n"
        )
    ),
    "CollectorSpoolDropping": Scenario(_counter("collector_spool_dropped_total", TARGET)),
    "PingsRefused": Scenario(
        _counter("api_requests_total", '{endpoint="/api/ping",method="POST",status_code="401"}')
    ),
    "DatabaseDown": Scenario(_gauge("database_available", 1, 0, DATABASE)),
    "DatabaseSlow": _database_slow(),
    "PingMissing": Scenario(
        _last_ping,
        recovery=lambda _number, rule: _last_ping(0, rule),
        labels={"source_location": "drill"},
        expected='source_location="drill"',
    ),
    "PingRttHigh": _ping("PingRttHigh"),
    "PingRttCritical": _ping("PingRttCritical"),
    "ClockOffsetHigh": Scenario(
        _gauge("network_clock_offset_seconds", 0, 3600, LOCATIONS),
        labels={"source_location": "{name}"},
    ),
    "N8nExporterStale": Scenario(
        _gauge("n8n_exporter_last_success_timestamp_seconds", None, 1, '{exporter="drill"}')
    ),
    "N8nErrorRateHigh": Scenario(
        lambda number, _rule: _executions(number * 10, 0),
        lambda number, _rule: _executions(number * 10, number * 100_000),
    ),
    "TargetDown": Scenario(_gauge("up", 1, 0)),
    "DuplicateCollection": Scenario(_gauge("collector_api_up", 1, 1), twin=True),
    "PushGroupStale": Scenario(_alive, silent=True),
    "CertificateExpiresSoon": Scenario(
        _gauge(
            "traefik_tls_certs_not_after", None, 1, '{cn="drill-certificateexpiressoon",sans=""}'
        ),
        labels={"cn": "{name}"},
    ),
    "RuleEvaluationFailing": Scenario(
        _counter("prometheus_rule_evaluation_failures_total", '{rule_group="drill"}')
    ),
    "AlertNotificationsFailing": Scenario(
        _counter("prometheus_notifications_errors_total", '{alertmanager="drill"}')
    ),
}


def hindrance(rule: Rule | None, alert: str, timeout: float) -> str:
    """Why an alert cannot be brought about on a server in so many seconds; empty when it can."""
    scenario = SCENARIOS.get(alert)
    if scenario is None:
        return "no drill is known for it"
    if rule is None:
        return "Prometheus has no such rule loaded"
    if scenario.expected and scenario.expected not in rule.query:
        return f"the rule looks only at who is expected; it has no {scenario.expected}"
    least = rule.duration + (rule.threshold if scenario.silent else 0)
    if least >= timeout:
        return f"it takes {least:g} s at least to fire; timeout_hops is {timeout:g}"
    return ""


def rules_of(answer: Mapping[str, Any]) -> dict[str, Rule]:
    """The alerts of Prometheus's C(/api/v1/rules), by name."""
    return {
        rule["name"]: Rule(rule["name"], rule["query"], float(rule["duration"]))
        for group in answer["data"]["groups"]
        for rule in group["rules"]
        if rule["type"] == "alerting"
    }
