# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role victoriametrics needs."""

from __future__ import annotations

from collections.abc import Iterator

from . import rules
from .fault import Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "victoriametrics_bind_address", "victoriametrics_port")
    yield from rules.urls(v, "victoriametrics_url")
    expected = "a number of months, or a number with d, w or y"
    yield from rules.matches(v, "victoriametrics_retention", "[0-9]+[dwy]?", expected)
