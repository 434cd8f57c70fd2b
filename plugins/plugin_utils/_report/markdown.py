# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown, for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...module_utils._check import STATUSES
from .document import follows_text, started_of, verdict_of, wrong_of
from .language import Language
from .runs import run_rows
from .translate import report_in

MARKS = {"pass": "✅", "warn": "⚠️", "fail": "❌", "skip": "⏭️", "none": "❔"}
# Underscores inside words mean nothing: names of metrics are read easier without backslashes.
SPECIAL = re.compile(r"[\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def cell(text: object) -> str:
    """Return a text that Markdown shows unchanged, on one line."""
    line = " ".join(str(text).split())
    line = re.sub("[&<>]", lambda found: ENTITIES[found[0]], line)
    line = SPECIAL.sub(lambda found: "\\" + found[0], line)
    # A mention would notify somebody.
    return re.sub(r"@(?=\w)", "@\u2060", line)


def rows(head: Sequence[str], lines: Iterable[Sequence[str]], right: int = 0) -> list[str]:
    """Return a table; its last `right` columns are numbers."""
    marks = ["---"] * (len(head) - right) + ["---:"] * right
    return [f"| {' | '.join(line)} |" for line in (head, marks, *lines)]


def verdict_lines(report: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """Return the answer, and how many checks passed, warned and were skipped."""
    counts = report["counts"]
    kind = verdict_of(counts)
    n = counts.get(kind, 0)
    answer = language.text(f"verdict_{kind}", n, all=len(report["checks"]))
    more = [language.text("verdict_pass_more", counts["pass"])] if kind != "none" else []
    if kind == "fail" and counts["warn"]:
        more.append(language.text("warned_as_well", counts["warn"]))
    if counts["skip"]:
        more.append(language.text("not_made", counts["skip"]))
    return answer, ", ".join(more)


def value_text(value: Any) -> str:
    """Return a fact of the head on one line, whatever its type."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {value_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(item) for item in value)
    return "—" if value is None else str(value)


def head_facts(report: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Return where, when and how long the checks ran, and what the run says about itself."""
    facts = [
        (language.text("started"), language.moment(started_of(report))),
        (language.text("duration"), f"{language.number(report['seconds'], 1)} s"),
    ]
    if report["asked_from"]:
        facts.insert(0, (language.text("asked_from"), report["asked_from"]))
    return facts + [(str(key), value_text(value)) for key, value in report["facts"].items()]


def as_markdown(report: Mapping[str, Any], title: str, language: Language) -> str:
    """Return the report: the answer first, then what did not pass; the rest is folded."""
    report, title = report_in(report, language), language.name(title)
    text, counts = language.text, report["counts"]
    answer, more = verdict_lines(report, language)
    lines = [f"## {cell(title)}", ""]
    lines += [f"{MARKS[verdict_of(counts)]} **{cell(answer)}**" + (f" ({more})" if more else "")]
    facts = [f"{cell(key)}: {cell(value)}" for key, value in head_facts(report, language)]
    lines += ["", " · ".join(facts), ""]
    lines += rows(
        [f"{MARKS[status]} {text(status + '_many')}" for status in STATUSES],
        [[str(counts[status]) for status in STATUSES]],
        len(STATUSES),
    )
    wrong = wrong_of(report["checks"])
    if wrong:
        head = ["", *(text(key) for key in ("check", "expected", "seen", "cause", "fix"))]
        lines += ["", f"### {text('not_passed')}", ""]
        lines += rows(
            head,
            [
                [MARKS[c["status"]], f"↳ {cell(c['id'])}" if root else f"**{cell(c['id'])}**"]
                + [cell(c[key]) for key in ("expected", "seen")]
                + (
                    [cell(f"{text('follows')} {root}"), "—"]
                    if root
                    else [cell(c["cause"]), cell(c["fix"])]
                )
                for c in wrong
                for root in [follows_text(c)]
            ],
        )
    if report["hops"]:
        lines += ["", f"### {text('hops')}", ""]
        lines += rows(
            [text("hop"), text("seconds")],
            [[cell(hop["name"]), hop_text(hop, language)] for hop in report["hops"]],
            1,
        )
    if report["runs"]:
        lines += ["", f"### {text('runs')}", ""]
        lines += rows(
            ["", text("ended"), *(text(f"{status}_many") for status in STATUSES), text("seconds")],
            [
                [MARKS[run["verdict"]], run["ended"], *run["counts"], run["seconds"]]
                for run in run_rows(report, language)
            ],
            5,
        )
    rest = [c for c in report["checks"] if c["status"] in ("pass", "skip")]
    if rest:
        summary = text("the_rest", len(rest)) if wrong else text("all_checks")
        lines += ["", "<details>", f"<summary>{summary}</summary>", ""]
        lines += rows(
            ["", *(text(key) for key in ("check", "expected", "seen", "seconds"))],
            [
                [
                    MARKS[c["status"]],
                    *(cell(c[key]) for key in ("id", "expected", "seen")),
                    language.number(c["seconds"], 2),
                ]
                for c in rest
            ],
            1,
        )
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def hop_text(hop: Mapping[str, Any], language: Language) -> str:
    """Return the hop's seconds, or that it was not reached."""
    seconds = hop.get("seconds")
    if seconds is None:
        return language.text("not_reached")
    return language.number(seconds, 1 if seconds >= 10 else 2)
