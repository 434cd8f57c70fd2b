# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from collector.n8n.budget import Budget
from collector.n8n.client import Client
from collector.n8n.executions import Executions
from collector.n8n.executions_exporter import DURATION
from collector.n8n.exposition import bounds
from collector.n8n.settings import ExecutionsSettings, load_executions
from collector.n8n.state import State

from ....n8n_stand_in import KEY, N8n, serve_example

Data = dict[str, Any]


@pytest.fixture
def config(tmp_path: Path) -> Data:
    """Settings of an exporter, as JSON data; files exist."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "state").mkdir()
    return {
        "host": "wf001",
        "n8n": {
            "url": "https://n8n.example.com",
            "api_key_file": str(tmp_path / "key"),
            "pause_seconds": 0,
        },
        "state_directory": str(tmp_path / "state"),
        "pushgateway": {"url": "https://prometheus.example.com/pushgateway"},
    }


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Any], ExecutionsSettings]:
    """Write settings to a file and load it."""

    def write_and_load(data: Any) -> ExecutionsSettings:
        path = tmp_path / "n8n.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return load_executions(str(path))

    return write_and_load


@pytest.fixture
def n8n() -> Iterator[N8n]:
    """A stand-in with two workflows and three executions that have ended."""
    with serve_example() as stand_in:
        yield stand_in


@dataclass
class Runs:
    """Runs one after the other, on one state. Sleeping only moves the clock."""

    config: Data
    read: Callable[[Any], ExecutionsSettings]
    state: State = field(default_factory=State)
    budget: Budget = field(init=False)
    slept: list[float] = field(default_factory=list)
    clock: float = 0.0

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock += seconds

    def run(self, limits: Data | None = None, **changes: Any) -> Executions:
        """One run, with these settings of n8n changed."""
        data = {**self.config, "n8n": {**self.config["n8n"], **changes}, "limits": limits or {}}
        settings = self.read(data)
        self.slept.clear()
        self.budget = Budget(settings.limits, lambda: self.clock, self._sleep)
        client = Client(settings.n8n, self.budget)
        one = Executions(client, self.budget, settings, self.state, bounds(DURATION))
        one.collect()
        return one

    def ended(self, workflow: str = "w1") -> dict[str, int]:
        """What has been counted, in any mode."""
        total: Counter[str] = Counter()
        for of_mode in self.state.workflows[workflow].modes.values():
            total.update(of_mode.ended)
        return dict(total)


@pytest.fixture
def runs(config: Data, read: Callable[[Any], ExecutionsSettings], n8n: N8n) -> Runs:
    """Runs against that stand-in."""
    config["n8n"]["url"] = n8n.url
    return Runs(config, read)
