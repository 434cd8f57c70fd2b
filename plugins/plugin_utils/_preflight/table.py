# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong on all hosts, as a table."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from .fault import some

HEAD = ("variable", "set in", "hosts", "what is wrong")


def table(faults: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """Return the lines of a table: a row for each fault, whichever hosts have it; then what to do.

    Args:
        faults: Faults as the module returns them.
    """
    rows = [
        (
            fault["variable"],
            fault["where"],
            some(hosts, 3),
            f"expected {fault['expected']}; seen: {fault['seen']}",
        )
        for fault, hosts in _merged(faults)
    ]
    limits = (width // 3, width // 4, width // 6)
    widths = [
        min(max(len(row[column]) for row in (HEAD, *rows)), limit)
        for column, limit in enumerate(limits)
    ]
    widths.append(max(width - sum(widths) - 2 * len(widths), 24))
    lines = [_line(HEAD, widths), _line(["─" * size for size in widths], widths)]
    for row in rows:
        cells = [textwrap.wrap(cell, size) for cell, size in zip(row, widths)]
        lines += [_line(parts, widths) for parts in zip_longest(*cells, fillvalue="")]
    steps = dict.fromkeys(fault["fix"] for fault, _hosts in _merged(faults) if fault["fix"])
    return [*lines, *([""] if steps else []), *(f"{step}." for step in steps)]


def summary(faults: Sequence[Mapping[str, Any]]) -> str:
    """Return all faults as one line: how many there are, and of which variables."""
    merged = _merged(faults)
    names = list(dict.fromkeys(fault["variable"] for fault, _hosts in merged))
    return f"{len(merged)} wrong ({', '.join(names)})"


def _merged(
    faults: Sequence[Mapping[str, Any]],
) -> list[tuple[Mapping[str, Any], list[str]]]:
    """Return each fault once, with the hosts that have it."""
    found: dict[tuple[str, ...], tuple[Mapping[str, Any], list[str]]] = {}
    for fault in faults:
        key = tuple(str(fault[name]) for name in ("code", "variable", "where", "expected", "seen"))
        hosts = found.setdefault(key, (fault, []))[1]
        if fault["host"] not in hosts:
            hosts.append(fault["host"])
    return list(found.values())


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(size) for cell, size in zip(cells, widths)).rstrip()
