# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows and executions: what the command wants, and what is said of them."""

from __future__ import annotations

from collector.n8n.answers import ENDED, STATES, UNKNOWN
from collector.n8n.budget import Budget
from collector.n8n.client import Client
from collector.n8n.executions import Executions
from collector.n8n.exposition import Families, add_histogram, bounds
from collector.n8n.memory import largest_answer
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import ModeCounts, State, WorkflowCounts

DURATION = "n8n_exporter_execution_duration_seconds"


class ExecutionsExporter:
    """By n8n's API."""

    name = "executions"
    caps = ("executions", "open", "workflows", "requests", "seconds")
    model = State

    def __init__(self, settings: ExecutionsSettings) -> None:
        self.settings = settings
        self.now: Executions | None = None

    def collect(self, budget: Budget, state: State) -> None:
        """One run. Raises RunError and CappedError."""
        largest = largest_answer(self.settings.limits.workflows)
        client = Client(self.settings.n8n, budget, largest)
        self.now = Executions(client, budget, self.settings, state, bounds(DURATION))
        self.now.collect()

    def learned(self) -> bool:
        """Whether n8n has told what runs now."""
        return self.now is not None and self.now.open is not None

    def add(self, families: Families, state: State) -> None:
        """What has been counted, and, if n8n has told, what is now. Nothing is said where nothing
        is known: a zero would be a lie."""
        for mode, durations in state.durations.items():
            add_histogram(families, DURATION, (mode,), durations)
        for identity, counts in state.workflows.items():
            if counts.name:
                _add_workflow(families, identity, counts)
        if self.now is None or self.now.open is None:
            return
        for status, count in self.now.open.items():
            families.add("n8n_exporter_executions_open", (status,), count)
        families.add("n8n_exporter_oldest_running_seconds", (), self.now.oldest_running)
        if state.listed:
            for name in STATES:
                count = state.listed.states.get(name, 0)
                families.add("n8n_exporter_workflows", (name,), count)

    def told(self, state: State) -> None:
        """From now on their counts are shown."""
        for durations in state.durations.values():
            durations.announced = True
        for counts in state.workflows.values():
            for of_mode in counts.modes.values():
                of_mode.announced = bool(counts.name)


def _add_workflow(families: Families, identity: str, counts: WorkflowCounts) -> None:
    labels = (identity, counts.name)
    if counts.state:
        manual = "yes" if counts.saved_manual else "no"
        info = (*labels, counts.state, counts.saved, manual)
        families.add("n8n_exporter_workflow_info", info, 1)
    for mode, of_mode in counts.modes.items():
        # As with histograms: 0 first, so that increase() misses nothing.
        shown = of_mode if of_mode.announced else ModeCounts()
        for status in (*ENDED, UNKNOWN):
            count = shown.ended.get(status, 0)
            of_status = (*labels, mode, status, counts.saved)
            families.add("n8n_exporter_executions_total", of_status, count)
        families.add(
            "n8n_exporter_workflow_duration_seconds", (*labels, mode), shown.timed, shown.seconds
        )
    if counts.last_ended:
        families.add(
            "n8n_exporter_workflow_last_ended_timestamp_seconds", labels, counts.last_ended
        )
