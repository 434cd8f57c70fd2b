# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Since when something is wrong: since the first report that has it, as the ones after it say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from .document import ReportError, read_report
from .language import Language

WRONG = ("fail", "warn")


def since_of(checks: Sequence[Mapping[str, Any]], path: str, started: str) -> list[dict[str, Any]]:
    """Return the checks; those that did not pass have `since`, and the time of the report before.

    Args:
        path: Where the report before is; there may be none.
        started: When this run began (ISO 8601).
    """
    try:
        before: Mapping[str, Any] = read_report(path, "directory")
    except ReportError:
        before = {"checks": [], "started": ""}
    known = {
        (old["id"], old.get("code")): old for old in before["checks"] if old["status"] in WRONG
    }
    found = []
    for check in checks:
        if check["status"] in WRONG:
            old = known.get((check["id"], check.get("code")))
            since = str(old.get("since") or before["started"]) if old else started
            not_at = old.get("not_at") if old else before["started"]
            check = {**check, "since": since, **({"not_at": str(not_at)} if not_at else {})}
        found.append({**check})
    return found


def since_text(check: Mapping[str, Any], language: Language) -> str:
    """Return since when a check does not pass, in words; empty if that is not known."""
    if not check.get("since"):
        return ""
    since = language.moment(_seconds(check["since"]))
    if not check.get("not_at"):
        return language.text("since", since=since)
    return language.text(
        "since_new", since=since, before=language.moment(_seconds(check["not_at"]))
    )


def with_since(check: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return a check that says with what was seen since when it is so."""
    since = since_text(check, language)
    return {**check, "seen": f"{check['seen']} ({since})" if since else check["seen"]}


def _seconds(text: str) -> float:
    # Before Python 3.11 fromisoformat does not know Z.
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
