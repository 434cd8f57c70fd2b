# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role are checked before Ansible compares them with its specification."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROLES = Path(__file__).parents[3] / "roles"
WITH_TASKS = sorted(path.parents[1].name for path in ROLES.glob("*/tasks/main.yml"))


@pytest.mark.parametrize("role", [role for role in WITH_TASKS if role != "observability_variables"])
def test_a_role_has_its_variables_checked(role: str) -> None:
    meta = yaml.safe_load((ROLES / role / "meta/main.yml").read_text())
    named = [
        each.get("vars", {}).get("observability_variables_of") for each in meta["dependencies"]
    ]
    assert role in named
