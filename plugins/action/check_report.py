# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin check_report: show the checks of other tasks as a table and as files."""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc
from ansible.utils.display import Display

from ..module_utils._check import FAIL_ON, FAILING, STATUSES, Ask
from ..module_utils._follows.linked import linked
from ..module_utils._texts.text import from_data
from ..plugin_utils._report.document import (
    SUFFIXES,
    ReportError,
    as_json,
    counts_of,
    document,
    follows_text,
    path_of,
    plain,
    write_file,
    wrong_of,
)
from ..plugin_utils._report.html import as_html
from ..plugin_utils._report.junit import as_junit
from ..plugin_utils._report.language import LANGUAGES, Language
from ..plugin_utils._report.markdown import as_markdown
from ..plugin_utils._report.runs import runs_of
from ..plugin_utils._report.since import since_of, with_since

COLOURS = {
    "pass": constants.COLOR_OK,
    "warn": constants.COLOR_WARN,
    "fail": constants.COLOR_ERROR,
    "skip": constants.COLOR_SKIP,
}
ORDER = ("fail", "warn", "skip", "pass")
WORDS = {"pass": "passed", "warn": "warned", "fail": "failed", "skip": "skipped"}
NOTHING_SAID = {"expected": "", "seen": "", "cause": "", "fix": "", "seconds": 0.0}


