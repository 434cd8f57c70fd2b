# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin check_report: one table of the checks that other tasks have made."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc
from ansible.utils.display import Display

from ansible_collections.vya.observability.plugins.module_utils._check import STATUSES

COLOURS = {
    "pass": constants.COLOR_OK,
    "warn": constants.COLOR_WARN,
    "fail": constants.COLOR_ERROR,
    "skip": constants.COLOR_SKIP,
}
WORDS = {"pass": "passed", "warn": "warned", "fail": "failed", "skip": "skipped"}


def checks_of(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The checks of registered results; a task that failed without any is a failed check."""
    checks: list[dict[str, Any]] = []
    for number, result in enumerate(results, 1):
        if result.get("checks"):
            checks += result["checks"]
        elif not result.get("skipped"):
            seen = str(result.get("msg") or "no checks in its result")
            cause = "the task failed before it could check anything"
            checks.append(
                {
                    "id": f"result {number}",
                    "status": "fail",
                    "expected": "checks",
                    "seen": seen,
                    "cause": cause,
                    "fix": "see what was seen",
                    "seconds": 0.0,
                }
            )
    return checks


def _cut(text: str, width: int) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def table(checks: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """One line per check, C(width) columns wide at most."""
    head = ("", "check", "expected", "seen", "s")
    first = max([len(head[1]), *(len(check["id"]) for check in checks)])
    first = min(first, max(width // 4, 12))
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
    """What did not pass, in full: expected, seen, cause and next step."""
    lines: list[str] = []
    for check in checks:
        if check["status"] not in ("fail", "warn"):
            continue
        lines += ["", stringc(f"{check['status']}  {check['id']}", COLOURS[check["status"]])]
        for key in ("expected", "seen", "cause", "fix"):
            text = f"{key:9}{check[key]}"
            lines += textwrap.wrap(
                text, max(width, 40), initial_indent=" " * 6, subsequent_indent=" " * 15
            )
    return lines


class ActionModule(ActionBase):
    """Runs on the controller, asks nothing, changes nothing."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Print the table; fail when a check has failed, or warned and O(strict) is set."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "results": {"type": "list", "elements": "dict", "required": True},
                "title": {"type": "str", "default": "Checks"},
                "strict": {"type": "bool", "default": False},
                "width": {"type": "int", "default": 0},
            }
        )
        checks = checks_of(arguments["results"])
        counts = {status: sum(c["status"] == status for c in checks) for status in STATUSES}
        seconds = sum(item.get("seconds", 0) for item in arguments["results"])
        result.update(changed=False, counts=counts, seconds=round(seconds, 3))
        if not checks:
            result.update(failed=True, msg="nothing was checked: results has no checks")
            return result
        width = arguments["width"] or (
            shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120
        )
        summary = ", ".join(f"{counts[status]} {WORDS[status]}" for status in STATUSES)
        worst = next(s for s in ("fail", "warn", "pass", "skip") if counts[s])
        hosts = {item["asked_from"] for item in arguments["results"] if "asked_from" in item}
        title = arguments["title"]
        if hosts:
            title += f" (asked from {', '.join(sorted(hosts))})"
        lines = ["", title, "", *table(checks, width), *details(checks, width)]
        lines += ["", stringc(f"{summary} in {seconds:.1f} s", COLOURS[worst])]
        Display().display("\n".join(lines))
        wrong = [c["id"] for c in checks if c["status"] == "fail"]
        if arguments["strict"]:
            wrong += [c["id"] for c in checks if c["status"] == "warn"]
        result["msg"] = f"{summary} in {seconds:.1f} s"
        if wrong:
            result.update(failed=True, msg=f"{summary}. Not right: {', '.join(wrong)}")
        elif not counts["pass"] + counts["warn"]:
            result.update(failed=True, msg=f"{summary}: nothing was really checked")
        return result
