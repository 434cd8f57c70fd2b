# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role image needs."""

from __future__ import annotations

from collections.abc import Iterator

from .._content.images import definitions
from . import rules
from .fault import Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    known = definitions(v)
    for name in ("image_key", "image_keys"):
        keys = [v[name]] if isinstance(v[name], str) else v[name]
        for key in keys:
            if key and key not in known:
                expected = f"one of {', '.join(sorted(known))}"
                step = "Add an image of your own to observability_images"
                yield Fault("reference.unknown", name, expected, repr(key), step)
    if not v["image_key"] and not v["image_keys"]:
        yield Fault("value.missing", "image_keys", "the keys of the images", "none")
