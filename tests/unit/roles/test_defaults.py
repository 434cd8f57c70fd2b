# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-doc says of a default is what the role has."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROLES = Path(__file__).parents[3] / "roles"
# Without a value of the user's, such a variable is refused.
NEEDED = ("_region", "_api_keys", "_api_key", "_password", "_more", "_collectors")


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_defaults_that_follow_from_nothing_are_documented(role: str) -> None:
    specs = yaml.safe_load((ROLES / role / "meta/argument_specs.yml").read_text())["argument_specs"]
    options = (specs.get("main") or specs["variables"])["options"]
    values = yaml.safe_load((ROLES / role / "defaults/main.yml").read_text()) or {}
    static = {
        name: value
        for name, value in values.items()
        if name in options and "{{" not in str(value) and "{%" not in str(value)
    }
    documented = {name: options[name].get("default") for name in static}
    asked = {name for name in static if documented[name] is None and name.endswith(NEEDED)}
    assert {name: documented[name] for name in static.keys() - asked} == {
        name: static[name] for name in static.keys() - asked
    }


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_variables_are_documented_once(role: str) -> None:
    """Not again for each entry point, of which ansible-doc prints all."""
    specs = yaml.safe_load((ROLES / role / "meta/argument_specs.yml").read_text())["argument_specs"]
    names = [name for spec in specs.values() for name in spec.get("options", {})]
    assert len(names) == len(set(names))