def checks_of(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the checks of registered results; a task that failed without any is a failed check."""
    checks: list[dict[str, Any]] = []
    for number, result in enumerate(results, 1):
        if result.get("checks"):
            checks += [_said(check) for check in result["checks"]]
        elif not result.get("skipped"):
            ask, message = Ask("result", str(number)), result.get("msg")
            found = ask.fail("failed", message=str(message)) if message else ask.fail("empty")
            checks.append(found.as_data())
    # Of several modules together: a container that does not run is why nothing answers.
    return linked(checks)


def _said(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return a check with all its keys.

    The catalogue has the texts of one that a playbook made from name, subject, status, code and
    values.
    """
    if "id" in check:
        return {**NOTHING_SAID, **check}
    values = from_data(plain(check.get("values", {})))
    ask = Ask(check["name"], check.get("subject", ""))
    return ask.made(check["status"], check["code"], values).as_data()


def _where(files: Mapping[str, str]) -> str:
    """Return the path of the report for people."""
    return next(
        (files[form] for form in ("html", "markdown", "json", "junit") if form in files), ""
    )


def _cut(text: str, width: int) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def table(checks: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """Return a line for each check, at most `width` columns wide."""
    head = ("", "check", "expected", "seen", "s")
    first = max([len(head[1]), *(len(check["id"]) for check in checks)])
    first = min(first, max(width // 3, 12))
    rest = max(width - 4 - first - 6 - 8, 20)
    seen = min(max([len(head[3]), *(len(check["seen"]) for check in checks)]), rest // 2)
    widths = (4, first, rest - seen, seen, 6)

    def line(cells: Sequence[str]) -> str:
        padded = [_cut(cell, size).ljust(size) for cell, size in zip(cells[:4], widths)]
        return "  ".join([*padded, cells[4].rjust(widths[4])])

    lines = [line(head), "  ".join("─" * size for size in widths)]
    for check in checks:
        cells = [check["status"], check["id"], check["expected"], check["seen"]]
        text = line([*cells, f"{check['seconds']:.2f}"])
        lines.append(stringc(text[:4], COLOURS[check["status"]]) + text[4:])
    return lines


def details(checks: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """Return what did not pass, in full: expected, seen, cause and next step."""
    lines: list[str] = []
    for check in wrong_of(checks):
        head = stringc(f"{check['status']}  {check['id']}", COLOURS[check["status"]])
        if root := follows_text(check):
            lines += [f"      {head}  follows from {root}"]
            continue
        lines += ["", head]
        for key in ("expected", "seen", "cause", "fix"):
            text = f"{key:9}{check[key]}"
            lines += textwrap.wrap(
                text, max(width, 40), initial_indent=" " * 6, subsequent_indent=" " * 15
            )
    return lines


def rendered(report: Mapping[str, Any], form: str, title: str, language: Language) -> str:
    """Return the content of the report's file.

    Args:
        report: The report as `document` returns it.
        form: `html`, `json`, `junit` or `markdown`.
    """
    if form == "json":
        return as_json(report)
    if form == "junit":
        return as_junit(report)
    return {"markdown": as_markdown, "html": as_html}[form](report, title, language)


class ActionModule(ActionBase):
    """Runs on the controller; changes nothing but the report's own files."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Print the table, write the files; fail if a check failed, as `fail_on` says."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        hop = {"name": {"type": "str", "required": True}, "seconds": {"type": "float"}}
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "results": {"type": "list", "elements": "dict", "required": True},
                "title": {"type": "str", "default": "Checks"},
                "fail_on": FAIL_ON,
                "width": {"type": "int", "default": 0},
                "directory": {"type": "path"},
                "name": {"type": "str", "default": "validation"},
                "formats": {
                    "type": "list",
                    "elements": "str",
                    "choices": list(SUFFIXES),
                    "default": list(SUFFIXES),
                },
                "language": {"type": "str", "choices": list(LANGUAGES), "default": "en"},
                "hops": {"type": "list", "elements": "dict", "options": hop, "default": []},
                "plots": {"type": "list", "elements": "dict", "default": []},
                "runs": {"type": "list", "elements": "dict", "default": []},
                "facts": {"type": "dict", "default": {}},
            }
        )
        checks = checks_of(arguments["results"])
        counts = counts_of(checks)
        seconds = round(sum(item.get("seconds", 0) for item in arguments["results"]), 3)
        hosts = {item["asked_from"] for item in arguments["results"] if "asked_from" in item}
        asked_from = ", ".join(sorted(hosts))
        result.update(changed=False, counts=counts, seconds=seconds, checks=checks, files={})
        summary = ", ".join(f"{counts[status]} {WORDS[status]}" for status in STATUSES)
        summary += f" in {seconds:.1f} s"
        ended = time.time()
        if arguments["directory"]:
            checks = self._dated(arguments, checks, ended - seconds, result)
        if checks:
            self._print(arguments, checks, asked_from, summary)
        self._write(arguments, checks, ended, seconds, asked_from, result)
        where = _where(result["files"])
        if checks and where:
            Display().display(f"report  {where}")
        if result.get("failed"):
            return result
        result["msg"] = summary
        failing = FAILING[arguments["fail_on"]]
        wrong = [c["id"] for c in checks if c["status"] in failing]
        if not checks:
            msg = "nothing was checked: results has no checks"
            result.update(failed=True, msg=msg, code="report.no_checks")
        elif wrong:
            msg = f"{summary}. Not passed: {', '.join(wrong)}"
            msg += f". Report: {where}" if where else ""
            result.update(failed=True, msg=msg, code="checks_failed", values={"checks": wrong})
        elif not counts["pass"] + counts["warn"] + counts["fail"]:
            msg = f"{summary}: no check ran"
            result.update(failed=True, msg=msg, code="report.all_skipped")
        return result

    def _dated(
        self,
        arguments: Mapping[str, Any],
        checks: Sequence[Mapping[str, Any]],
        started: float,
        result: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Return the checks with since when they do not pass, by the report that is there."""
        at = datetime.fromtimestamp(started, timezone.utc).isoformat(timespec="milliseconds")
        try:
            path = path_of(arguments["directory"], arguments["name"], SUFFIXES["json"])
        except ReportError:
            return [{**check} for check in checks]  # the writing says so
        result["checks"] = since_of(checks, str(path), at.replace("+00:00", "Z"))
        dated: list[dict[str, Any]] = result["checks"]
        return dated

    def _print(
        self,
        arguments: Mapping[str, Any],
        checks: Sequence[Mapping[str, Any]],
        asked_from: str,
        summary: str,
    ) -> None:
        width = arguments["width"] or (
            shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120
        )
        counts = counts_of(checks)
        worst = next(s for s in ("fail", "warn", "pass", "skip") if counts[s])
        title = arguments["title"] + (f" (asked from {asked_from})" if asked_from else "")
        # The answer, what is wrong, then everything: from top to bottom.
        said = [with_since(check, Language("en")) for check in checks]
        ordered = sorted(checks, key=lambda check: ORDER.index(check["status"]))
        answer = stringc(summary, COLOURS[worst])
        lines = ["", title, "", answer, *details(said, width), "", *table(ordered, width)]
        lines += ["", answer]
        Display().display("\n".join(lines))

    def _write(
        self,
        arguments: Mapping[str, Any],
        checks: Sequence[Mapping[str, Any]],
        ended: float,
        seconds: float,
        asked_from: str,
        result: dict[str, Any],
    ) -> None:
        """Write the files, and note them in `files`; a failure keeps the table."""
        if not arguments["directory"]:
            return
        report = document(
            arguments["name"],
            checks,
            ended=ended,
            seconds=seconds,
            asked_from=asked_from,
            hops=arguments["hops"],
            plots=arguments["plots"],
            runs=runs_of(arguments["runs"]),
            facts=arguments["facts"],
        )
        language = Language(arguments["language"])
        try:
            for form in dict.fromkeys(arguments["formats"]):
                path = path_of(arguments["directory"], arguments["name"], SUFFIXES[form])
                if not self._task.check_mode:
                    write_file(path, rendered(report, form, arguments["title"], language))
                result["files"][form] = str(path)
                result["changed"] = True
        except ReportError as error:
            result.update(failed=True, msg=str(error), code=error.code, values=error.values)
