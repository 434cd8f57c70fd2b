# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program exposes at /metrics, for tests that want one number of it."""

from __future__ import annotations

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import samples


def values(text: str, name: str, **labels: str) -> list[float]:
    """The values of the series of this name that have these labels, and perhaps others."""
    return [each.value for each in samples(text, name) if labels.items() <= each.labels.items()]
