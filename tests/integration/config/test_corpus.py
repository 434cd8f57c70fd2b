# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus run on real servers: one file that is well, one that is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.corpus import main

GOOD = {
    "alertmanager": "route: {receiver: a}\nreceivers: [{name: a}]\n",
    "rules": "groups: [{name: g, rules: [{record: 'a:b', expr: up}]}]\n",
}
BOARD = {"title": "B", "panels": [{"type": "text", "title": "T"}]}


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_good_file_and_a_bad_one(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.yml").write_text(GOOD[kind])
    (tmp_path / "bad.yml").write_text("nothing: of the kind\n")
    assert main([str(tmp_path), "--kind", kind]) == 0
    bad, good, _figures = capsys.readouterr().out.splitlines()
    assert bad.split(": ", 1)[1] == "refused; refused; config.refused"
    assert good.split(": ", 1)[1] == "accepted; proven; unchanged"


def test_dashboards_on_the_stand_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dashboards"
    path.mkdir()
    (path / "good.json").write_text(json.dumps(BOARD))
    assert main([str(tmp_path)]) == 0
    (path / "bad.json").write_text("{}")
    assert main([str(tmp_path)]) == 0  # no program says that it is well
    assert "refused; dashboard_no_title" in capsys.readouterr().out
