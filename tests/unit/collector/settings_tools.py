# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One setting changed, and what is said of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from collector.check import SettingsError

MISSING = object()


def changed(config: dict[str, Any], setting: str, value: Any) -> dict[str, Any]:
    config = copy.deepcopy(config)
    node: Any = config
    *path, last = [int(part) if part.isdigit() else part for part in setting.split(".")]
    for part in path:
        node = node[part] if isinstance(part, int) else node.setdefault(part, {})
    if value is MISSING:
        del node[last]
    else:
        node[last] = value
    return config


def problems(load: Callable[[Any], Any], data: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(data)
    return caught.value.problems


def assert_named(
    load: Callable[[Any], Any],
    config: dict[str, Any],
    setting: str,
    value: Any,
    named: str,
    said: str,
) -> None:
    """With this value, the problem of that setting says so."""
    found = problems(load, changed(config, setting, value))
    assert any(one.startswith(f"{named}: ") and said in one for one in found), found
