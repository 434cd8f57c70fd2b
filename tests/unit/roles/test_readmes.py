# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each role's README says what its specification says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ...generate.roles import ROLES, page


@pytest.mark.parametrize("role", ROLES, ids=[role.name for role in ROLES])
def test_readme(role: Path) -> None:
    readme = role / "README.md"
    assert readme.exists(), "run: make generate"
    assert readme.read_text("utf-8") == page(role), "run: make generate"
