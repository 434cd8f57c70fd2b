# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether Prometheus scrapes the gateway."""

from __future__ import annotations

from collections.abc import Sequence

from .._api.prometheus import Target
from .._check import Ask, Check


def judge_target(targets: Sequence[Target], job: str) -> Check:
    """Judge whether the scrape targets of the job are up."""
    ask = Ask("target", job, job=job)
    found = [target for target in targets if target.job == job]
    down = [target for target in found if target.health == "down"]
    if not found:
        return ask.fail("missing", jobs={target.job for target in targets})
    if down:
        return ask.fail("down", target=down[0].url, error=down[0].error)
    if any(target.health != "up" for target in found):
        return ask.warn("not_scraped", target=found[0].url)
    return ask.ok(target=found[0].url, last_scrape=max(each.last_scrape for each in found))
