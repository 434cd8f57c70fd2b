# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the runs of nodes: only of executions that have ended since the last run, within the caps.

In the order in which they ended, so that at a cap the next run goes on from there. What ended
within the last seconds is left for the next run: it may not be committed yet. After a crash n8n
writes an earlier end than that: so those that have not ended are remembered, and looked up.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

from collector.n8n import queries
from collector.n8n.answers import MODES, known
from collector.n8n.budget import Budget, RunError
from collector.n8n.exposition import observe
from collector.n8n.postgres import Postgres
from collector.n8n.run_data import NodeRun, RunData, node_runs
from collector.n8n.saving import Saving
from collector.n8n.settings import NodesSettings
from collector.n8n.state import Durations, NodeCounts, NodesState
from collector.n8n.workflow_nodes import UNKNOWN_WORKFLOW, WorkflowNodes, workflow_nodes

log = logging.getLogger(__name__)
_FORGET_SECONDS = 86_400
# A worker's crash is told again later, as an error: only so many are remembered.
_CRASHED = 1000
# Newer ones may be committed before older ones.
_OVERLAP = 1000


class Nodes:
    """One run. What it finds is added to ``state``."""

    def __init__(
        self,
        database: Postgres,
        budget: Budget,
        settings: NodesSettings,
        state: NodesState,
        bounds: tuple[float, ...],
    ) -> None:
        self._database = database
        self._budget = budget
        self._settings = settings
        self._state = state
        self._bounds = bounds
        self._default = Saving(*(name in settings.saved for name in Saving._fields))
        self._workflows: dict[str, WorkflowNodes] = {}
        self._read = self._with_data = 0
        self.learned = False
        for of_kind in state.types.values():
            if any(len(each.buckets) != len(bounds) + 1 for each in of_kind.values()):
                of_kind.clear()

    def collect(self) -> None:
        """Do all of it. RunError when the database does not answer as it should, CappedError when
        a cap ends the run; what was read until then is in the state."""
        settle = self._settings.database.settle_seconds
        (begin,) = self._database.fetch(queries.BEGIN, settle)
        if not begin["workflows"]:
            raise RunError("empty", "n8n's database has no workflow: is it the right one?")
        self.learned = True
        self._database.names["id_type"] = begin["id_type"]
        self._forget()
        if self._state.stopped_at is None:
            # What is old is not imported: the counting begins now.
            self._state.stopped_at = begin["until"]
            self._find_open(begin["newest"])
            return
        if self._state.stopped_at > begin["until"]:
            # To set the place back would count again what has been counted.
            seconds = (self._state.stopped_at - begin["until"]).total_seconds()
            log.warning("the database's clock was set back", extra={"data": {"wait": seconds}})
            return
        self._find_open(begin["newest"])
        self._look_up()
        self._read_ended(begin["until"])
        if self._read and not self._with_data:
            raise RunError(
                "empty",
                f"{self._read} executions, and the run data of none can be read: does n8n keep "
                "them in the database?",
            )

    def _find_open(self, newest: str | None) -> None:
        """Remember those that have begun since the last run and have not ended."""
        state, limit = self._state, self._settings.limits.open
        since = state.newest
        if since is not None and since.isdecimal():
            since = str(max(0, int(since) - _OVERLAP))
        found = [row["id"] for row in self._database.fetch(queries.OPEN, since, limit + 1)]
        skipped = {*state.open, *state.crashed}
        state.open += [each for each in reversed(found) if each not in skipped]
        state.newest = newest
        if len(found) > limit or len(state.open) > limit:
            self._budget.cap("open")
            state.open = state.open[-limit:]

    def _look_up(self) -> None:
        """Count those that were open, and now have an end that was passed before."""
        if not self._state.open:
            return
        rows = self._database.fetch(queries.STATES, self._state.open, self._state.stopped_at)
        # Those that n8n has deleted are not in there.
        there = {row["id"]: row["passed"] for row in rows}
        self._state.open = [identity for identity in self._state.open if identity in there]
        passed = [identity for identity in self._state.open if there[identity]]
        while passed:
            asked = passed[: self._settings.database.page_size]
            rows, fits = self._page(queries.OF_IDS, asked)
            for row in rows:
                self._take(row)
            # If that is all, the others are not there any more.
            done = set(asked) if fits else {row["id"] for row in rows}
            self._state.open = [each for each in self._state.open if each not in done]
            passed = [each for each in passed if each not in done]

    def _read_ended(self, until: datetime) -> None:
        size, more = self._settings.database.page_size, True
        while more:
            if self._read + size > self._settings.limits.executions:
                raise self._budget.cap("executions")
            place = (self._state.stopped_at, self._state.last_id)
            rows, fits = self._page(queries.ENDED, *place, until)
            for row in rows:
                # The place moves on whatever they are.
                self._state.stopped_at, self._state.last_id = row["stopped_at"], row["id"]
                if row["id"] in self._state.open:
                    self._state.open.remove(row["id"])
                self._take(row)
            more = len(rows) == size or not fits

    def _page(self, query: str, *values: Any) -> tuple[list[Any], bool]:
        """Executions, and whether they are all: the first one always fits."""
        limits = self._settings.limits
        size = self._settings.database.page_size
        found = self._database.fetch(query, *values, size, limits.data_bytes, limits.page_bytes)
        rows = list(takewhile(lambda row: not row["later"], found))
        self._know({row["workflow"] or "" for row in rows} - {""})
        return rows, len(rows) == len(found)

    def _take(self, row: Any) -> None:
        """Count an execution."""
        self._read += 1
        if row["id"] in self._state.crashed:
            self._with_data += 1
            return
        if row["status"] == "crashed":
            self._state.crashed = [*self._state.crashed, row["id"]][-_CRASHED:]
        if row["data"] is None:
            if row["size"] is not None:
                self._budget.cap("data_bytes")
                self._with_data += 1
            return
        try:
            data = node_runs(row["data"], row["started_at"])
            self._with_data += 1
        except ValueError as error:
            data = RunData([], 1)
            log.warning("left out", extra={"data": {"id": row["id"], "error": str(error)}})
        if data.unreadable:
            self._budget.errors["unreadable"] += data.unreadable
            count = {"id": row["id"], "unreadable": data.unreadable}
            log.warning("runs of nodes cannot be read", extra={"data": count})
        mode = known(row["mode"], MODES)
        for run in data.runs:
            self._count(row["workflow"] or "", mode, run)

    def _know(self, workflows: Iterable[str]) -> None:
        """Names of workflows, and the types of their nodes."""
        wanted = sorted(set(workflows) - set(self._workflows))
        limits = self._settings.limits
        while wanted:
            rows = self._database.fetch(
                queries.WORKFLOWS, wanted, limits.data_bytes, limits.page_bytes
            )
            for row in rows:
                if not row["later"]:
                    if row["nodes"] is None:
                        self._budget.cap("data_bytes")
                    self._workflows[row["id"]] = workflow_nodes(row, self._default)
            wanted = [row["id"] for row in rows if row["later"]]

    def _count(self, workflow: str, mode: str, run: NodeRun) -> None:
        of_workflow = self._workflows.get(workflow)
        if of_workflow is None:
            of_workflow = UNKNOWN_WORKFLOW._replace(name=workflow or UNKNOWN_WORKFLOW.name)
        kind = of_workflow.types.get(run.node, "unknown")
        self._observe(kind, mode, run.seconds)
        identity = f"{workflow}/{run.node}/{mode}"
        counts = self._state.nodes.get(identity)
        labels = (of_workflow.name, kind, of_workflow.saved)
        if counts is None or (counts.workflow_name, counts.type, counts.saved) != labels:
            # With another label it is a new series, that begins at 0.
            if counts is None and len(self._state.nodes) >= self._settings.limits.nodes:
                self._budget.cap("nodes")
                return
            counts = NodeCounts(
                workflow=workflow,
                workflow_name=of_workflow.name,
                node=run.node,
                type=kind,
                mode=mode,
                saved=of_workflow.saved,
            )
            self._state.nodes[identity] = counts
        if run.status == "success":
            counts.success += 1
        else:
            counts.error += 1
        counts.seconds += run.seconds
        counts.slowest = max(counts.slowest or 0, run.seconds)
        counts.last_seen = time.time()

    def _observe(self, kind: str, mode: str, seconds: float) -> None:
        types = self._state.types
        if mode not in types.get(kind, ()):
            if sum(map(len, types.values())) >= self._settings.limits.nodes:
                return
            empty = Durations(buckets=[0] * (len(self._bounds) + 1))
            types.setdefault(kind, {})[mode] = empty
        observe(types[kind][mode], self._bounds, seconds)

    def _forget(self) -> None:
        """Nodes that have not run for a day."""
        forgotten = time.time() - _FORGET_SECONDS
        self._state.nodes = {
            identity: counts
            for identity, counts in self._state.nodes.items()
            if counts.last_seen >= forgotten
        }
