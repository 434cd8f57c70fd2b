# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What servers tell of themselves: a fault of now accuses, one of before does not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import Sample
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.own import (
    STARTED,
    judge_own,
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
