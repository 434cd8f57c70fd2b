# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin check_compare: compare two reports of check_report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc
from ansible.utils.display import Display

from ..plugin_utils._report.compare import (
    compare,
    comparison_answer,
    comparison_markdown,
    comparison_table,
    comparison_verdict,
)
from ..plugin_utils._report.document import ReportError, path_of, read_report, write_file
from ..plugin_utils._report.language import LANGUAGES, Language

COLOURS = {
    "newly_failing": constants.COLOR_ERROR,
    "still_failing": constants.COLOR_ERROR,
    "newly_warned": constants.COLOR_WARN,
    "gone": constants.COLOR_WARN,
    "slower": constants.COLOR_WARN,
    "repaired": constants.COLOR_OK,
    "faster": constants.COLOR_OK,
    "new": constants.COLOR_SKIP,
}
VERDICT_COLOURS = {
    "pass": constants.COLOR_OK,
    "warn": constants.COLOR_WARN,
    "fail": constants.COLOR_ERROR,
}


def lines_of(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return the comparison for a terminal: a block for each list that is not empty."""
    english = Language("en")
    lines: list[str] = []
    for name, entries in comparison_table(found, english):
        lines += ["", stringc(f"{english.text(name)} ({len(entries)})", COLOURS[name])]
        widths = [max(len(entry[column]) for entry in entries) for column in range(3)]
        for entry in entries:
            cells = [text.ljust(width) for text, width in zip(entry, widths)]
            lines.append(f"  {cells[0]}  {cells[1]} → {cells[2]}  {entry[3]}".rstrip())
    return lines or ["", english.text("no_change")]


class ActionModule(ActionBase):
    """Reads two files on the controller."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Print what differs; fail if a check fails that did not fail before."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "before": {"type": "path", "required": True},
                "after": {"type": "path", "required": True},
                "factor": {"type": "float", "default": 2.0},
                "least_seconds": {"type": "float", "default": 0.5},
                "fail_on_regression": {"type": "bool", "default": True},
                "directory": {"type": "path"},
                "name": {"type": "str", "default": "comparison"},
                "language": {"type": "str", "choices": list(LANGUAGES), "default": "en"},
            }
        )
        result.update(changed=False, files={})
        try:
            self._compare(arguments, result)
        except ReportError as error:
            result.update(failed=True, msg=str(error), code=error.code, values=error.values)
        return result

    def _compare(self, arguments: Mapping[str, Any], result: dict[str, Any]) -> None:
        factor, least = arguments["factor"], arguments["least_seconds"]
        for option, value, minimum in (("factor", factor, 1), ("least_seconds", least, 0)):
            if value < minimum:
                cause, fix = (
                    "the value given to the module",
                    "correct the variable that sets this option",
                )
                expected = f"{minimum} or more"
                raise ReportError("too_small", option, expected, f"{value:g}", cause, fix)
        before, after = (read_report(arguments[option], option) for option in ("before", "after"))
        found = compare(before, after, factor, least)
        answer, verdict = comparison_answer(found, Language("en")), comparison_verdict(found)
        result.update(found, msg=answer, verdict=verdict)
        head = f"{Path(arguments['before']).name} → {Path(arguments['after']).name}"
        colour = VERDICT_COLOURS[verdict]
        Display().display("\n".join(["", head, *lines_of(found), "", stringc(answer, colour)]))
        if arguments["directory"]:
            path = path_of(arguments["directory"], arguments["name"], ".md")
            text = comparison_markdown(found, before, after, Language(arguments["language"]))
            if not self._task.check_mode:
                write_file(path, text)
            result.update(changed=True, files={"markdown": str(path)})
        if found["newly_failing"] and arguments["fail_on_regression"]:
            names = ", ".join(entry["id"] for entry in found["newly_failing"])
            result.update(failed=True, msg=f"{answer}: {names}", code="report.newly_failing")
