# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes: what the command wants, and what is said of them."""

from __future__ import annotations

from collector.n8n.budget import Budget
from collector.n8n.exposition import Families, add_histogram, bounds
from collector.n8n.nodes import Nodes
from collector.n8n.postgres import Postgres
from collector.n8n.settings import NodesSettings
from collector.n8n.state import NodesState

DURATION = "n8n_exporter_node_type_duration_seconds"


class NodesExporter:
    """By n8n's database."""

    name = "nodes"
    caps = ("executions", "open", "nodes", "data_bytes", "requests", "seconds")
    model = NodesState

    def __init__(self, settings: NodesSettings) -> None:
        self.settings = settings
        self._now: Nodes | None = None

    def collect(self, budget: Budget, state: NodesState) -> None:
        """One run. Raises RunError and CappedError."""
        database = Postgres(self.settings.database, budget)
        try:
            self._now = Nodes(database, budget, self.settings, state, bounds(DURATION))
            self._now.collect()
        finally:
            database.close()

    def learned(self) -> bool:
        """Whether the database has told that it is one of n8n."""
        return self._now is not None and self._now.learned

    def add(self, families: Families, state: NodesState) -> None:
        """What has been counted."""
        for kind, of_kind in state.types.items():
            for mode, durations in of_kind.items():
                add_histogram(families, DURATION, (kind, mode), durations)
        for counts in state.nodes.values():
            labels = (counts.workflow, counts.workflow_name, counts.node, counts.type, counts.mode)
            # As with histograms: 0 first, so that increase() misses nothing.
            told = counts.announced
            for status, count in (("success", counts.success), ("error", counts.error)):
                of_status = (*labels, status, counts.saved)
                value = count if told else 0
                families.add("n8n_exporter_node_executions_total", of_status, value)
            timed = counts.success + counts.error if told else 0
            seconds = counts.seconds if told else 0
            families.add("n8n_exporter_node_duration_seconds", labels, timed, seconds)
            if counts.slowest is not None:
                families.add("n8n_exporter_node_slowest_seconds", labels, counts.slowest)

    def told(self, state: NodesState) -> None:
        """From now on their counts are shown."""
        for counts in state.nodes.values():
            counts.announced, counts.slowest = True, None
        for of_kind in state.types.values():
            for durations in of_kind.values():
                durations.announced = True
