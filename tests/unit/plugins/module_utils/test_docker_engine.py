# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a host without a daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils import _docker_engine
from ansible_collections.vya.observability.plugins.module_utils._docker_engine import engine_facts


def test_no_daemon_and_no_module_are_said(tmp_path: Path) -> None:
    facts = engine_facts(f"unix://{tmp_path}/no.sock", 2, 0, ["json", "no_such_module"])
    assert "no socket there" in facts["daemon"]["error"]
    assert facts["python_missing"] == ["no_such_module"]
    assert facts["disk_free_bytes"] > 0
    assert Path(facts["disk_path"]).is_dir()


def test_no_sdk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_docker_engine, "docker", None)
    facts = engine_facts("unix:///var/run/docker.sock", 2, 5, [])
    assert "SDK" in facts["daemon"]["error"]
    assert facts["sdk_version"] == ""


@pytest.mark.parametrize(
    ("content", "active"),
    [("ENABLED=yes\n", True), ("# ENABLED=yes\nENABLED=no\n", False), (None, False)],
)
def test_ufw(tmp_path: Path, content: str | None, active: bool) -> None:
    path = tmp_path / "ufw.conf"
    if content is not None:
        path.write_text(content)
    assert _docker_engine._ufw_active(path) is active
