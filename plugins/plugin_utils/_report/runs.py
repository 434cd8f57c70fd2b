# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The earlier runs of a validation, from what they have published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._check import STATUSES
from .document import verdict_of
from .language import Language

MOST = 20


def runs_of(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the last runs, the newest first: `ended`, `seconds` and `counts` of each.

    Args:
        entries: Answers of prometheus_range_info with the names `ended`, `seconds` and `checks`.
    """
    found = {str(entry.get("name")): entry.get("series") or [] for entry in entries}
    seconds = [_values(series) for series in found.get("seconds", [])]
    checks = [
        (str(series["labels"].get("status")), _values(series)) for series in found.get("checks", [])
    ]
    runs: dict[float, dict[str, Any]] = {}
    for series in found.get("ended", []):
        # The group keeps a run until the next one: the first point that has it is enough.
        for at, ended in series["points"]:
            if ended in runs:
                continue
            counts = {status: values.get(at, 0) for status, values in checks}
            runs[ended] = {
                "ended": float(ended),
                "seconds": next((of[at] for of in seconds if at in of), None),
                "counts": {status: int(counts.get(status, 0)) for status in STATUSES},
            }
    return [runs[ended] for ended in sorted(runs, reverse=True)[:MOST]]


def _values(series: Mapping[str, Any]) -> dict[float, float]:
    return dict(series["points"])


def run_rows(report: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """Return the runs of a report as its pages show them."""
    rows = []
    for run in report["runs"]:
        verdict = verdict_of(run["counts"])
        seconds = run["seconds"]
        rows.append(
            {
                "verdict": "skip" if verdict == "none" else verdict,
                "ended": language.moment(run["ended"]),
                "counts": [str(run["counts"][status]) for status in STATUSES],
                "seconds": "—" if seconds is None else language.number(seconds, 1),
            }
        )
    return rows
