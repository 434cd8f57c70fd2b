# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote write: what is refused, dropped or stuck now accuses, what was so before does not."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import Sample
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics import (
    remote_write,
)

from .tools import NOW


def writes(behind: float = 0, **values: float) -> list[Sample]:
    labels = {"remote_name": "a1", "url": "http://store/api/v1/write"}
    found = [Sample(f"prometheus_remote_storage_{n}", labels, v) for n, v in values.items()]
    newest = "prometheus_remote_storage_highest_timestamp_in_seconds"
    sent = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds"
    return [*found, Sample(newest, {}, NOW), Sample(sent, labels, NOW - behind)]


@pytest.mark.parametrize(
    ("before", "now", "recent", "outcome"),
    [
        ({"samples_total": 5}, {"samples_total": 9}, 0, "pass remote_write.ok"),
        ({"samples_failed_total": 5}, {"samples_failed_total": 9}, 5, "fail remote_write.refused"),
        ({"samples_failed_total": 5}, {"samples_failed_total": 5}, 0, "pass remote_write.ok"),
        (
            {"samples_failed_total": 5},
            {"samples_failed_total": 5},
            5,
            "warn remote_write.refused_before",
        ),
        (
            {"samples_retried_total": 5},
            {"samples_retried_total": 9, "samples_pending": 3, "behind": 9},
            0,
            "fail remote_write.retried",
        ),
        # It was repeated, and arrived.
        ({"samples_retried_total": 5}, {"samples_retried_total": 9}, 0, "pass remote_write.ok"),
        ({}, {"samples_pending": 3, "behind": 300}, 0, "fail remote_write.behind"),
        # It catches up.
        ({"behind": 400}, {"samples_pending": 3, "behind": 300}, 0, "pass remote_write.ok"),
    ],
)
def test_remote_write(
    before: dict[str, float], now: dict[str, float], recent: float, outcome: str
) -> None:
    old, new = remote_write.queues(writes(**before))["a1"], remote_write.queues(writes(**now))["a1"]
    check = remote_write.judge_remote_write(new, old, recent)
    assert f"{check.status} {check.code}" == outcome


BATCHES = "sent_batch_duration_seconds_count"


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ({BATCHES: 4}, {BATCHES: 4, "samples_pending": 9}, "fail remote_write.stuck"),
        ({BATCHES: 4}, {BATCHES: 5, "samples_pending": 9}, "pass remote_write.ok"),
        ({BATCHES: 4}, {BATCHES: 4}, "pass remote_write.ok"),
        ({}, {"samples_dropped_total": 9}, "fail remote_write.nothing"),
        ({}, {"samples_dropped_total": 9, "samples_total": 1}, "pass remote_write.ok"),
    ],
)
def test_writes_of_which_nothing_is_heard(
    before: dict[str, float], now: dict[str, float], outcome: str
) -> None:
    old, new = (
        remote_write.queues(writes(**{BATCHES: 0, **before}))["a1"],
        remote_write.queues(writes(**now))["a1"],
    )
    check = remote_write.judge_remote_write(new, old, quiet=remote_write.is_quiet(new, old))
    assert f"{check.status} {check.code}" == outcome
    assert remote_write.is_quiet(new, None) is (outcome == "fail remote_write.nothing")


def test_what_is_dropped_before_it_is_sent() -> None:
    labels = {"remote_name": "a1", "url": "u"}
    name = "prometheus_remote_storage_samples_dropped_total"
    old = remote_write.queues([Sample(name, {**labels, "reason": "too_old"}, 1), *writes()])["a1"]
    new = remote_write.queues([Sample(name, {**labels, "reason": "too_old"}, 2), *writes()])["a1"]
    assert remote_write.judge_remote_write(new, old).code == "remote_write.dropped"
    # By write_relabel_configs; older versions do not tell the two apart.
    for more in ({"reason": "dropped_series"}, {}):
        new = remote_write.queues([Sample(name, {**labels, **more}, 2), *writes()])["a1"]
        assert remote_write.judge_remote_write(new, old).code == "remote_write.ok"


class Silence:
    """Prometheus, which has refused nothing."""

    def query_values(self, _query: str) -> list[Any]:
        return []


DROPS = {"samples_total": 0, "samples_dropped_total": 9}


@pytest.mark.parametrize(
    ("before", "ago", "wait", "outcome"),
    [
        # Since the beginning of the run: nothing is waited for.
        (DROPS, 45, 0, "fail remote_write.nothing"),
        # Since then only: as long as there is time for.
        ({**DROPS, "samples_dropped_total": 0}, 45, 0, "pass remote_write.ok"),
        (DROPS, 1, 0, "pass remote_write.ok"),
        # It has been started again.
        ({"samples_total": 5}, 45, 0, "pass remote_write.ok"),
    ],
)
def test_nothing_is_written_and_the_time_is_nearly_over(
    before: dict[str, float], ago: float, wait: float, outcome: str
) -> None:
    old, new = (writes(**values) for values in (before, DROPS))
    began = time.monotonic() - ago
    (check,) = remote_write.check_remote_write(
        lambda: new, cast("Any", Silence()), old, True, wait, began
    )
    assert f"{check.status} {check.code}" == outcome
    assert time.monotonic() - began < ago + 1
