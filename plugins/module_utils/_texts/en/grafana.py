# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What grafana_bundle proves: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "data_source": {
        "expected": "{type} at {address} answers to Grafana",
    },
    "data_source.its_address": "its address",
    "data_source.ok": {
        "seen": "{answer}",
    },
    "data_source.down": {
        "seen": "{answer}",
        "cause": "its URL or credentials are wrong, or it is down, as seen from Grafana's own host",
        "fix": "try {address} from Grafana's host or container",
    },
    "data_source.no_health": {
        "seen": "this server has no health check for type {type}",
    },
    "panel": {
        "expected": "data in the last {window:g} s",
    },
    "panel.ok": {
        "seen": "data",
    },
    "panel.library": {
        "seen": "a library panel: its queries are in the library",
    },
    "panel.valueless": {
        "seen": "variables {variables} have no value: only the browser finds it",
    },
    "panel.browser": {
        "seen": "query {ref} of {source}: Grafana's server cannot ask it, as only the browser does",
    },
    "panel.empty": {
        "seen": "no data: no series match in the window; query {ref} of {source}: {query}",
        "cause": "nothing exports this metric (yet), or the labels match no series",
        "fix": "look for the metric in the data source; set prove.wait if the data is still to come",
    },
    "panel.no_number": {
        "seen": "no data: only NaN values; query {ref} of {source}: {query}",
        "cause": "the query divides by zero or by an empty result",
        "fix": "run it in Grafana's Explore",
    },
    "panel.unanswered": {
        "seen": "not judged: query {ref} of {source} is not in Grafana's answer: {query}",
        "cause": "Grafana's server does not run this query: it is hidden, or runs in the browser",
        "fix": "run it in Grafana's Explore",
    },
    "panel.unasked": {
        "seen": "not judged: Grafana did not answer, not even to this query alone: {reason}; "
        "query {ref} of {source}: {query}",
        "cause": "Grafana or the data source is overloaded or away, something else answers in its "
        "place, or the query takes longer than the module waits",
        "fix": "run it in Grafana's Explore, and see how long it takes",
    },
    "panel.failed": {
        "seen": "{reason}; query {ref} of {source}: {query}",
        "cause": "the query is wrong, or its data source refuses it or does not answer in time",
        "fix": "run it in Grafana's Explore",
    },
    "panel.invalid": {
        "seen": "does not parse: {reason}; query {ref} of {source}: {query}",
        "cause": "the query is wrong",
        "fix": "correct the query",
    },
    "panel.no_source": {
        "seen": "variable {variable} stands for no data source: none fits its type and its pattern",
        "cause": "the data source is missing in this organisation, or the pattern of the variable is too narrow",
        "fix": "add a data source of this type to grafana_extra_datasources, or widen the pattern",
    },
    "panel.source_down": {
        "seen": "data source {source}: {reason}; query {ref}: {query}",
        "cause": "its data source does not answer Grafana",
        "fix": "look at the check of the data source first",
    },
}
