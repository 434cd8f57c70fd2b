# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The longest time from a fault to its message, by alert, from the defaults of roles and collector.

A sum of waits, each of which is at most one whole interval: nothing here is measured.
"""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass
from typing import Any

import yaml

from .rendered import ROOT

# What is in no role yet: the senders' own intervals, in seconds.
PING = 30.0
N8N = 180.0
TIMEOUT_SCRAPE = 10.0  # Prometheus's default, where the interval is not shorter
SAMPLES = 2  # of each ping, on their way to VictoriaMetrics
BACKOFF = (1, 2)  # seconds before a collector's second and third attempt

WORDS = {
    "pt-BR": {
        "probe": "sonda",
        "its timeouts": "seus limites",
        "ping": "ping",
        "the next ping": "o ping seguinte",
        "pings": "pings",
        "attempts": "tentativas",
        "runs of the exporter": "rodadas do exportador",
        "share of the window": "parcela da janela",
        "first count": "primeira contagem",
        "age": "idade",
        "push": "envio",
        "scrape": "coleta",
        "its timeout": "seu limite",
        "evaluation that fails": "avaliação que falha",
        "evaluation": "avaliação",
    }
}
COLUMNS = {
    "en": "| alert | at most, in seconds, from the fault | message after |",
    "pt-BR": "| alerta | no máximo, em segundos, desde a falha | mensagem após |",
}
Wait = tuple[str, float]  # for what, and for how many seconds


def read(path: str) -> dict[str, Any]:
    """A file of variables."""
    found: dict[str, Any] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return found


def seconds(duration: str) -> float:
    """A duration as Prometheus writes it."""
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return sum(float(n) * units[unit] for n, unit in re.findall(r"(\d+)(ms|s|m|h|d)", duration))


@dataclass(frozen=True)
class Intervals:
    """How often each part does its work, in seconds."""

    scrape: float
    evaluation: float
    push: float
    probe: float
    probe_timeout: float  # of connecting, and again of the query
    victoria: float
    victoria_timeout: float
    group_wait: float
    severities: dict[str, dict[str, str]]


def defaults() -> Intervals:
    """Those of the roles and of the collector."""
    sys.path.insert(0, str(ROOT / "roles/image/files/collector"))
    from collector.settings import Database, VictoriaMetrics

    prometheus = read("roles/prometheus/defaults/main.yml")
    alertmanager = read("roles/alertmanager/defaults/main.yml")
    collector = read("roles/collector/defaults/main.yml")
    return Intervals(
        scrape=seconds(prometheus["prometheus_scrape_interval"]),
        evaluation=seconds(prometheus["prometheus_evaluation_interval"]),
        push=float(collector["collector_pushgateway_interval_seconds"]),
        probe=float(Database.model_fields["interval_seconds"].default),
        probe_timeout=float(Database.model_fields["timeout_seconds"].default),
        victoria=float(VictoriaMetrics.model_fields["interval_seconds"].default),
        victoria_timeout=float(VictoriaMetrics.model_fields["timeout_seconds"].default),
        group_wait=seconds(alertmanager["alertmanager_group_wait"]),
        severities=alertmanager["alertmanager_severities"],
    )


def causes(every: Intervals, settings: dict[str, dict[str, Any]]) -> dict[str, list[Wait]]:
    """What passes before the rule can see the fault at an evaluation, by alert."""

    def of(alert: str, value: str) -> float:
        return float(settings[alert][value])

    push: list[Wait] = [("push", every.push), ("scrape", every.scrape)]
    # What a probe, a ping or a run finds is a value at once.
    probe: list[Wait] = [("probe", every.probe), ("its timeouts", 2 * every.probe_timeout)]
    # A ping is measured by its answer, and reported with the next one.
    measured: list[Wait] = [("ping", PING), ("the next ping", PING)]
    failures = math.floor(of("CollectorPushErrors", "failures")) + 1
    waits = sum(BACKOFF[: failures - 1])
    attempts = every.victoria + failures * every.victoria_timeout + waits
    spooled = math.floor(of("CollectorSpoolGrowing", "samples") / SAMPLES) + 1
    refused = math.floor(of("PingsRefused", "requests")) + 1
    # A series that did not exist before counts from its second value on: that is one push more.
    first: Wait = ("first count", every.push)
    share = of("N8nErrorRateHigh", "percent") / 100 * of("N8nErrorRateHigh", "minutes") * 60
    return {
        "CollectorStale": [("age", of("CollectorStale", "intervals") * every.push)],
        "CollectorAbsent": [("scrape", every.scrape)],
        "PushFailing": push,
        "CollectorPushErrors": [("ping", PING), ("attempts", attempts), *push],
        "CollectorMemoryHigh": push,
        "CollectorSpoolGrowing": [("pings", spooled * PING), *push],
        "CollectorSpoolDropping": push,
        "PingsRefused": [("pings", refused * PING), first, *push],
        "DatabaseDown": [*probe, *push],
        "DatabaseSlow": [*probe, *push],
        "PingMissing": [("age", of("PingMissing", "seconds"))],
        "PingRttHigh": [*measured, *push],
        "PingRttCritical": [*measured, *push],
        "ClockOffsetHigh": [*measured, *push],
        "N8nExporterStale": [("age", of("N8nExporterStale", "seconds"))],
        "N8nErrorRateHigh": [
            ("share of the window", share),
            ("runs of the exporter", 2 * N8N),  # the first count, and the last
            ("scrape", every.scrape),
        ],
        "TargetDown": [
            ("scrape", every.scrape),
            ("its timeout", min(TIMEOUT_SCRAPE, every.scrape)),
        ],
        "DuplicateCollection": push,
        "PushGroupStale": [("age", of("PushGroupStale", "hours") * 3600)],
        "CertificateExpiresSoon": [],
        "RuleEvaluationFailing": [
            ("evaluation that fails", every.evaluation),
            ("scrape", every.scrape),
        ],
        "AlertNotificationsFailing": [("scrape", every.scrape)],
    }


def longest(every: Intervals, settings: dict[str, dict[str, Any]]) -> dict[str, list[Wait]]:
    """All waits from the fault to the message, by alert."""
    found = {}
    for alert, before in causes(every, settings).items():
        of = settings[alert]
        # C(for) is over at an evaluation.
        held = math.ceil(seconds(of["for"]) / every.evaluation) * every.evaluation
        own = every.severities.get(of["severity"], {}).get("group_wait")
        found[alert] = [
            *before,
            ("evaluation", every.evaluation),
            *([("`for`", held)] if held else []),
            ("`group_wait`", seconds(own) if own else every.group_wait),
        ]
    return found


def table(language: str, settings: dict[str, dict[str, Any]]) -> list[str]:
    """The table of docs/alerting.md."""
    words = WORDS.get(language, {})
    lines = [COLUMNS[language], "| --- | --- | ---: |"]
    for alert, waits in longest(defaults(), settings).items():
        terms = " + ".join(f"{words.get(what, what)} {wait:g}" for what, wait in waits)
        lines.append(f"| {alert} | {terms} | {sum(wait for _what, wait in waits):g} s |")
    return lines
