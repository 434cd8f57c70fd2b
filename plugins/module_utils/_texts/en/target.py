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
        "cause": "the error above is what Prometheus says of it",
        "fix": "correct target, scheme, metrics_path or basic_auth of the scrape job",
    },
    "target.not_scraped": {
        "seen": "{target} is not scraped yet",
        "cause": "Prometheus has just started or was reloaded",
        "fix": "repeat the check",
    },
    "target.down.timeout": {
        "cause": "the gateway answers too slowly for the scrape_timeout, or a firewall drops the packets",
        "fix": "raise scrape_timeout of the scrape job; look at the gateway's load and at the firewall",
    },
    "target.down.limit": {
        "cause": "a limit of the scrape job refuses the whole scrape: the error names it",
        "fix": "raise that limit (sample_limit, label_limit, body_size_limit, target_limit), or push less",
    },
    "target.down.refused": {
        "cause": "nothing listens there: the gateway is stopped, or has another port",
        "fix": "start the gateway, or correct the target's address",
    },
    "target.down.dns": {
        "cause": "Prometheus's resolver does not know the target's name",
        "fix": "correct the target, or create the DNS record; in Docker, put both into one network",
    },
    "target.down.status": {
        "cause": "the target answers with that status: 401 or 403 for credentials, 404 for metrics_path, 5xx for a fault of its own",
        "fix": "correct basic_auth or metrics_path of the scrape job, or read the target's log",
    },
    "target.down.tls": {
        "cause": "TLS fails between Prometheus and the target: scheme, CA or certificate",
        "fix": "correct scheme and tls_config of the scrape job",
    },
    "target.down.unreachable": {
        "cause": "there is no route from Prometheus to the target",
        "fix": "check network and firewall between the two",
    },
    "target.down.format": {
        "cause": "another service answers there, or the target's page is broken",
        "fix": "correct target and metrics_path of the scrape job",
    },
    "target.twice": {
        "seen": "{target} is up, and the same gateway is scraped as {jobs:some}, too",
        "cause": "several scrape jobs or targets lead to this gateway: its series are written twice",
        "fix": "remove all of them but one, and reload Prometheus",
    },
}
