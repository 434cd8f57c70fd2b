# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What plugins document of their results."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.tests.processes import PROJECT

PLUGINS = [
    path
    for kind in ("modules", "lookup")
    for path in sorted((PROJECT / "plugins" / kind).glob("[a-z]*.py"))
]


def without_sample(returned: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Yield each value that no sample shows: its own, or that of what contains it."""
    for name, value in returned.items():
        if "sample" in value:
            continue
        if "contains" in value:
            yield from without_sample(value["contains"], f"{where}{name}.")
        else:
            yield f"{where}{name}"


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.stem)
def test_each_return_value_has_a_sample(path: Path) -> None:
    assigned = {
        node.targets[0].id: node.value
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    returned = yaml.safe_load(ast.literal_eval(assigned["RETURN"]))
    assert list(without_sample(returned)) == []
