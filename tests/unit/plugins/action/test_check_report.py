# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of check_report."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.action.check_report import (
    checks_of,
    details,
    table,
)

LONG = "a text that does not fit into any column of the table " * 5


def check(check_id: str, status: str, seen: str = "seen") -> dict[str, Any]:
    return {
        "id": check_id,
        "status": status,
        "expected": LONG,
        "seen": seen,
        "cause": f"cause of {check_id}",
        "fix": "fix",
        "seconds": 1.234,
    }


@pytest.mark.parametrize("width", [80, 120, 200])
def test_lines_are_aligned_and_fit(width: int) -> None:
    lines = table(
        [check("short", "pass"), check("x" * 90, "fail", LONG), check("y", "skip")], width
    )
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= width
    assert all(line.endswith("1.23") for line in lines[2:])


def test_only_what_did_not_pass_is_explained() -> None:
    text = "\n".join(details([check(s, s) for s in ("pass", "warn", "fail", "skip")], 100))
    assert "cause of warn" in text
    assert "cause of fail" in text
    assert "cause of pass" not in text
    assert "cause of skip" not in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_results_without_checks() -> None:
    results = [
        {"checks": [check("a", "pass")]},
        {"skipped": True},
        {"failed": True, "msg": "no requests"},
        {},
    ]
    checks = checks_of(results)
    assert [(c["status"], c.get("code")) for c in checks] == [
        ("pass", None),
        ("fail", "result.failed"),
        ("fail", "result.empty"),
    ]
    assert checks[1]["values"] == {"message": "no requests"}
