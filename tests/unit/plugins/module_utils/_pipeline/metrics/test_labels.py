# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels as pushed, of the catalogue, by one path alone."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import Series
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import Group
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.arrival import (
    sample_names,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.labels import (
    judge_labels,
    judge_once,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

from .tools import FAMILIES, WF001, gateway, group, series

CATALOGUE = {"rtt_seconds": ["source"], "up": []}


def all_series(job: str = WF001.job, instance: str = "wf001") -> list[Series]:
    return [series(name, job=job, instance=instance) for name in sample_names(FAMILIES.items())]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([], "series.missing"),
        ([series("x")], "labels.ok"),
        (
            [series("rtt_seconds_bucket", source="x", le="1"), series("up"), series("z", y="")],
            "labels.ok",
        ),
        ([series("x"), series("x", exported_instance="g")], "labels.no_honor_labels"),
        ([series("x", job="gw", exported_job=WF001.job)], "labels.no_honor_labels"),
        ([series("x"), series("x", instance="wf002")], "labels.other_instance"),
        *(
            ([series("x"), series("x", instance=address)], "labels.bind_address")
            for address in ("0.0.0.0:5000", "127.0.0.1:5000", "localhost", "[::]:5001")
        ),
    ],
)
def test_labels(found: list[Series], code: str) -> None:
    assert judge_labels(WF001, gateway(group()), found, CATALOGUE).code == code


def test_labels_that_the_catalogue_does_not_give() -> None:
    found = [series("up"), series("rtt_seconds_sum", city="x")]
    check = judge_labels(WF001, gateway(group()), found, CATALOGUE)
    assert (check.status, check.code) == ("fail", "labels.not_of_catalogue")
    wrong = text("metric_labels", metric="rtt_seconds", labels={"city", "source"})
    assert check.values["metrics"] == [wrong]


BRAZIL = group(job="collector_api_wf008_brazil", instance="wf008")


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ([], all_series()),
        ([], [series("api_requests_total", job="shop", instance="shop:80")]),  # chance
        ([BRAZIL], all_series("scrape", "wf008:9102")),  # the copy of another host
    ],
)
def test_once(others: list[Group], found: list[Series]) -> None:
    assert judge_once([WF001], gateway(group(), *others), found)[0].status == "pass"


@pytest.mark.parametrize(
    ("others", "found", "way"),
    [
        ([], [*all_series(), *all_series("scrape", "wf001:9102")], "scraped"),
        ([group(job="old_name")], [], "pushed"),
    ],
)
def test_twice(others: list[Group], found: list[Series], way: str) -> None:
    check = judge_once([WF001], gateway(group(), *others), found)[0]
    assert (check.status, check.code) == ("fail", "once.twice")
    labels = others[0].text if others else 'job="scrape" instance="wf001:9102"'
    # process_* tells nothing.
    assert check.values["ways"] == [text(f"way.{way}", labels=labels, names=4, of=4)]


def test_what_came_with_other_labels_alone_is_not_there_twice() -> None:
    assert judge_once([WF001], gateway(group()), all_series("other"))[0].code == "once.ok"


def test_no_group_to_compare_with() -> None:
    assert judge_once([WF001], gateway(), [])[0].code == "group.missing"
