# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a validation pushes about itself."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import samples
from ansible_collections.vya.observability.plugins.module_utils._api.validation import (
    exposition,
)


def check(name: str, subject: str, status: str, code: str) -> dict[str, Any]:
    return {
        "id": f"{name} {subject}",
        "name": name,
        "subject": subject,
        "status": status,
        "code": code,
    }


CHECKS = [
    check("rtt", "wf001", "pass", "rtt.ok"),
    check("rtt", "wf008", "warn", "rtt.slow"),
    check("push", 'wf"008\\\n', "fail", "push.refused"),
    check("deduplication", "", "skip", "deduplication.hidden"),
    # A user's own has no code, and what is told twice is told by its worst.
    {"id": "my own", "status": "pass"},
    {"id": "my own", "status": "fail"},
    {"id": "my own", "status": "pass"},
]


def test_each_check_is_one_series_with_its_worst_status() -> None:
    text = exposition(CHECKS, seconds=12.5, ended=1700000000.25)
    found = {
        tuple(each.labels.values()): each.value for each in samples(text, "validation_check_status")
    }
    assert found == {
        ("rtt", "wf001", "rtt.ok"): 0,
        ("rtt", "wf008", "rtt.slow"): 1,
        ("push", 'wf"008\\\n', "push.refused"): 2,
        ("deduplication", "", "deduplication.hidden"): -1,
        ("my own", "", ""): 2,
    }


def test_counts_duration_and_time_of_the_run() -> None:
    text = exposition(CHECKS, seconds=12.5, ended=1700000000.25)
    counts = {s.labels["status"]: s.value for s in samples(text, "validation_run_checks")}
    assert counts == {"pass": 3, "warn": 1, "fail": 2, "skip": 1}
    [seconds] = samples(text, "validation_run_duration_seconds")
    [ended] = samples(text, "validation_run_timestamp_seconds")
    assert (seconds.value, ended.value) == (12.5, 1700000000.25)
    assert text.endswith("\n")


def test_each_family_is_of_the_catalogue() -> None:
    import json
    from pathlib import Path

    catalogue = Path(__file__).parents[5] / "roles/image/files/collector/collector/catalogue.json"
    metrics = json.loads(catalogue.read_text("utf-8"))["metrics"]
    wanted = {each["name"]: each for each in metrics if each["component"] == "validation"}
    found = samples(exposition(CHECKS, seconds=1, ended=1))
    assert {each.name for each in found} == set(wanted)
    for each in found:
        assert list(each.labels) == wanted[each.name]["labels"]
