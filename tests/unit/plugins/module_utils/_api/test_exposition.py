# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of expositions says what Prometheus's own reader says."""

from __future__ import annotations

import math

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import (
    Sample,
    samples,
)

TEXT = r"""# HELP things_total How many.
# TYPE things_total counter
things_total 3
things_total{kind="a",of="b"} 1.5e+03 1700000000000
things_total{kind="a } 9",path="C:\\new\"\n",} +Inf
things_seconds{a="1"}	 2
job:things:rate5m{job="São Paulo"} -0.5
"""


def read(text: str) -> list[Sample]:
    """What the client library of Prometheus reads."""
    families = text_string_to_metric_families(text)
    return [Sample(each.name, each.labels, each.value) for one in families for each in one.samples]


def test_names_labels_and_values() -> None:
    assert samples(TEXT) == [
        Sample("things_total", {}, 3),
        Sample("things_total", {"kind": "a", "of": "b"}, 1500),
        Sample("things_total", {"kind": "a } 9", "path": 'C:\\new"\n'}, math.inf),
        Sample("things_seconds", {"a": "1"}, 2),
        Sample("job:things:rate5m", {"job": "São Paulo"}, -0.5),
    ]
    assert samples(TEXT) == read(TEXT)


def test_what_the_client_library_writes() -> None:
    registry = CollectorRegistry()
    gauge = Gauge("some_bytes", "Help with \\ and\na new line.", ["path"], registry=registry)
    for path in ('"quoted"', "a\\nb", "a\nb", "{x='1'} 2", ""):
        gauge.labels(path).set(1e300)
    Histogram("some_seconds", "Help.", registry=registry).observe(0.3)
    text = generate_latest(registry).decode()
    assert samples(text) == read(text)
    assert len(samples(text, "some_bytes", "some_seconds_bucket")) == 5 + 15


def test_only_some_names() -> None:
    assert [each.value for each in samples(TEXT, "things_seconds", "other")] == [2]
    assert samples(TEXT, "things") == []
    assert [math.isnan(each.value) for each in samples("x NaN")] == [True]


def test_what_is_no_exposition() -> None:
    page = "<html>\n<h1>Log in</h1>\nLog in\nname word\n</html>\n"
    assert samples(page) == []
    assert samples("") == []
