# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn what an exporter of n8n has printed into checks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._check import Ask

_ERROR = '"level": "error"'


def errors(lines: Sequence[str]) -> list[str]:
    """Return the errors of a run: lines that are no log, then those of its log."""
    logged = [json.loads(line) for line in lines if line.startswith('{"time"') and _ERROR in line]
    return [line for line in lines if not line.startswith('{"time"')] + [
        str(
            entry.get("error")
            or (entry.get("exception") or entry.get("message") or "").strip().split("\n")[-1]
        )
        for entry in logged
    ]


def run_checks(
    host: str, directory: str, results: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return a check for each exporter that was run once.

    Args:
        results: Results of the loop that ran them: ``item``, ``rc`` and the lines of the output.
    """
    checks = []
    for result in results:
        name = str(result["item"])
        ask = Ask("exporter_run", f"{name} {host}", exporter=name, directory=directory)
        said = errors([*result["stdout_lines"], *result["stderr_lines"]])
        values = {"exit_code": int(result["rc"]), "error": said[-1] if said else ""}
        failed = ask.fail("failed" if said else "exporter_run.failed.silent", **values)
        checks.append(ask.ok() if values["exit_code"] == 0 else failed)
    return [check.as_data() for check in checks]
