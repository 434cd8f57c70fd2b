# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill survives a service that is away for a moment, and says how far it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._drill import drill as drills
from ansible_collections.vya.observability.plugins.module_utils._drill.delivery import Sent
from ansible_collections.vya.observability.plugins.module_utils._drill.drill import (
    Drill,
    Seen,
    follow,
)
from ansible_collections.vya.observability.plugins.module_utils._drill.progress import Progress
from ansible_collections.vya.observability.plugins.module_utils._drill.scenarios import Rule
from ansible_collections.vya.observability.plugins.module_utils._http.error import HttpError

LABELS = {"alertname": "Some"}
FIRING = Seen([("firing", LABELS)], [LABELS], set(), Sent(1, 1))


class Targets:
    webhook = None

    def __init__(self, answers: list[Any]) -> None:
        self.answers = answers


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the looks give, the last one for ever: an error, or what is seen."""
    given: list[Any] = []

    def look(_targets: Any) -> Any:
        answer = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(drills, "look", look)
    return given


def error(kind: str) -> HttpError:
    return HttpError.of(kind, "GET", "http://127.0.0.1:9/", "an answer", kind)


def run(timeout: float, go_on: Callable[[Any], None] = lambda _failed: None) -> Drill:
    drill = Drill(Rule("Some", "some > 0", 0), LABELS, phase="rise")
    follow([drill], Targets([]), 0.02, timeout, go_on)  # type: ignore[arg-type]
    return drill


def test_a_service_that_is_away_for_a_moment_is_asked_again(answers: list[Any]) -> None:
    answers += [error("refused"), error("closed"), FIRING]
    failed: list[Any] = []
    drill = run(5, failed.append)
    assert drill.missed == ""
    assert [each and each.code for each in failed] == [None, "http.refused", "http.closed"]


@pytest.mark.parametrize(("kind", "timeout"), [("refused", 0.2), ("tls_expired", 60)])
def test_one_that_stays_away_or_is_another_ends_the_drill(
    answers: list[Any], kind: str, timeout: float
) -> None:
    answers.append(error(kind))
    with pytest.raises(HttpError) as raised:
        run(timeout)
    assert raised.value.code == f"http.{kind}"


def test_progress(tmp_path: Path) -> None:
    drill = Drill(Rule("Some", "some > 0", 0), LABELS, phase="rise")
    progress = Progress(str(tmp_path / "progress"), [drill], 60)

    def told(**more: Any) -> dict[str, Any]:
        progress.tell(**more)
        found: dict[str, Any] = json.loads((tmp_path / "progress").read_text())
        return found

    (wait,) = told()["waits"]
    assert (wait["alert"], wait["hop"], round(wait["until"] - wait["since"])) == (
        "Some",
        "pending",
        60,
    )
    drill.seconds = {"pending": 10.0, "firing": 20.0}
    (wait,) = told()["waits"]
    assert (wait["hop"], round(wait["until"] - wait["since"])) == ("in Alertmanager", 40)
    assert told(failed=error("refused"))["failed"] == "GET http://127.0.0.1:9/"
    drill.phase = "done"
    assert told()["waits"] == []
