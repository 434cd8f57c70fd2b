# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report in the form that CI servers read (JUnit XML)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from ...module_utils._texts.text import FIELDS
from .document import follows_text, grouped

# XML 1.0 cannot contain these, not even escaped.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: object) -> str:
    return NOT_IN_XML.sub("\ufffd", str(text))


def _explanation(check: Mapping[str, Any]) -> str:
    keys = ("code", *FIELDS)
    lines = [f"{key}: {check[key]}" for key in keys if key in check]
    if root := follows_text(check):
        lines.insert(0, f"follows from: {root}")
    return _clean("\n".join(lines))


def as_junit(report: Mapping[str, Any]) -> str:
    """Return one suite for each group of checks. A warning is output of its case, no failure."""
    counts = report["counts"]
    root = ElementTree.Element(
        "testsuites",
        name=_clean(report["name"]),
        tests=str(len(report["checks"])),
        failures=str(counts["fail"]),
        errors="0",
        skipped=str(counts["skip"]),
        time=f"{report['seconds']:.3f}",
        timestamp=report["started"],
    )
    for group, checks in grouped(report["checks"]).items():
        statuses = [check["status"] for check in checks]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=_clean(group),
            tests=str(len(checks)),
            failures=str(statuses.count("fail")),
            errors="0",
            skipped=str(statuses.count("skip")),
            time=f"{sum(check['seconds'] for check in checks):.3f}",
            timestamp=report["started"],
            hostname=_clean(report["asked_from"]),
        )
        for check in checks:
            kind = _clean(check.get("code") or "check")
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=_clean(f"{report['name']}.{group}"),
                name=_clean(check["id"]),
                time=f"{check['seconds']:.3f}",
            )
            if check["status"] == "fail":
                message = _clean(f"expected {check['expected']}; seen: {check['seen']}")
                failure = ElementTree.SubElement(case, "failure", message=message, type=kind)
                failure.text = _explanation(check)
            elif check["status"] == "skip":
                ElementTree.SubElement(case, "skipped", message=_clean(check["seen"]), type=kind)
            elif check["status"] == "warn":
                output = ElementTree.SubElement(case, "system-out")
                output.text = "warning\n" + _explanation(check)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
