# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway as a scrape target: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "target": {
        "expected": "the scrape target of job {job} is up",
        "seen": "{target} is up",
    },
    "target.missing": {
        "seen": "no such target; existing jobs: {jobs:some}",
        "cause": "Prometheus has no scrape job for the gateway",
        "fix": "add a scrape job {job} with honor_labels: true, and reload Prometheus",
    },
    "target.down": {
        "seen": "{target} is down, its last scrape failed: {error}",
        "cause": "Prometheus cannot reach the gateway at this address, or its credentials are refused",
        "fix": "correct target, scheme, metrics_path or basic_auth of the scrape job",
    },
    "target.not_scraped": {
        "seen": "{target} is not scraped yet",
        "cause": "Prometheus has just started or was reloaded",
        "fix": "repeat the check",
    },
}
