# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML page. The template engine escapes all texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...module_utils._check import STATUSES
from .document import FORMAT, follows_text, grouped, verdict_of, wrong_of
from .language import Language
from .markdown import head_facts, hop_text, verdict_lines
from .plot import plot_of
from .runs import run_rows
from .translate import report_in

TEMPLATES = Path(__file__).parents[3] / "roles/validate/templates"


def bars(report: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """Return the hops, each with its share of the slowest one in percent."""
    longest = max((hop.get("seconds") or 0 for hop in report["hops"]), default=0) or 1
    return [
        {
            "name": hop["name"],
            "reached": hop.get("seconds") is not None,
            "seconds": hop_text(hop, language),
            "percent": round((hop.get("seconds") or 0) / longest * 100, 2),
        }
        for hop in report["hops"]
    ]


def as_html(report: Mapping[str, Any], title: str, language: Language) -> str:
    """Return one page that loads nothing from elsewhere."""
    # Only the controller has it, and only there is this called.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    report = report_in(report, language)
    numbered = [{**check, "number": n} for n, check in enumerate(report["checks"], 1)]
    answer, more = verdict_lines(report, language)
    return environment.get_template("report.html.j2").render(
        t=language.text,
        number=language.number,
        language=language.code,
        title=language.name(title),
        kind=verdict_of(report["counts"]),
        answer=answer,
        more=more,
        facts=head_facts(report, language),
        counts=report["counts"],
        statuses=STATUSES,
        wrong=wrong_of(numbered),
        follows=follows_text,
        groups=grouped(numbered),
        total=len(numbered),
        hops=bars(report, language),
        plots=[plot_of(entry, language) for entry in report["plots"]],
        runs=run_rows(report, language),
        format=FORMAT,
    )
