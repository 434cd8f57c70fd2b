# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data are made in Python: YAML has no programs, and templates only render."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# A statement whose value nobody wants: it is there for what it does.
PROGRAM = re.compile(r"[{]%-?\s*(?:set _ =|do )")
FILES = sorted(
    path
    for folder in ("roles", "playbooks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".yml", ".j2") and "image/files" not in path.as_posix()
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_program(path: Path) -> None:
    assert PROGRAM.findall(path.read_text("utf-8")) == []
