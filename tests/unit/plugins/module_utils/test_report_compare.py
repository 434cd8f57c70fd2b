# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two reports."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._report_compare import (
    LISTS,
    comparison_markdown,
)
from ansible_collections.vya.observability.plugins.module_utils._report_compare import (
    compare as compare_with,
)
from ansible_collections.vya.observability.plugins.module_utils._report_text import (
    TEXTS,
    Language,
)

from .test_report import check, report


def compare(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return compare_with(before, after, 2.0, 0.5)


def ids(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {name: [entry["id"] for entry in found[name]] for name in LISTS if found[name]}


@pytest.mark.parametrize(
    ("before", "after", "lists"),
    [
        ("pass", "pass", []),
        ("pass", "warn", ["newly_warned"]),
        ("pass", "fail", ["newly_failing"]),
        ("pass", "skip", ["gone"]),
        ("pass", None, ["gone"]),
        ("warn", "pass", ["repaired"]),
        ("warn", "warn", []),
        ("warn", "fail", ["newly_failing"]),
        ("fail", "pass", ["repaired"]),
        ("fail", "warn", ["repaired"]),
        ("fail", "fail", ["still_failing"]),
        ("fail", "skip", ["gone"]),
        ("skip", "pass", ["new"]),
        ("skip", "fail", ["newly_failing", "new"]),
        ("skip", "skip", []),
        (None, "pass", ["new"]),
        (None, "warn", ["newly_warned", "new"]),
        (None, "fail", ["newly_failing", "new"]),
        (None, "skip", []),
    ],
)
def test_each_change(before: str | None, after: str | None, lists: list[str]) -> None:
    sides = [report(*[check("a", s)] if s else []) for s in (before, after)]
    assert ids(compare(*sides)) == {name: ["a"] for name in lists}


def test_one_name_twice() -> None:
    before = report(check("a", "pass"), check("a", "pass"))
    after = report(check("a", "pass"), check("a", "fail"))
    assert ids(compare(before, after)) == {"newly_failing": ["a (2)"]}


def test_seconds() -> None:
    def made(a: float, b: float, c: float, hop: float | None) -> dict[str, Any]:
        checks = [check(n, "pass", seconds=s) for n, s in zip("abc", (a, b, c), strict=True)]
        return report(*checks, hops=[{"name": "gateway", "seconds": hop}, {"name": "new"}])

    found = compare(made(1.0, 0.01, 4.0, 0.5), made(2.5, 0.4, 1.0, 3.0))
    assert [(e["kind"], e["id"], e["factor"]) for e in found["slower"]] == [
        ("check", "a", 2.5),
        ("hop", "gateway", 6.0),
    ]
    assert [(e["kind"], e["id"], e["factor"]) for e in found["faster"]] == [("check", "c", 4.0)]
    assert not ids(compare(made(1, 1, 1, None), made(2, 2, 2, 9)))
    # From nothing to something is no division by zero.
    assert compare(made(0, 0, 0, 0), made(0, 0, 0, 2))["slower"][0]["factor"] == 2000.0


@pytest.mark.parametrize("code", ["en", "pt-BR"])
def test_markdown(code: str) -> None:
    names = ("broken", "warned", "still", "repaired", "gone")
    before = report(*map(check, names, ("pass", "pass", "fail", "fail", "pass")))
    after = report(*map(check, names, ("fail", "warn", "fail", "pass", "skip")))
    before["hops"], after["hops"] = ([{"name": "gateway|x", "seconds": s}] for s in (1, 4))
    text = comparison_markdown(compare(before, after), before, after, Language(code))
    shown = [name for name in LISTS if f"### {TEXTS[code][name]} (1)" in text]
    assert shown == [n for n in LISTS if n not in ("new", "faster")]
    assert "fix of broken" in text
    assert "gateway\\|x" in text
    assert "❌" in text.splitlines()[2]
    same = comparison_markdown(compare(after, after), after, after, Language(code))
    assert TEXTS[code]["no_change"] not in same
    well = report(check("a", "pass"))
    assert TEXTS[code]["no_change"] in comparison_markdown(
        compare(well, well), well, well, Language(code)
    )
