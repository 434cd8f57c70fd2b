# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation expects containers and groups of rules by the names that the roles give them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
ROLES = ROOT / "roles"


def test_the_names_are_the_roles_defaults() -> None:
    names = yaml.safe_load((ROLES / "validate/vars/main.yml").read_text())[
        "validate_container_names"
    ]
    given = {}
    for role in names:
        defaults = yaml.safe_load((ROLES / role / "defaults/main.yml").read_text())
        given[role] = defaults[f"{role}_container_name"]
    assert names == given


def test_the_groups_of_rules_are_those_that_are_written() -> None:
    expected = re.findall(r"'(vya-\w+)'", (ROOT / "playbooks/validate.yml").read_text())
    written = (ROLES / "prometheus/templates/rules").glob("*.yml.j2")
    assert sorted(expected) == sorted(
        f"vya-{path.name.removesuffix('.yml.j2')}" for path in written
    )
