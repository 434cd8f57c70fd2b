# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of plugins/: which one may import from which (docs/design.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PLUGINS = Path(__file__).parents[3] / "plugins"
# From the ground up; a room imports from the floors below its own.
FLOORS = [
    {"_texts", "_python", "_signals"},
    {"_failure", "_hidden", "_deadline", "_follows"},
    {"_folder", "_connection"},
    {"_http", "_docker", "_certificate"},
    {"_check"},
    {"_api"},
    {"_config", "_image", "_release", "_grafana"},
    {"_release_check", "_pipeline", "_drill", "_services", "_backup", "_decommission"},
    {"plugin_utils"},
    {"modules", "action", "lookup", "filter"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
PARTS = {"services", "ping", "metrics", "roundtrip", "logs"}


class Import(NamedTuple):
    path: Path
    target: tuple[str, ...]
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path}: {'.'.join(self.target)} ({', '.join(self.names)})"


def _imports() -> Iterator[Import]:
    for path in sorted(PLUGINS.rglob("*.py")):
        inside = path.relative_to(PLUGINS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = inside.parts[: len(inside.parts) - node.level]
                module = tuple((node.module or "").split(".")) if node.module else ()
                yield Import(inside, base + module, tuple(name.name for name in node.names))
            elif isinstance(node, ast.ImportFrom):
                module = tuple((node.module or "").split("."))
                if module[0] == "ansible_collections":
                    assert inside.parts[0] == "modules", path
                    yield Import(inside, module[4:], tuple(name.name for name in node.names))


IMPORTS = list(_imports())


def room(parts: tuple[str, ...]) -> str:
    return parts[1].removesuffix(".py") if parts[0] == "module_utils" else parts[0]


def test_modules_import_something_by_its_full_name() -> None:
    """Mitogen takes a module for Python only then."""
    known = re.compile(r"^from ansible(_collections|\.module_utils)\.", re.MULTILINE)
    for path in (PLUGINS / "modules").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "def main" not in source or known.search(source), path


def test_there_are_imports() -> None:
    assert {room(each.target) for each in IMPORTS} >= {"_http", "_check", "plugin_utils"}


def test_no_arrow_runs_up() -> None:
    wrong = [
        str(each)
        for each in IMPORTS
        if room(each.path.parts) != room(each.target)
        and FLOOR[room(each.path.parts)] <= FLOOR[room(each.target)]
    ]
    assert not wrong


def test_the_parts_of_the_pipeline_do_not_import_each_other() -> None:
    wrong = [
        str(each)
        for each in IMPORTS
        if "_pipeline" in each.path.parts[1:2]
        and each.path.parts[2] in PARTS
        and each.target[:2] == ("module_utils", "_pipeline")
        and each.target[2] in PARTS - {each.path.parts[2]}
    ]
    assert not wrong


def test_private_names_stay_in_their_file() -> None:
    rooms = {path.name.removesuffix(".py") for path in PLUGINS.rglob("_*")}
    wrong = [
        str(each)
        for each in IMPORTS
        if any(name.startswith("_") and name not in rooms for name in each.names)
    ]
    assert not wrong


def test_threads_take_no_signals() -> None:
    """A signal that the system gives to another thread does not interrupt the main one."""
    signals = Path("module_utils/_signals.py")
    for path in sorted(PLUGINS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                where = path.relative_to(PLUGINS)
                assert name not in ("Thread", "Timer") or where == signals, where
                assert name != "ThreadPoolExecutor" or options["initializer"] == "take_none", where
