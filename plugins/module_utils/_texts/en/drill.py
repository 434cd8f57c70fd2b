# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills of alerts: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "drill": {
        "expected": "within {timeout:g} s",
        "seen": "after {took:.1f} s",
    },
    "drill.no_scenario": {
        "seen": "it has no drill",
    },
    "drill.no_rule": {
        "seen": "Prometheus has not loaded such a rule",
    },
    "drill.not_expected": {
        "seen": "the rule covers only expected hosts and sources; its expression has no {missing}",
    },
    "drill.too_short": {
        "seen": "it takes at least {least:g} s to fire; timeout_hops is {timeout:g}",
    },
    "drill.missed": {
        "seen": "not within that time",
        "fix": "look at the alert in Prometheus and in Alertmanager, or raise timeout_hops",
    },
    "drill.missed.settled": {
        "cause": "it was already firing, or Prometheus does not scrape the gateway",
    },
    "drill.missed.pending": {
        "cause": "the rule does not see the pushed series: Prometheus does not scrape the gateway, or scrapes it without honor_labels",
    },
    "drill.missed.firing": {
        "cause": "its condition did not hold for as long as its `for`",
    },
    "drill.missed.in_alertmanager": {
        "cause": "Prometheus has no Alertmanager, or cannot reach it",
    },
    "drill.missed.told": {
        "cause": "its route has no receiver, the receiver refuses it, or it is silenced or inhibited",
    },
    "drill.missed.cleared": {
        "cause": "the rule looks back over a window that is longer than timeout_hops",
    },
    "drill.missed.cleared_in_alertmanager": {
        "cause": "Prometheus can no longer reach Alertmanager",
    },
    "drill.missed.told_of_its_end": {
        "cause": "send_resolved is off, or group_interval is longer than timeout_hops",
    },
    "receivers": {
        "expected": "no notification fails",
        "seen": "none failed",
    },
    "receivers.failed": {
        "seen": "{receivers:; }",
        "cause": "a receiver of that type is down or refuses messages: check its address, credentials and rate limits; others may have been notified",
        "fix": "read Alertmanager's log, which names the receiver and the error",
    },
    "failed_receiver": "{receiver}: {n} failed",
    "drill_waits": "{alert} waits for `{hop}` since {since}, until {until} at the latest",
    "drill_progress": "{waits:some; }",
    "drill_away": "{waits:some; } ({request} fails, and is repeated)",
}
