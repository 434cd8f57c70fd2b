# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that come in pieces."""

from __future__ import annotations

import secrets
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.vya.observability.plugins.plugin_utils import _transfer


def execute(command: str) -> dict[str, Any]:
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 5000])
def test_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(_transfer, "PIECE", 1000)
    source, target = tmp_path / "it's a name", tmp_path / "target"
    source.write_bytes(secrets.token_bytes(size))
    _transfer.fetch(execute, str(source), target, size)
    assert target.read_bytes() == source.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_host_that_gives_nothing_is_told(tmp_path: Path) -> None:
    def refuse(_command: str) -> dict[str, Any]:
        return {"rc": 1, "stdout": "", "stderr": "no"}

    with pytest.raises(AnsibleError):
        _transfer.fetch(refuse, "/nowhere", tmp_path / "target", 5)
