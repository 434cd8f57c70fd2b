# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that several types of objects share, and which uids and durations are valid."""

from __future__ import annotations

import re
from typing import Any

from .._check import FAIL_ON
from .problems import Problem, problem

UID = re.compile(r"[a-zA-Z0-9_-]{1,40}")
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)(ms|[smhdwy]))")


def required(kind: str = "str") -> dict[str, Any]:
    """Return the argument spec of an option that must be given."""
    return {"type": kind, "required": True}


def list_of(**options: dict[str, Any]) -> dict[str, Any]:
    """Return the argument spec of a list of objects with these options."""
    return {"type": "list", "elements": "dict", "options": options}


def common_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of grafana_bundle that belong neither to a type nor to the connection."""
    return {
        "provenance": {"type": "str", "choices": ["keep", "api", "none"], "default": "keep"},
        "mark": {"type": "str", "default": "vya-observability"},
        "prune": {"type": "bool", "default": False},
        "max_deletions": {"type": "int", "default": 5},
        "rewrite_secrets": {"type": "bool", "default": False, "no_log": False},
        "prove": {
            "type": "dict",
            "default": {},
            "apply_defaults": True,
            "options": {
                "scope": {
                    "type": "str",
                    "choices": ["none", "changed", "all"],
                    "default": "changed",
                },
                "window": {"type": "float", "default": 3600.0},
                "wait": {"type": "float", "default": 0.0},
                "empty": {"type": "str", "choices": ["pass", "warn", "fail"], "default": "warn"},
                "may_be_empty": {"type": "list", "elements": "str", "default": []},
            },
        },
        "fail_on": FAIL_ON,
    }


def uid_problem(what: str, uid: object) -> list[Problem]:
    """Return why a uid is not valid."""
    valid = isinstance(uid, str) and UID.fullmatch(uid)
    return [] if valid else [problem("uid_invalid", what, uid=uid)]


def seconds_of(duration: object) -> float | None:
    """Return the seconds of a duration such as `1m30s`, or None if it is not one."""
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        return float(duration)
    text = str(duration or "0s").strip()
    if text == "0":
        return 0.0
    if not text or DURATION.sub("", text):
        return None
    return sum(float(number) * UNITS[unit] for number, unit in DURATION.findall(text))
