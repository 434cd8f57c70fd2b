# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role image needs."""

from __future__ import annotations

from collections.abc import Iterator

from . import rules
from .fault import Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    if v["image_key"] not in v["image_definitions"]:
        expected = f"one of {', '.join(sorted(v['image_definitions']))}"
        step = "Add an image of your own to observability_images"
        yield Fault("reference.unknown", "image_key", expected, repr(v["image_key"]), step)
