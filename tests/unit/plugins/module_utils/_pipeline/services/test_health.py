# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a collector says of its parts, against what it should have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.health import (
    judge_health,
)

OK = {"ok": True, "last_error": None}
DOWN = {"ok": False, "last_error": "connection refused"}


def judged(expected: list[str] | None = None, **health: Any) -> tuple[str, str]:
    made = {"databases": {"n8n": OK}, "push": {"pushgateway": OK}, "died": {}, **health}
    check = judge_health("health x", "http://x/health", made, expected)
    assert check.status == "pass" or (check.cause and check.fix)
    return check.status, check.seen


def test_all_is_well() -> None:
    assert judged(["n8n"]) == ("pass", "database n8n, push to pushgateway: ok")
    assert judged()[0] == "pass"


def test_a_push_target_does_not_hide_a_database_of_its_name() -> None:
    status, seen = judged(databases={"pushgateway": DOWN})
    assert (status, seen) == ("fail", "database pushgateway: connection refused")


@pytest.mark.parametrize(
    ("expected", "status", "seen"),
    [
        (["n8n", "mysql"], "fail", "it does not probe mysql"),
        ([], "warn", "it probes n8n, which is not expected"),
        (["mysql"], "fail", "it does not probe mysql; it probes n8n, which is not expected"),
    ],
)
def test_other_databases_than_the_inventory_has(
    expected: list[str], status: str, seen: str
) -> None:
    assert judged(expected) == (status, seen)


def test_a_collector_without_any_push_target() -> None:
    assert judged(push={}) == ("fail", "it has no push target")


def test_a_task_that_died() -> None:
    assert judged(died={"pushgateway": "ValueError: x"})[0] == "fail"
