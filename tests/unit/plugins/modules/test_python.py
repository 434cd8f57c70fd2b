# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python that is too old for the collection is told so, by each module."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.vya.observability.tests.processes import MODULES, PROJECT, environment

PLUGINS = PROJECT / "plugins"
PROGRAMS = [
    path
    for path in sorted((PLUGINS / "modules").glob("[a-z]*.py"))
    if "def main()" in path.read_text()  # the others are actions
]
OLD = """
import runpy, sys
sys.version_info = (3, 8, 18, "final", 0)
runpy.run_module(sys.argv[1], run_name="__main__")
"""


def test_each_module_refuses_it_before_it_imports_more() -> None:
    """In one process each, but at once: what a module has imported stays."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OLD, f"{MODULES}.{path.stem}"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for path in PROGRAMS
    ]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in started]
    assert len(answers) >= 20
    assert {answer["code"] for answer in answers} == {"python.old"}


@pytest.mark.parametrize(
    "path",
    [*PROGRAMS, *(PLUGINS / "module_utils" / name for name in ("_hidden.py", "_python.py"))],
    ids=lambda path: path.stem,
)
def test_what_it_reads_before_is_readable(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 8))
