# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What servers tell of themselves: a fault of now accuses, one of before does not."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import Sample
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.own import (
    STARTED,
    check_remote_write,
    is_quiet,
    judge_own,
    judge_remote_write,
    queues,
)

from .tools import DAY, NOW


def told(started: float = NOW - DAY, **values: float) -> list[Sample]:
    return [Sample(name, {}, value) for name, value in {STARTED: started, **values}.items()]


WAL, WRITES = "prometheus_tsdb_wal_corruptions_total", "prometheus_tsdb_wal_writes_failed_total"
LIMIT = "prometheus_target_scrapes_exceeded_sample_limit_total"
RELOADED = "prometheus_config_last_reload_successful"


@pytest.mark.parametrize(
    ("kind", "before", "now", "outcome"),
    [
        ("prometheus", {}, {RELOADED: 1}, set()),
        ("prometheus", {}, {RELOADED: 0}, {"fail reload.refused"}),
        ("alertmanager", {}, {f"alertmanager{RELOADED[10:]}": 0}, {"fail reload.refused"}),
        ("prometheus", {WRITES: 3}, {WRITES: 3}, set()),
        ("prometheus", {WRITES: 3}, {WRITES: 4}, {"fail storage.not_written"}),
        ("prometheus", {WRITES: 0}, {WRITES: 4, "started": NOW - 1}, {"fail storage.not_written"}),
        ("prometheus", {WAL: 1}, {WAL: 1}, {"warn storage.corrupt"}),
        ("prometheus", {WAL: 1}, {WAL: 1, "started": NOW - 60}, {"fail storage.corrupt"}),
        ("prometheus", {LIMIT: 1}, {LIMIT: 2}, {"fail limits.exceeded"}),
        (
            "prometheus",
            {},
            {"prometheus_target_scrapes_sample_out_of_order_total": 2},
            {"warn limits.refused"},
        ),
        ("victoriametrics", {}, {"vm_storage_is_read_only": 1}, {"fail storage.read_only"}),
        (
            "victoriametrics",
            {},
            {"vm_free_disk_space_bytes": 1e6, "vm_free_disk_space_limit_bytes": 1e7},
            {"fail storage.read_only"},
        ),
    ],
)
def test_what_a_server_tells(
    kind: str, before: dict[str, float], now: dict[str, Any], outcome: set[str]
) -> None:
    checks = judge_own(kind, told(**before), told(**now), NOW)
    assert {f"{c.status} {c.code}" for c in checks if c.status != "pass"} == outcome


def test_a_hidden_page_is_not_judged() -> None:
    (check,) = judge_own("prometheus", None, None, NOW)
    assert (check.status, check.code) == ("skip", "own_metrics.hidden")


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
    old, new = queues(writes(**before))["a1"], queues(writes(**now))["a1"]
    check = judge_remote_write(new, old, recent)
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
    old, new = queues(writes(**{BATCHES: 0, **before}))["a1"], queues(writes(**now))["a1"]
    check = judge_remote_write(new, old, quiet=is_quiet(new, old))
    assert f"{check.status} {check.code}" == outcome
    assert is_quiet(new, None) is (outcome == "fail remote_write.nothing")


def test_what_is_dropped_before_it_is_sent() -> None:
    labels = {"remote_name": "a1", "url": "u"}
    name = "prometheus_remote_storage_samples_dropped_total"
    old = queues([Sample(name, {**labels, "reason": "too_old"}, 1), *writes()])["a1"]
    new = queues([Sample(name, {**labels, "reason": "too_old"}, 2), *writes()])["a1"]
    assert judge_remote_write(new, old).code == "remote_write.dropped"
    # By write_relabel_configs; older versions do not tell the two apart.
    for more in ({"reason": "dropped_series"}, {}):
        new = queues([Sample(name, {**labels, **more}, 2), *writes()])["a1"]
        assert judge_remote_write(new, old).code == "remote_write.ok"


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
    old, new = ([*told(), *writes(**values)] for values in (before, DROPS))
    began = time.monotonic() - ago
    (check,) = check_remote_write(lambda: new, cast("Any", Silence()), old, True, wait, began)
    assert f"{check.status} {check.code}" == outcome
    assert time.monotonic() - began < ago + 1
