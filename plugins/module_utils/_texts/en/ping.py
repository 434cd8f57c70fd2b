# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "ping": {
        "expected": "200 for {count} pings, each answer with its id and all fields",
        "seen": "{count} of {count}, processing {processing:ms}",
    },
    "ping.no_collectors": {"seen": "no collector is given"},
    "ping.bad_answer": {
        "cause": "another version of the API, or another service, answers at this address",
        "fix": "compare the version at / with the deployed one",
    },
    "ping.bad_answer.no_object": {
        "seen": "the answer is not a JSON object",
    },
    "ping.bad_answer.fields_missing": {
        "seen": "the answer lacks {missing}",
    },
    "ping.bad_answer.other_ping": {
        "seen": "the answer is for another ping: {other}, not {ping_id}",
    },
    "ping.bad_answer.no_time": {
        "seen": "not an ISO-8601 UTC time: {time}",
    },
    "ping.bad_answer.times_reversed": {
        "seen": "processed before it was received",
    },
    "ping.key_refused": {
        "seen": "{answer}",
        "cause": "the collector has a different key: it has not been deployed since the key changed",
        "fix": "deploy the collector, or give this check the key that was deployed",
    },
    "ping.other_version": {
        "seen": "{answer}",
        "cause": "another version of the API",
        "fix": "compare the version at / with the deployed one",
    },
    "ping.not_protected": {
        "seen": "200 {body}",
        "cause": "the API does not check keys: anyone can send pings",
        "fix": "take the collector off the network, then check its keys_file",
    },
    "ping.lost": {
        "seen": "the collector itself counts {known} of {count} pings",
        "cause": "it restarted in the meantime, or several collectors answer at this address",
        "fix": "check each collector at its own URL",
    },
    "rtt": {
        "expected": "the p95 of the round trips is at most {limit:g} s",
        "seen": "p50 {p50:ms}, p95 {p95:ms}",
    },
    "rtt.slow": {
        "cause": "the collector or the network is overloaded, or the collector is far away",
        "fix": "compare with a ping on its own host",
    },
    "clock": {
        "expected": "the clocks are at most {limit:g} s apart",
        "seen": "{offset:+.3f} s, ±{uncertainty:.3f} s",
    },
    "clock.apart": {
        "cause": "the clock of the collector's host, or of this one, is not synchronised (NTP)",
        "fix": "check timedatectl on both hosts",
    },
    "key": {
        "expected": "a ping with key {number} is answered 200",
        "seen": "200",
    },
    "wrong_key": {
        "expected": "a ping with a wrong key is answered 401",
        "seen": "401",
    },
    "no_key": {
        "expected": "a ping without a key is answered 401",
        "seen": "401",
    },
    "counted": {
        "expected": '{metric}{{instance="{instance}"}} in Prometheus is the time of the last ping',
        "seen": "{pings} pings, in Prometheus within {seconds:.1f} s",
    },
    "counted.another_run": {
        "seen": "not judged: the collector had forgotten the pings ({seconds:.0f} s): another validation removes them, or it was restarted",
        "fix": "validate again, when no other validation is running; look for a restart of the collector",
    },
    "counted.missing": {
        "seen": "not within {seconds:.0f} s",
        "cause": "the collector's pushes do not reach this Prometheus, or arrive under another instance",
        "fix": "see the checks of push and scrape",
    },
    "counted.missing.older": {
        "seen": "not within {seconds:.0f} s; the newest value is {behind:span} older",
    },
    "sampled": {
        "expected": '{metric}{{host="{host}"}} in VictoriaMetrics has samples of these pings',
        "seen": "none within {seconds:.0f} s",
    },
    "sampled.ok": {
        "seen": "after {seconds:.1f} s",
    },
    "sampled.another_run": {
        "seen": "not judged: the collector had forgotten the pings ({seconds:.0f} s): another validation removes them, or it was restarted",
        "fix": "validate again, when no other validation is running; look for a restart of the collector",
    },
    "sampled.off": {
        "seen": "not sent: collector_victoriametrics_url of this collector is empty",
    },
    "sampled.not_sent": {
        "cause": "the collector's settings have no victoriametrics section, so it sends no samples",
        "fix": "deploy the collector with the URL of VictoriaMetrics",
    },
    "sampled.queued": {
        "cause": "the collector cannot deliver: {error}",
        "fix": "read its /health: {samples} samples are queued",
    },
    "samples_queued": "its samples are queued",
    "sampled.elsewhere": {
        "cause": "the collector sends to another VictoriaMetrics",
        "fix": "compare victoriametrics.url in the collector's settings with the URL that was checked",
    },
    "forgotten": {
        "expected": "no test series are left behind",
        "seen": "left: {left:; }",
    },
    "forgotten.ok": {
        "seen": "removed",
    },
    "forgotten.another_run": {
        "seen": "removed; another validation is running",
    },
    "forgotten.left": {
        "cause": "the gateway or VictoriaMetrics did not accept the removal",
        "fix": "validate again",
    },
    "forgotten.not_able": {
        "cause": "the collector is too old: it cannot delete a source",
        "fix": "deploy the collector",
    },
    "forgotten.not_done": {
        "cause": "the collector accepted the pings, but now fails or does not answer",
        "fix": "restart the collector: its next push no longer has them",
    },
    "left_on_collector": "series on the collector and the gateway (DELETE {path}: {error})",
    "left_on_gateway": "series on the gateway, because the collector cannot push",
    "left_in_victoriametrics": "samples in VictoriaMetrics",
}
