# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse what a program exposes at /metrics: Prometheus's text format, version 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

import re
from typing import NamedTuple

# A name, labels, a value, and perhaps a timestamp.
SAMPLE = re.compile(r"([a-zA-Z_:][\w:]*)\s*(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*")
LABEL = re.compile(r'(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"')
ESCAPES = {"n": "\n"}


class Sample(NamedTuple):
    """One line: the value of one series."""

    name: str
    labels: dict[str, str]
    value: float


def samples(text: str, *names: str) -> list[Sample]:
    """Return the samples of a text, in its order.

    Lines that are not samples are skipped, because the text may be another service's page.

    Args:
        names: Only samples with these names; all if none is given.
    """
    found = []
    for line in text.splitlines():
        match = SAMPLE.fullmatch(line)
        if not match or (names and match[1] not in names):
            continue
        try:
            value = float(match[3])
        except ValueError:
            continue
        labels = {name: _unescaped(quoted) for name, quoted in LABEL.findall(match[2] or "")}
        found.append(Sample(match[1], labels, value))
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), text)
