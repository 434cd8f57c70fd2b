# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The longest time from a fault to its message, by alert, from the defaults of roles and collector.

A sum of waits, each of which is at most one whole interval: nothing here is measured. What passes
before the rule can see the fault is the key C(waits) of the alert's file: names of intervals, or a
name with its formula.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._alerts.files import (
    Alert,
    alerts,
    defaults,
)
from ansible_collections.vya.observability.plugins.plugin_utils._alerts.rules import (
    JINJA,
    typed_values,
)

ROOT = Path(__file__).parents[2]
# What is in no role: the senders' own intervals, in seconds, and what a collector does by itself.
SENDERS = {
    "ping": 30.0,
    "n8n": 180.0,
    "samples_per_ping": 2,  # on their way to VictoriaMetrics
    "backoff": (1, 2),  # seconds before a collector's second and third attempt
}
SCRAPE_TIMEOUT = 10.0  # Prometheus's default, where the interval is not shorter

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


def intervals() -> dict[str, Any]:
    """How often each part does its work, in seconds, by the defaults of roles and collector."""
    sys.path.insert(0, str(ROOT / "roles/image/files/collector"))
    from collector.settings import Database, VictoriaMetrics

    prometheus = read("roles/prometheus/defaults/main.yml")
    collector = read("roles/collector/defaults/main.yml")
    scrape = seconds(prometheus["prometheus_scrape_interval"])
    return {
        **SENDERS,
        "scrape": scrape,
        "scrape_timeout": min(SCRAPE_TIMEOUT, scrape),
        "evaluation": seconds(prometheus["prometheus_evaluation_interval"]),
        "push": float(collector["collector_pushgateway_interval_seconds"]),
        "probe": float(Database.model_fields["interval_seconds"].default),
        # Of connecting, and again of the query.
        "probe_timeout": float(Database.model_fields["timeout_seconds"].default),
        "victoria": float(VictoriaMetrics.model_fields["interval_seconds"].default),
        "victoria_timeout": float(VictoriaMetrics.model_fields["timeout_seconds"].default),
    }


def causes(alert: Alert, every: Mapping[str, Any]) -> Iterator[Wait]:
    """What passes before the rule can see the fault at an evaluation."""
    known = {**every, **typed_values(alert, defaults(alert))}
    for wait in alert["waits"]:
        for what, formula in wait.items() if isinstance(wait, dict) else [(wait, wait)]:
            yield what, float(JINJA.compile_expression(formula)(known))


def longest(
    alert: Alert, every: Mapping[str, Any], alertmanager: Mapping[str, Any]
) -> Iterator[Wait]:
    """All waits from the fault to the message; C(alertmanager) are the variables of that role."""
    yield from causes(alert, every)
    yield "evaluation", every["evaluation"]
    # C(for) is over at an evaluation.
    evaluations = math.ceil(seconds(alert["for"]) / every["evaluation"])
    if evaluations:
        yield "`for`", evaluations * every["evaluation"]
    severity = alertmanager["alertmanager_severities"].get(alert["severity"], {})
    yield (
        "`group_wait`",
        seconds(severity.get("group_wait", alertmanager["alertmanager_group_wait"])),
    )


def longest_table(language: str) -> Iterator[str]:
    """The lines of the table of docs/alerting.md."""
    words = WORDS.get(language, {})
    every, alertmanager = intervals(), read("roles/alertmanager/defaults/main.yml")
    yield COLUMNS[language]
    yield "| --- | --- | ---: |"
    for name, alert in alerts().items():
        waits = list(longest(alert, every, alertmanager))
        terms = " + ".join(f"{words.get(what, what)} {wait:g}" for what, wait in waits)
        yield f"| {name} | {terms} | {sum(wait for _what, wait in waits):g} s |"
