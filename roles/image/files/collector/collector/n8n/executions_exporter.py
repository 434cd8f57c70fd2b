# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows and executions: what the command wants, and what is said of them."""

from __future__ import annotations

from collector.n8n.answers import ENDED
from collector.n8n.budget import Budget
from collector.n8n.client import Client
from collector.n8n.executions import Executions
from collector.n8n.exposition import Families, add_histogram, bounds
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import State, WorkflowCounts

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
        client = Client(self.settings.n8n, budget)
        self.now = Executions(client, budget, self.settings, state, bounds(DURATION))
        self.now.collect()

    def learned(self) -> bool:
        """Whether n8n has told what runs now."""
        return self.now is not None and self.now.open is not None

    def add(self, families: Families, state: State) -> None:
        """What has been counted, and, if n8n has told, what is now. Nothing is said where nothing
        is known: a zero would be a lie."""
        if state.floor is not None:
            add_histogram(families, DURATION, (), state.buckets, state.seconds)
        for identity, counts in state.workflows.items():
            if counts.name:
                _add_workflow(families, identity, counts)
        if self.now is None or self.now.open is None:
            return
        for status, count in self.now.open.items():
            families.add("n8n_exporter_executions_open", (status,), count)
        families.add("n8n_exporter_oldest_running_seconds", (), self.now.oldest_running)
        if state.workflows_read_at:
            for name, active in (("active", True), ("inactive", False)):
                count = sum(counts.active is active for counts in state.workflows.values())
                families.add("n8n_exporter_workflows", (name,), count)

    def told(self, state: State) -> None:
        """From now on their counts are shown."""
        for counts in state.workflows.values():
            counts.announced = bool(counts.name)


def _add_workflow(families: Families, identity: str, counts: WorkflowCounts) -> None:
    # A counter that appears with a value hides what it counted until then from increase(): the
    # first time it says 0, and the next run tells the rest.
    first = not counts.announced
    shown = WorkflowCounts(name=counts.name) if first else counts
    labels = (identity, counts.name)
    for status in (*ENDED, "unknown"):
        count = shown.ended.get(status, 0)
        families.add("n8n_exporter_executions_total", (*labels, status), count)
    families.add("n8n_exporter_workflow_duration_seconds", labels, shown.timed, shown.seconds)
    if counts.last_ended:
        families.add(
            "n8n_exporter_workflow_last_ended_timestamp_seconds", labels, counts.last_ended
        )
