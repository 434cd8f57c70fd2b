# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Since when something is wrong is known from the reports before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._report.document import (
    as_json,
    document,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.language import Language
from ansible_collections.vya.observability.plugins.plugin_utils._report.since import (
    since_of,
    with_since,
)

FIRST, SECOND, THIRD = (f"2026-12-01T1{hour}:00:00.000Z" for hour in range(3))


def made(status: str, code: str) -> dict[str, Any]:
    texts = dict.fromkeys(("expected", "seen", "cause", "fix"), "x")
    return {"id": "a b", "status": status, "code": code, "seconds": 0.1, **texts}


def run(path: Path, started: str, check: dict[str, Any]) -> dict[str, Any]:
    """One run after the other, each with its report; the check as the run has it."""
    (found,) = since_of([check], str(path), started)
    report = document("r", [found], ended=0, seconds=0, asked_from="")
    path.write_text(as_json({**report, "started": started}))
    return found


def test_since_the_first_report_that_has_it(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    assert "since" not in run(path, FIRST, made("pass", "a.ok"))
    second = run(path, SECOND, made("fail", "a.down"))
    assert (second["since"], second["not_at"]) == (SECOND, FIRST)
    third = run(path, THIRD, made("fail", "a.down"))
    assert (third["since"], third["not_at"]) == (SECOND, FIRST)
    # Another cause is another fault.
    assert run(path, THIRD, made("fail", "a.slow"))["since"] == THIRD


def test_no_report_before(tmp_path: Path) -> None:
    found = run(tmp_path / "r.json", FIRST, made("warn", "a.slow"))
    assert found["since"] == FIRST
    assert "not_at" not in found
    for code in ("en", "pt-BR"):
        assert "10:00:00 UTC" in with_since(found, Language(code))["seen"]
    assert with_since(made("fail", "a.down"), Language("en"))["seen"] == "x"
