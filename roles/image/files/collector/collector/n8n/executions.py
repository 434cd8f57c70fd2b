# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads workflows and executions: only what has ended since the last run, within the caps.

Executions that run are not in n8n's list, and may end after others with a higher number. So the
newest number is asked for first, then what is open, then the list down to the last floor: what is
not in the list by then was open, is remembered, and is asked for by its number later.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_left

from collector.n8n.answers import ENDED, OPEN, Execution, Page, Workflow
from collector.n8n.budget import Budget, CappedError, RunError
from collector.n8n.client import Client
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import State, Walk, WorkflowCounts

log = logging.getLogger(__name__)
_FORGET_SECONDS = 86_400


class Executions:
    """One run. What it finds is added to ``state``; ``open`` and ``oldest_running`` (s) are of
    now, and None when n8n has not told."""

    def __init__(
        self,
        client: Client,
        budget: Budget,
        settings: ExecutionsSettings,
        state: State,
        bounds: tuple[float, ...],
    ) -> None:
        self._client = client
        self._budget = budget
        self._settings = settings
        self._state = state
        self._bounds = bounds
        self._read = 0
        self._refreshed = False
        self._still_open: set[int] = set()
        self._before = {
            identity: counts.model_copy(deep=True) for identity, counts in state.workflows.items()
        }
        self.open: dict[str, int] | None = None
        self.oldest_running: float | None = None
        if len(state.buckets) != len(bounds) + 1:
            state.buckets, state.seconds = [0] * (len(bounds) + 1), 0

    def collect(self) -> None:
        """Do all of it. RunError when n8n does not answer as it should, CappedError when a cap
        ends the run; what was read until then is in the state."""
        newest = self._newest()
        self._read_open()
        self._begin(newest)
        if self._workflows_are_old():
            self._read_workflows()
        try:
            self._walk(newest)
        except CappedError:
            self._look_up()
            raise
        self._look_up()
        if self._unnamed() and not self._refreshed:
            self._read_workflows()

    def _walk(self, newest: int) -> None:
        """End the walk of earlier runs, then go from the newest one down to where that began."""
        if self._state.walk:
            self._descend(self._state.walk)
        if self._state.walk is None and newest > (self._state.floor or 0):
            self._state.walk = Walk(top=newest)
            self._descend(self._state.walk)

    def _newest(self) -> int:
        page = self._client.get("/executions", Page[Execution], limit=1)
        if not page.data:
            raise _empty("no execution at all")
        return max(execution.id for execution in page.data)

    def _begin(self, newest: int) -> None:
        state = self._state
        if state.floor is None:
            # What is old is not imported: the counting begins now.
            state.floor = newest
        elif newest < state.floor:
            log.warning("newest execution below the last floor", extra={"data": {"id": newest}})
            state.floor, state.walk = newest, None

    def _read_open(self) -> None:
        found: dict[str, int] = {}
        oldest = 0.0
        now = time.time()
        for status in OPEN:
            try:
                executions = self._open_ones(status)
            except RunError as error:
                if status != "new" or error.error_type != "http_400":
                    raise
                continue  # earlier versions have no such filter: then nothing is said of it
            found[status] = len(executions)
            for execution in executions:
                self._still_open.add(execution.id)
                if status == "running" and execution.started_at:
                    oldest = max(oldest, now - execution.started_at.timestamp())
        self.open, self.oldest_running = found, oldest
        known = set(self._state.open)
        self._remember([*self._state.open, *sorted(self._still_open - known)])

    def _open_ones(self, status: str) -> list[Execution]:
        found: list[Execution] = []
        limit = self._settings.limits.open
        size = min(self._settings.n8n.page_size, limit)
        for page in self._client.pages("/executions", Execution, status=status, limit=size):
            found += page.data
            if len(found) >= limit and page.next_cursor:
                self._budget.cap("open")
                break
        return found[:limit]

    def _remember(self, identities: list[int]) -> None:
        limit = self._settings.limits.open * len(OPEN)
        if len(identities) > limit:
            self._budget.cap("open")
        self._state.open = identities[-limit:]

    def _look_up(self) -> None:
        """Ask for those that were open, are not any more, and are no part of a walk to come."""
        floor = self._state.floor or 0
        waiting = [
            number
            for number in self._state.open
            if number <= floor and number not in self._still_open
        ]
        for number in waiting:
            try:
                execution = self._client.get(f"/executions/{number}", Execution)
            except CappedError:
                self._budget.cap("open")
                raise
            except RunError as error:
                if error.error_type not in ("http_404", "http_500"):
                    raise
                data = {"id": number, "error": str(error)}
                log.info("an open execution cannot be read", extra={"data": data})
                ended = error.error_type == "http_404"  # n8n has thrown it away
                if not ended:
                    self._budget.errors[error.error_type] += 1
            else:
                ended = execution.ended
                if ended:
                    self._count(execution)
            self._state.open.remove(number)
            if not ended:
                # It is the last one to be asked for again.
                self._state.open.append(number)

    def _descend(self, walk: Walk) -> None:
        """Read the list from the walk's cursor down to the floor. CappedError leaves the rest."""
        try:
            self._read_down(walk, self._state.floor or 0)
        except RunError as error:
            if error.error_type != "http_400" or walk.cursor is None:
                raise
            # A cursor of an earlier run, which n8n does not take: past what has been read, then.
            walk.cursor = None
            self._read_down(walk, self._state.floor or 0)
        self._state.floor, self._state.walk = walk.top, None

    def _read_down(self, walk: Walk, floor: int) -> None:
        size = self._settings.n8n.page_size
        lowest = None
        self._check_cap()
        for page in self._client.pages("/executions", Execution, cursor=walk.cursor, limit=size):
            numbers = [execution.id for execution in page.data]
            if lowest is not None and max(numbers, default=0) >= lowest:
                raise RunError("bad_response", "/executions: a page repeats what was listed before")
            for execution in sorted(page.data, key=lambda each: each.id, reverse=True):
                below = walk.low is None or execution.id < walk.low
                if below and floor < execution.id <= walk.top:
                    self._meet(execution)
                    walk.low = execution.id
            lowest = min(numbers, default=floor)
            walk.cursor = page.next_cursor
            if page.next_cursor is None or lowest <= floor + 1:
                return
            self._read += len(numbers)
            self._check_cap()

    def _check_cap(self) -> None:
        size = self._settings.n8n.page_size
        if self._read + size > self._settings.limits.executions:
            raise self._budget.cap("executions")

    def _meet(self, execution: Execution) -> None:
        known = execution.id in self._state.open
        if execution.ended:
            self._count(execution)
            if known:
                self._state.open.remove(execution.id)
        elif not known:
            self._remember([*self._state.open, execution.id])

    def _count(self, execution: Execution) -> None:
        seconds = execution.seconds
        if seconds is not None:
            self._state.buckets[bisect_left(self._bounds, seconds)] += 1
            self._state.seconds += seconds
        workflows = self._state.workflows
        if execution.workflow_id not in workflows:
            if len(workflows) >= self._settings.limits.workflows:
                self._budget.cap("workflows")
                return
            workflows[execution.workflow_id] = WorkflowCounts()
        counts = workflows[execution.workflow_id]
        status = execution.status if execution.status in ENDED else "unknown"
        counts.ended[status] = counts.ended.get(status, 0) + 1
        if seconds is not None:
            counts.seconds += seconds
            counts.timed += 1
        if execution.stopped_at:
            counts.last_ended = max(counts.last_ended, execution.stopped_at.timestamp())

    def _workflows_are_old(self) -> bool:
        age = time.time() - self._state.workflows_read_at
        return not 0 <= age < self._settings.n8n.workflows_interval_seconds

    def _unnamed(self) -> bool:
        return any(not counts.name for counts in self._state.workflows.values())

    def _read_workflows(self) -> None:
        """Names, and which are active. They come with all nodes: seldom, so, and in small pages."""
        found: dict[str, Workflow] = {}
        limit = self._settings.limits.workflows
        size = min(self._settings.n8n.workflows_page_size, limit)
        self._refreshed = True
        whole = True
        try:
            for page in self._client.pages(
                "/workflows", Workflow, limit=size, excludePinnedData="true"
            ):
                known = len(found)
                found |= {workflow.id: workflow for workflow in page.data}
                if page.data and len(found) == known:
                    raise RunError("bad_response", "/workflows: a page repeats the one before")
                if len(found) >= limit and page.next_cursor:
                    self._budget.cap("workflows")
                    whole = False
                    break
        except CappedError:
            self._take_over(found, whole=False)
            raise
        if not found:
            raise _empty("no workflow")
        self._take_over(found, whole)
        # Their names are in no list, or in a part of it that is never read.
        for identity, counts in self._state.workflows.items():
            counts.name = counts.name or identity

    def _take_over(self, found: dict[str, Workflow], whole: bool) -> None:
        workflows = self._state.workflows
        for identity, workflow in list(found.items())[: self._settings.limits.workflows]:
            counts = workflows.setdefault(identity, WorkflowCounts())
            name = workflow.name or identity
            if counts.announced and counts.name != name:
                self._begin_anew(identity, counts)
            counts.name, counts.active = name, workflow.active
        forgotten = time.time() - _FORGET_SECONDS
        for identity, counts in list(workflows.items()):
            if whole and identity not in found:
                counts.active = None
                if counts.last_ended < forgotten:
                    del workflows[identity]
        if found:
            self._state.workflows_read_at = time.time()

    def _begin_anew(self, identity: str, counts: WorkflowCounts) -> None:
        """With a new name it is a new series: it begins at 0, with what only this run has seen."""
        before = self._before.get(identity, WorkflowCounts())
        counts.announced = False
        counts.ended = {s: n - before.ended.get(s, 0) for s, n in counts.ended.items()}
        counts.seconds -= before.seconds
        counts.timed -= before.timed


def _empty(seen: str) -> RunError:
    return RunError(
        "empty",
        f"n8n shows {seen}: is the key of a user who may see them, is this the right n8n, "
        "does it save executions?",
    )
