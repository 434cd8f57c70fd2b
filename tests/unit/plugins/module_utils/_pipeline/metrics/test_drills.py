# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a killed drill has left is named as that, one that is under way as such."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import (
    Gateway,
    Group,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.drills import (
    judge_drills,
)

NOW = 1_000_000.0


def group(job: str, age: float) -> Group:
    labels = {"job": job, "instance": "drill"}
    return Group(labels, True, NOW - age, 0.0, 0.0, {"drill": "untyped"})


@pytest.mark.parametrize(
    ("groups", "outcomes"),
    [
        ([group("collector_api_wf001_usa", 5)], []),
        ([group("drill_databasedown", 5), group("drill_running", 5)], ["pass drills.under_way"]),
        # What is silent is part of its drill, as long as somebody says so.
        (
            [group("collector_api_drill_collectorstale", 400), group("drill_running", 9)],
            ["pass drills.under_way"],
        ),
        ([group("drill_databasedown", 500), group("drill_running", 500)], ["warn drills.left"]),
        ([group("collector_api_drill_collectorstale", 500)], ["warn drills.left"]),
    ],
    ids=["none", "running", "running and silent", "killed", "killed, of an earlier version"],
)
def test_groups_of_a_drill(groups: list[Group], outcomes: list[str]) -> None:
    checks = judge_drills(Gateway(tuple(groups), NOW))
    assert [f"{check.status} {check.code}" for check in checks] == outcomes
