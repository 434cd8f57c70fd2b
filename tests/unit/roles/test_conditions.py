# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of all YAML files, as the oldest ansible-core reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

ROOT = Path(__file__).parents[3]
CONDITIONS = {"when", "that", "until", "failed_when", "changed_when", "break_when"}
FOLDERS = ("roles", "playbooks", "molecule", "inventories", "tests")


class Loader(yaml.SafeLoader):
    """A loader that skips what Ansible's own tags hold."""


Loader.add_multi_constructor("!", lambda *_anything: None)


def conditions(node: Any) -> Iterator[str]:
    """All conditions below a node of YAML."""
    if isinstance(node, list):
        for item in node:
            yield from conditions(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in CONDITIONS:
                yield from map(str, value if isinstance(value, list) else [value])
            yield from conditions(value)


def parse(condition: str) -> None:
    """Parse a condition as ansible-core 2.15 and 2.17 do, within an if statement."""
    env = jinja2.Environment()  # noqa: S701 - renders nothing
    env.parse(f"{{% if {condition} %}}True{{% endif %}}")


def test_each_condition_is_one_expression() -> None:
    """An inline if stands in parentheses: without them old versions refuse it."""
    seen = 0
    refused = []
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.yml")):
        for document in yaml.load_all(path.read_text("utf-8"), Loader):
            for condition in conditions(document):
                seen += 1
                try:
                    parse(condition)
                except jinja2.TemplateSyntaxError as error:
                    refused.append(f"{path.relative_to(ROOT)}: {condition}: {error}")
    assert seen > 100
    assert not refused


def test_an_inline_if_without_parentheses_is_refused() -> None:
    """What the test above looks for is seen by it."""
    parse("(a if b else c)")
    with pytest.raises(jinja2.TemplateSyntaxError):
        parse("a if b else c")
