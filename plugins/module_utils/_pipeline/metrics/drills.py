# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge the groups of drills: one that is under way, or what a killed one has left."""

from __future__ import annotations

import re

from ..._api.pushgateway import Gateway
from ..._check import Ask, Check

JOBS = re.compile("(collector_api_)?drill_.+")
RUNNING = "drill_running"  # the group that a drill renews while it runs
DEAD = 120.0  # seconds since the last push of anything


def judge_drills(gateway: Gateway) -> list[Check]:
    """Return no check if there are no groups of a drill."""
    groups = [group for group in gateway.groups if JOBS.fullmatch(group.job)]
    if not groups:
        return []
    ask = Ask("drills", groups=[group.text for group in groups])
    said = [group for group in groups if group.job == RUNNING]
    age = gateway.now - max(max(g.push_time, g.push_failure_time) for g in said or groups)
    if age > DEAD:
        return [ask.warn("left", age=age)]
    return [ask.ok("under_way", age=max(age, 0.0))]
