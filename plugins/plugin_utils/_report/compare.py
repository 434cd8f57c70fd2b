# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare two reports of checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...module_utils._texts.text import FIELDS
from .document import CODE_KEYS, started_of
from .language import Language
from .markdown import MARKS, cell, hop_text, rows
from .translate import texts_of

ORDER = ("pass", "warn", "fail")  # from good to bad; skip is no result
LISTS = (
    "newly_failing",
    "newly_warned",
    "still_failing",
    "repaired",
    "gone",
    "new",
    "slower",
    "faster",
)
TIMES = ("slower", "faster")


def by_name(items: Iterable[Mapping[str, Any]], key: str) -> dict[str, Mapping[str, Any]]:
    """Return the items by name; a repeated name gets a number, so that none is lost."""
    seen: Counter[str] = Counter()
    found = {}
    for item in items:
        name = item[key]
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = item
    return found


def _made(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the checks that were not skipped."""
    checks = by_name(report["checks"], "id")
    return {name: check for name, check in checks.items() if check["status"] != "skip"}


def _entry(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    now = after or before
    return {
        "id": name,
        "before": before.get("status", ""),
        "after": after.get("status", ""),
        **{key: str(now.get(key, "")) for key in FIELDS},
        **{key: now[key] for key in CODE_KEYS if key in now},
    }


def _slower_or_faster(
    kind: str,
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
    factor: float,
    least_seconds: float,
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"slower": [], "faster": []}
    for name in after:
        if name not in before:
            continue
        seconds = [float(side[name]["seconds"]) for side in (before, after)]
        if abs(seconds[1] - seconds[0]) < least_seconds:
            continue
        smaller, larger = sorted(seconds)
        # Nothing is infinitely many times as long: what took no time counts as a millisecond.
        times = larger / max(smaller, 0.001)
        if times > factor:
            entry = {"kind": kind, "id": name, "before": seconds[0], "after": seconds[1]}
            entry["factor"] = round(times, 1)
            found["slower" if seconds[1] > seconds[0] else "faster"].append(entry)
    return found


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], factor: float, least_seconds: float
) -> dict[str, list[dict[str, Any]]]:
    """Return the entries of each of LISTS. A skipped check counts as a missing one.

    Args:
        before: The earlier report, as `document` returns it.
        after: The later report.
        factor: A check is slower or faster if its time changed by more than this factor.
        least_seconds: Smaller differences do not count.
    """
    old, new = _made(before), _made(after)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    for name, check in new.items():
        was, now = old.get(name, {}), check["status"]
        # What was not there was not bad.
        change = ORDER.index(now) - ORDER.index(was.get("status", "pass"))
        if change > 0:
            kind = "newly_failing" if now == "fail" else "newly_warned"
            found[kind].append(_entry(name, was, check))
        elif change < 0:
            found["repaired"].append(_entry(name, was, check))
        elif now == "fail":
            found["still_failing"].append(_entry(name, was, check))
        if not was:
            found["new"].append(_entry(name, {}, check))
    there = by_name(after["checks"], "id")
    found["gone"] = [
        _entry(name, check, there.get(name, {})) for name, check in old.items() if name not in new
    ]
    reached = [
        by_name((h for h in report["hops"] if h.get("seconds") is not None), "name")
        for report in (before, after)
    ]
    for kind, sides in (("check", (old, new)), ("hop", (reached[0], reached[1]))):
        for name, entries in _slower_or_faster(kind, *sides, factor, least_seconds).items():
            found[name] += entries
    return found


def _line(name: str, entry: Mapping[str, Any], language: Language) -> list[str]:
    if name in TIMES:
        sides = [
            hop_text({"seconds": entry[side]}, language) + " s" for side in ("before", "after")
        ]
        times = language.text("times", factor=language.number(entry["factor"], 1))
        return [f"{language.text(entry['kind'])} {entry['id']}", *sides, times]
    sides = [language.text(entry[side]) if entry[side] else "—" for side in ("before", "after")]
    said = texts_of({**entry, "status": entry["after"] or entry["before"]}, language)
    return [entry["id"], *sides, said["fix" if entry["after"] in ("warn", "fail") else "seen"]]


def comparison_table(
    found: Mapping[str, Sequence[Mapping[str, Any]]], language: Language
) -> list[tuple[str, list[list[str]]]]:
    """Return the name of each non-empty list, with id, before, after and more of its entries."""
    return [
        (name, [_line(name, entry, language) for entry in found[name]])
        for name in LISTS
        if found[name]
    ]


def comparison_verdict(found: Mapping[str, Sequence[Any]]) -> str:
    """Return `fail` if it is worse, `warn` if something warns or is not known, else `pass`."""
    if found["newly_failing"]:
        return "fail"
    return "warn" if found["newly_warned"] or found["gone"] else "pass"


def comparison_answer(found: Mapping[str, Sequence[Any]], language: Language) -> str:
    """Return the first line: whether it is worse, and for how many checks that is not known."""
    n = len(found["newly_failing"])
    said = [language.text("worse", n) if n else language.text("not_worse")]
    for key, name in (("warn_now", "newly_warned"), ("gone_now", "gone")):
        if found[name]:
            said.append(language.text(key, len(found[name])))
    return "; ".join(said)


def _side(key: str, report: Mapping[str, Any], language: Language) -> str:
    """Return which report it is. One that was limited to some hosts has fewer checks."""
    said = f"{language.text(key)}: {cell(report.get('name', ''))}"
    said += f", {language.moment(started_of(report))}"
    limit = report.get("facts", {}).get("limit")
    return f"{said}, --limit {cell(limit)}" if limit else said


def comparison_markdown(
    found: Mapping[str, Sequence[Mapping[str, Any]]],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    language: Language,
) -> str:
    """Return the comparison as Markdown, for a pull request or a wiki."""
    text = language.text
    mark = MARKS[comparison_verdict(found)]
    sides = [_side(key, report, language) for key, report in (("before", before), ("after", after))]
    lines = [f"## {text('comparison')}", "", f"{mark} **{comparison_answer(found, language)}**"]
    lines += ["", " · ".join(sides)]
    tables = comparison_table(found, language)
    for name, entries in tables:
        right = 3 if name in TIMES else 0
        more = text("seconds") if name in TIMES else f"{text('seen')} / {text('fix')}"
        head = [text("check"), text("before"), text("after"), more]
        lines += ["", f"### {text(name)} ({len(entries)})", ""]
        lines += rows(head, [[cell(part) for part in entry] for entry in entries], right)
    if not tables:
        lines += ["", text("no_change")]
    return "\n".join(lines) + "\n"
