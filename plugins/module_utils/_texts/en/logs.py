# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logs in Loki: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "logs": {"expected": "lines arrive in Loki"},
    "logs.no_loki": {"seen": "no Loki is given"},
    "logs_found": {
        "expected": "Loki at {url} has the line that was sent, found by its text within {wait:.0f} s",
        "seen": "not judged",
    },
    "logs_found.ok": {"seen": "{seconds:.2f} s after it was sent"},
    "logs_found.missing": {
        "seen": "not within {seconds:.0f} s, although Loki accepted it",
        "cause": "it is written to another Loki or tenant than is read, or the distributor does not reach the ingesters",
        "fix": "compare the URLs for writing and reading and their tenant; look at Loki's own log",
    },
    "logs_labels": {
        "expected": "it is found by its labels host, container, service and level, too",
        "seen": "not judged",
    },
    "logs_labels.ok": {"seen": "{seconds:.2f} s after it was sent"},
    "logs_labels.missing": {
        "seen": "not within {seconds:.0f} s",
        "cause": "something before Loki changes or drops labels, or Loki has a limit of labels",
        "fix": "ask Loki for the labels of the line (query its text), and look for relabelling before it",
    },
    "logs.check_mode": {"seen": "check mode: nothing is sent"},
    "logs.not_pushed": {"seen": "it could not be sent: see the check logs found"},
    "logs_of": {
        "expected": "Loki has a line of this host from the last {age:.0f} s",
        "seen": "not judged",
    },
    "logs_of.ok": {"seen": "the newest is {seconds:.0f} s old"},
    "logs_of.old": {
        "seen": "the newest is {seconds:.0f} s old",
        "cause": "the log shipper of that host has stopped or lags, or nothing there writes lines",
        "fix": "look at the shipper's container and log, and at its buffer",
    },
    "logs_of.none": {
        "seen": "none in the last 24 hours",
        "cause": "the log shipper does not run there, sends elsewhere, or names the host otherwise",
        "fix": "deploy it (--tags log_shipper), and compare log_shipper_host and log_shipper_loki_url",
    },
}
