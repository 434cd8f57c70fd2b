# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role fills in: texts in its language, and the values of its variables."""

from __future__ import annotations


def t(english: str, portuguese: str) -> str:
    """A text in the language that ``grafana_language`` names."""
    return f"<< t('{english}', '{portuguese}') >>"


def role(name: str) -> str:
    """The value of the variable ``grafana_NAME``, as a part of a text."""
    return f"<< grafana_{name} >>"


def number(name: str, factor: str = "") -> str:
    """The value of the variable ``grafana_NAME``, as a number. ``factor``: Jinja, like ``/ 1000``."""
    return f"number:grafana_{name} | float {factor}".rstrip()


Step = tuple[str, float | str | None]


def levels(warning: float | str, critical: float | str) -> list[Step]:
    """Thresholds: green, yellow from the first on, red from the second on."""
    return [("green", 0), ("yellow", warning), ("red", critical)]


PROMETHEUS = role("prometheus_uid")
VICTORIAMETRICS = role("victoriametrics_uid")
N8N = role("n8n_uid")
LOKI = role("loki_uid")

# The windows of rates and quantiles, and how often what they are taken over arrives.
RATE = role("rate_window")
QUANTILE = role("quantile_window")
N8N_RATE = role("n8n_rate_window")
PUSH_INTERVAL = role("push_interval_seconds") + "s"
INTERVALS = {
    RATE: PUSH_INTERVAL,
    QUANTILE: PUSH_INTERVAL,
    N8N_RATE: role("n8n_interval_seconds") + "s",
}

PUSH_STALE = role("push_stale_seconds")
N8N_STALE = role("n8n_stale_seconds")

RTT = levels(number("rtt_warning_ms", "/ 1000"), number("rtt_critical_ms", "/ 1000"))
CLOCKS = levels(
    number("clock_offset_warning_ms", "/ 1000"), number("clock_offset_critical_ms", "/ 1000")
)
DATABASE = levels(number("database_warning_ms", "/ 1000"), number("database_critical_ms", "/ 1000"))
MEMORY = levels(number("memory_critical_mb", "* 750000"), number("memory_critical_mb", "* 1000000"))
N8N_ERRORS = levels(
    number("n8n_error_warning_percent", "/ 100"), number("n8n_error_critical_percent", "/ 100")
)
PUSH_AGE = levels(number("push_interval_seconds", "* 2"), number("push_stale_seconds"))
N8N_AGE = levels(number("n8n_interval_seconds", "* 2"), number("n8n_stale_seconds"))
