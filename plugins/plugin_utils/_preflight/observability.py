# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all roles need."""

from __future__ import annotations

from collections.abc import Iterator

from . import rules
from .fault import Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    for name, pattern, expected in (
        (
            "observability_registry",
            "|[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._/-]+)?",
            "host[:port][/path] without a scheme, or nothing",
        ),
        (
            "observability_image_name",
            "[a-z0-9]+([._/-][a-z0-9]+)*",
            "the name of an image without a tag",
        ),
        ("observability_image_version", "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", "a tag"),
    ):
        yield from rules.matches(v, name, pattern, expected)
    for name, value in v["observability_urls"].items():
        yield from rules.url(f"observability_urls.{name}", value)
