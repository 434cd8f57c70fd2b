# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""References, as Docker reads them."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._image.registry import registry_of


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        ("prometheus", "docker.io"),
        ("prom/prometheus:v3", "docker.io"),
        ("registry.example.com/prom/prometheus", "registry.example.com"),
        ("registry.example.com:5000/x@sha256:0", "registry.example.com:5000"),
        ("localhost/x", "localhost"),
        ("127.0.0.1:5000/x:1", "127.0.0.1:5000"),
    ],
)
def test_registry_of(reference: str, registry: str) -> None:
    assert registry_of(reference) == registry
