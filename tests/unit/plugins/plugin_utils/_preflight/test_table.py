# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what is wrong on all hosts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._preflight.fault import Fault
from ansible_collections.vya.observability.plugins.plugin_utils._preflight.table import (
    summary,
    table,
)


def of(host: str, variable: str, seen: str = "x") -> dict[str, Any]:
    return {**asdict(Fault("a.b", variable, "y", seen, "Do this", "all.yml:3")), "host": host}


FAULTS = [of(f"host{n}", "one") for n in range(5)] + [of("host1", "two", "long " * 60)]


def test_a_fault_of_many_hosts_is_told_once() -> None:
    text = "\n".join(table(FAULTS, 120))
    assert text.count("one") == 1
    assert "host2" in text
    assert "host3" not in text
    assert "2 more" in text
    assert "all.yml:3" in text


def test_nothing_is_cut_and_no_line_is_too_long() -> None:
    lines = table(FAULTS, 100)
    assert "\n".join(lines).count("long") == 60
    assert max(map(len, lines)) <= 100


def test_each_next_step_is_said_once() -> None:
    assert "\n".join(table(FAULTS, 120)).count("Do this.") == 1


def test_the_summary_names_each_variable_once() -> None:
    assert summary([*FAULTS, of("host9", "one", "other")]) == "3 wrong (one, two)"
