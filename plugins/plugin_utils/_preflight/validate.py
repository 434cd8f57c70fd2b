# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role validate needs to compare its report with an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import rules
from .fault import Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    name, directory = "validate_compare_with", v["validate_report_directory"]
    if not v[name]:
        return
    before = Path(v[name])
    if not before.is_file():
        yield Fault("file.missing", name, "an earlier JSON report", str(before))
    if "json" not in v["validate_report_formats"]:
        seen = ", ".join(v["validate_report_formats"])
        yield Fault("value.invalid", "validate_report_formats", f"json, for {name}", seen)
    if not directory:
        variable = "validate_report_directory"
        yield Fault("value.missing", variable, f"a directory, for {name}", "empty")
    elif before.resolve() == Path(directory, f"{v['validate_report_name']}.json").resolve():
        expected = "another file than the report of this run"
        step = "Move the earlier report away, or set another validate_report_name"
        yield Fault("file.same", name, expected, str(before), step)
