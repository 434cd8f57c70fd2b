# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Prometheus scrapes the gateway, by what it says itself; and once."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import Target
from ansible_collections.vya.observability.plugins.module_utils._pipeline.target import (
    judge_target,
    judge_twice,
)


def target(url: str, job: str = "pushgateway", error: str = "") -> Target:
    return Target(job, "g", url, "down" if error else "up", error, "2027-01-15T08:00:00Z")


# What Prometheus 2 and 3 say, word for word.
SAID = {
    'Get "http://g/metrics": context deadline exceeded': "timeout",
    "sample limit exceeded": "limit",
    "body size limit exceeded": "limit",
    "target_limit exceeded (number of targets: 2, limit: 1)": "limit",
    'label_limit exceeded (metric: "x", number of labels: 5, limit: 2)': "limit",
    'Get "http://g/metrics": dial tcp 10.0.0.1:9091: connect: connection refused': "refused",
    'Get "http://g/metrics": dial tcp: lookup g on 127.0.0.11:53: no such host': "dns",
    "server returned HTTP status 401 Unauthorized": "status",
    'Get "https://g/metrics": x509: certificate signed by unknown authority': "tls",
    'Get "https://g/metrics": http: server gave HTTP response to HTTPS client': "tls",
    'Get "http://g/metrics": dial tcp 10.0.0.1:9091: connect: no route to host': "unreachable",
    'expected value after metric, got "<" ("INVALID") while parsing: "<html"': "format",
}


@pytest.mark.parametrize(("error", "outcome"), SAID.items())
def test_why_a_scrape_fails(error: str, outcome: str) -> None:
    check = judge_target([target("http://g/metrics", error=error)], "pushgateway")
    assert (check.status, check.code) == ("fail", f"target.down.{outcome}")
    assert check.values["error"] == error


def test_another_error_has_no_cause_of_ours() -> None:
    assert judge_target([target("http://g/x", error="EOF")], "pushgateway").code == "target.down"


@pytest.mark.parametrize(
    ("other", "started", "code"),
    [
        ("http://g:9091/metrics", 2.0, "target.twice"),
        ("http://10.0.0.1:9091/metrics", 1.0, "target.twice"),
        ("http://h:9091/metrics", 2.0, "target.ok"),
        # Another service behind the same proxy.
        ("http://g:9091/other/metrics", 2.0, "target.ok"),
    ],
)
def test_a_gateway_that_is_scraped_twice(other: str, started: float, code: str) -> None:
    targets = [target("http://g:9091/metrics"), target(other, "second")]
    once = judge_target(targets, "pushgateway")
    gateways = [(("pushgateway", "g"), 1.0), (("second", "g"), started)]
    assert judge_twice(once, gateways, targets).code == code
