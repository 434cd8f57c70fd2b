# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marker that is followed from the gateway: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "roundtrip": {
        "expected": "{place} at {url} has the marker with the labels it was pushed with",
        "seen": "not within {seconds:.0f} s",
    },
    "roundtrip.ok": {
        "seen": "{seconds:.2f} s after the push",
    },
    "roundtrip.check_mode": {
        "seen": "check mode: nothing is pushed",
    },
    "roundtrip.not_on_gateway": {
        "seen": "it is not on the gateway: see the check roundtrip gateway",
    },
    "roundtrip.dropped": {
        "seen": "the push was accepted, but its group is still missing after {seconds:.0f} s",
        "cause": "the address leads to several gateways, or something else accepts pushes and drops them",
        "fix": "use the address of the one gateway that Prometheus scrapes",
    },
    "roundtrip.no_honor_labels": {
        "seen": 'only as job="{job}" exported_job="{exported_job}", {seconds:.2f} s after the push',
        "cause": "the scrape job {job} has no honor_labels: true",
        "fix": "set honor_labels: true in that scrape job and reload Prometheus",
    },
    "roundtrip.relabelled": {
        "seen": 'as job="{job}" instance="{instance}"',
        "cause": "relabelling changes job or instance on the way to {place}",
        "fix": "look for metric_relabel_configs, write_relabel_configs and external_labels",
    },
    "roundtrip.other_gateway": {
        "seen": "not within {seconds:.0f} s; {target} is up, but its process is not the gateway's that was pushed to",
        "cause": "Prometheus scrapes another gateway",
        "fix": "compare the target's address with the gateway's",
    },
    "roundtrip.see_prometheus": {
        "cause": "it may not have reached Prometheus with its labels either",
        "fix": "fix the check roundtrip Prometheus first",
    },
    "roundtrip.not_written": {
        "cause": "Prometheus has no remote_write to this VictoriaMetrics, drops the marker (write_relabel_configs), or lags",
        "fix": "compare its remote_write with the URL that was checked here",
    },
    "roundtrip.other_source": {
        "cause": "the data source {uid} leads to another server, or to a VictoriaMetrics that hides samples younger than -search.latencyOffset (30 s)",
        "fix": "compare its URL with the servers that were checked here",
    },
    "roundtrip_removed": {
        "expected": "the marker is removed from every place that it reached",
        "seen": "{places:; }",
    },
    "roundtrip_removed.not_pushed": {
        "seen": "nothing was pushed",
    },
    "roundtrip_removed.gateway": {
        "cause": "the gateway is down or refuses DELETE, or its address leads to several gateways",
        "fix": "remove the groups of job {job} with pushgateway_group, or run this again",
    },
    "roundtrip_removed.prometheus": {
        "cause": "it scrapes less often than wait, or another gateway has the group too",
        "fix": "make wait longer than the scrape interval; a series that is no longer scraped ends after 5 min",
    },
    "roundtrip_removed.victoriametrics": {
        "cause": "the series has not ended in Prometheus yet, or another Prometheus also writes it",
        "fix": "run this again: it deletes series that have ended by then",
    },
    "roundtrip_removed.not_allowed": {
        "cause": "VictoriaMetrics has a -deleteAuthKey, or these credentials are not allowed to delete",
        "fix": "delete the series of job {job} by hand, or run this again",
    },
    "marker_off_gateway": "gone from the gateway {seconds:.2f} s after the push",
    "marker_on_gateway": "still on the gateway",
    "marker_gateway_silent": "may still be on the gateway ({error})",
    "marker_ended_in_prometheus": "ended in Prometheus {seconds:.2f} s after the push",
    "marker_not_in_prometheus": "not in Prometheus",
    "marker_in_prometheus": "still in Prometheus {seconds:.0f} s after the push",
    "marker_prometheus_silent": "may still be in Prometheus ({error})",
    "marker_deleted": "deleted in VictoriaMetrics {seconds:.2f} s after the push",
    "marker_ended_in_store": "ended in the store {seconds:.2f} s after the push",
    "marker_not_in_victoriametrics": "not in VictoriaMetrics",
    "marker_in_victoriametrics": "still written to VictoriaMetrics {seconds:.0f} s after the push",
    "marker_victoriametrics_silent": "may still be in VictoriaMetrics ({request}: {error})",
    "marker_others": "also removed {n} left by killed runs",
    "roundtrip.not_scraped": {
        "seen": "not within {seconds:.0f} s; {target} is up, last scraped at {last_scrape}",
        "cause": "not decided here: Prometheus does not store what it scrapes, drops the marker (metric_relabel_configs), or scrapes more seldom than that",
        "fix": "look at the checks target and storage; make wait longer than the scrape interval",
    },
}
