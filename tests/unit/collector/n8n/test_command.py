# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever happens in a run, the target hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collector.n8n import command
from collector.n8n.budget import Budget
from collector.n8n.exposition import Families
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import State, Store

FAILED = 'n8n_exporter_run_success{exporter="executions"} 0.0'
CRASHED = 'n8n_exporter_run_errors{error_type="other",exporter="executions"} 1.0'


class ToldError(RuntimeError):
    """What goes wrong."""


class Fake:
    """An exporter that reads one execution per run."""

    name = "executions"
    caps = ("open",)
    model = State

    def __init__(self, settings: ExecutionsSettings) -> None:
        self.settings = settings
        self.breaks = ""

    def collect(self, _budget: Budget, state: State) -> None:
        state.floor = str(int(state.floor or 0) + 1)

    def learned(self) -> bool:
        return True

    def add(self, families: Families, state: State) -> None:
        if self.breaks == "add" and state.floor == "2":
            raise ToldError
        families.add("n8n_exporter_oldest_running_seconds", (), int(state.floor or 0))

    def told(self, state: State) -> None:
        if self.breaks == "told":
            raise ToldError
        state.workflows_read_at = 7


@pytest.fixture
def exporter(config: dict[str, Any], read: Callable[[Any], ExecutionsSettings]) -> Fake:
    return Fake(read(config))


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was delivered; a target that is told to refuse has one "refuse" in it."""
    found: list[str] = []

    class Delivery:
        timestamp = None

        def __init__(self, *_settings: Any) -> None:
            pass

        def deliver(self, body: bytes) -> str | None:
            refused = "refuse" in found
            found[:] = [body.decode()]
            return "refused" if refused else None

    monkeypatch.setattr(command, "Delivery", Delivery)
    return found


def saved(exporter: Fake) -> State:
    return Store(exporter.settings.state_directory, exporter.name, State).load()


def test_it_is_told_only_when_it_was_taken(exporter: Fake, delivered: list[str]) -> None:
    delivered.append("refuse")
    assert command.run(exporter) == 1
    assert (saved(exporter).floor, saved(exporter).workflows_read_at) == ("1", 0)
    assert command.run(exporter) == 0
    assert (saved(exporter).floor, saved(exporter).workflows_read_at) == ("2", 7)


@pytest.mark.parametrize("where", ["telling", "saving"])
def test_a_crash_is_told_with_what_was_read(
    where: str, exporter: Fake, delivered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command.run(exporter) == 0
    last = saved(exporter)
    if where == "telling":
        exporter.breaks = "add"
    else:
        monkeypatch.setattr(Store, "save", lambda *_: 1 / 0)
    assert command.run(exporter) == 1
    assert FAILED in delivered[0]
    assert CRASHED in delivered[0]
    assert "n8n_exporter_oldest_running_seconds 1.0" in delivered[0]
    assert saved(exporter) == last


def test_a_crash_whatever_is_told(
    exporter: Fake, delivered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporter, "add", lambda *_: 1 / 0)
    assert command.run(exporter) == 1
    assert FAILED in delivered[0]
    assert saved(exporter) == State()  # nothing was told


def test_a_crash_after_the_telling(exporter: Fake, delivered: list[str]) -> None:
    exporter.breaks = "told"
    assert command.run(exporter) == 1
    assert delivered
    assert saved(exporter).floor == "1"
