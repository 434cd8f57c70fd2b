# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the corpus run takes files and counts; its servers are those of the integration tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.corpus import Verdict, _ours, files_of, summary


def test_the_kind_of_a_file_is_that_of_the_nearest_folder(tmp_path: Path) -> None:
    for name in (
        "rules/a.yml",
        "rules/x/b.rules",
        "traefik/rules.toml",
        "other/c.yml",
        "rules/d.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = {(kind, path.name) for kind, path in files_of(tmp_path, None)}
    assert found == {("rules", "a.yml"), ("rules", "b.rules"), ("traefik", "rules.toml")}
    named = [path.name for _kind, path in files_of(tmp_path / "other", "alertmanager")]
    assert named == ["c.yml"]


@pytest.mark.parametrize(
    ("result", "ours"),
    [
        ({"proven": True, "warnings": []}, ("proven", "")),
        ({"proven": True, "warnings": ["what is loaded was not compared: x"]}, ("unproven", "")),
        ({"proven": False}, ("unproven", "")),
        ({"failed": True, "code": "config.refused"}, ("refused", "config.refused")),
        ({"failed": True, "code": "config.locked"}, ("blamed", "config.locked")),
        ({"failed": True, "code": "server.refused"}, ("refused", "server.refused")),
        ({"failed": True, "code": "server.other_config"}, ("blamed", "server.other_config")),
    ],
)
def test_what_we_say(result: dict[str, Any], ours: tuple[str, str]) -> None:
    assert _ours(result) == ours


@pytest.mark.parametrize(
    ("verdict", "good"),
    [
        (Verdict("f", "accepted", "proven", second="unchanged"), True),
        (Verdict("f", "accepted", "unproven", second="unchanged"), True),
        (Verdict("f", "refused", "refused"), True),
        (Verdict("f", "unknown", "proven"), True),
        (Verdict("f", "refused", "proven"), False),
        (Verdict("f", "accepted", "refused"), False),
        (Verdict("f", "accepted", "blamed"), False),
        (Verdict("f", "accepted", "proven", second="changed"), False),
        (Verdict("f", "accepted", "proven", leaks=1), False),
        (Verdict("f", "unknown", "proven", blamed=["p"]), False),
    ],
)
def test_what_is_left_to_mend(verdict: Verdict, good: bool) -> None:
    assert verdict.good is good
    assert str(verdict).startswith("! ") is not good


def test_a_kind_in_a_line() -> None:
    found = [
        Verdict("a", "accepted", "proven", second="unchanged"),
        Verdict("b", "accepted", "unproven", second="changed", leaks=2),
        Verdict("c", "refused", "refused"),
        Verdict("d", "unknown", "proven", blamed=["x", "y"]),
    ]
    line = summary("rules", found)
    numbers = [int(word.strip(";,")) for word in line.split() if word.strip(";,").isdecimal()]
    assert numbers == [4, 2, 1, 1, 1, 1, 1, 2, 1, 2]
