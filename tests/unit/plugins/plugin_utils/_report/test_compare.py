# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two reports."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._texts.pt_br.catalogue import (
    TEXTS as PORTUGUESE,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.compare import (
    LISTS,
    comparison_answer,
    comparison_markdown,
    comparison_verdict,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.compare import (
    compare as compare_with,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.language import (
    TEXTS,
    Language,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.markdown import MARKS

from .test_document import check, report


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


@pytest.mark.parametrize("code", ["en", "pt-BR"])
@pytest.mark.parametrize(
    ("statuses", "verdict", "said"),
    [
        (("pass", "pass"), "pass", ["not_worse"]),
        (("fail", "pass"), "pass", ["not_worse"]),
        (("pass", "warn"), "warn", ["not_worse", "warn_now"]),
        # Nothing is known of what is no longer made: neither that it passes, nor that it is mended.
        (("pass", "skip"), "warn", ["not_worse", "gone_now"]),
        (("pass", None), "warn", ["not_worse", "gone_now"]),
        (("fail", "skip"), "warn", ["not_worse", "gone_now"]),
        (("skip", "skip"), "pass", ["not_worse"]),
        (("pass", "fail"), "fail", ["worse"]),
    ],
)
def test_the_verdict(
    statuses: tuple[str | None, str | None], verdict: str, said: list[str], code: str
) -> None:
    sides = [report(*[check("a", s)] if s else []) for s in statuses]
    found, language = compare(*sides), Language(code)
    assert comparison_verdict(found) == verdict
    answer = comparison_answer(found, language)
    assert answer == "; ".join(language.text(key, 1) for key in said)
    first = comparison_markdown(found, *sides, language).splitlines()[2]
    assert first == f"{MARKS[verdict]} **{answer}**"


def test_a_report_of_fewer_hosts() -> None:
    """--limit wf001: what was seen of wf008 before is unknown now, and that is the first line."""
    before = report(*(check(f"push {host}", "pass") for host in ("wf001", "wf008")))
    after = report(check("push wf001", "pass"), facts={"limit": "wf001"})
    found = compare(before, after)
    assert Language("en").text("gone_now", 1) in comparison_answer(found, Language("en"))
    text = comparison_markdown(found, before, after, Language("en"))
    assert text.startswith("## Comparison\n\n⚠️")
    assert "UTC, --limit wf001" in text
    assert "| push wf008 | pass | — |" in text


def test_why_a_check_is_no_longer_made() -> None:
    """One that was skipped says why; one that is not there shows what was seen before."""
    before = report(check("a", "pass"), check("b", "pass"))
    after = report(check("a", "skip", seen="not reached"))
    gone = compare(before, after)["gone"]
    assert [(e["id"], e["after"], e["seen"]) for e in gone] == [
        ("a", "skip", "not reached"),
        ("b", "", "seen of b"),
    ]


def test_what_fails_is_said_in_the_language_by_its_code() -> None:
    ask = Ask("rtt", "wf001", limit=1.0)
    before = report(ask.ok(p50=0.1, p95=0.2).as_data())
    after = report(ask.fail("slow", p50=1.1, p95=1.2).as_data())
    found = compare(before, after)
    (worse,) = found["newly_failing"]
    assert (worse["code"], worse["values"]) == ("rtt.slow", after["checks"][0]["values"])
    text = comparison_markdown(found, before, after, Language("pt-BR"))
    assert PORTUGUESE["rtt.slow"]["fix"] in text  # type: ignore[index]


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
