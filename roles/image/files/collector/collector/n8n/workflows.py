# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of workflows: their names and settings, and what has ended of each.

n8n lists workflows with all their nodes: seldom, so, in small pages, and with as many runs as it
takes. All are counted; only so many have series of their own.
"""

from __future__ import annotations

import time
from collections import Counter

from collector.n8n.answers import ENDED, Execution, Workflow, known
from collector.n8n.budget import Budget, RunError
from collector.n8n.client import Client
from collector.n8n.saving import Saving
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import Listing, ModeCounts, State, WorkflowCounts

_FORGET_SECONDS = 86_400
_NO_WORKFLOW = "(no workflow)"


class Workflows:
    """The workflows of one run. What it finds is added to ``state``."""

    def __init__(
        self, client: Client, budget: Budget, settings: ExecutionsSettings, state: State
    ) -> None:
        self._client = client
        self._budget = budget
        self._settings = settings
        self._state = state
        self._default = Saving(*(name in settings.saved for name in Saving._fields))
        self._before = {
            identity: counts.model_copy(deep=True) for identity, counts in state.workflows.items()
        }
        self.refreshed = False

    @property
    def are_old(self) -> bool:
        """Whether it is time to list them again, or to go on with that."""
        age = time.time() - self._state.workflows_read_at
        fresh = 0 <= age < self._settings.n8n.workflows_interval_seconds
        return self._state.listing is not None or not fresh

    @property
    def some_are_unnamed(self) -> bool:
        """Whether there are executions of one that was not listed yet."""
        return any(not counts.name for counts in self._state.workflows.values())

    def count(self, execution: Execution) -> None:
        """One more that has ended."""
        counts = self._of(execution.workflow_id)
        if counts is None:
            self._budget.cap("workflows")
            return
        of_mode = counts.modes.setdefault(execution.mode, ModeCounts())
        status = known(execution.status, ENDED)
        of_mode.ended[status] = of_mode.ended.get(status, 0) + 1
        if execution.seconds is not None:
            of_mode.seconds += execution.seconds
            of_mode.timed += 1
        if execution.stopped_at:
            counts.last_ended = max(counts.last_ended, execution.stopped_at.timestamp())

    def read(self, spare: int = 0) -> None:
        """Go on with the list, and leave so many requests. CappedError when the run may ask no
        more; what was read until then is in the state."""
        self.refreshed = True
        state = self._state
        listing = state.listing = state.listing or Listing(begun=time.time())
        try:
            whole = self._read(listing, spare)
        except RunError as error:
            if listing.cursor is None or error.error_type not in ("http_400", "http_500"):
                raise
            # A cursor of an earlier run, which n8n does not take: from the beginning, then.
            listing = state.listing = Listing(begun=time.time())
            whole = self._read(listing, spare)
        if not whole:
            self._budget.cap("requests")
            return
        state.listing = None
        if not listing.states:
            raise empty("no workflow")
        state.listed, state.workflows_read_at = listing, time.time()
        self._settle(listing)

    def mark_capped(self) -> None:
        """Note that there are more than have series, also in the runs that do not list them."""
        listings = (self._state.listed, self._state.listing)
        if any(listing is not None and listing.beyond for listing in listings):
            self._budget.cap("workflows")

    def _read(self, listing: Listing, spare: int) -> bool:
        """Whether the list was read to its end."""
        size = self._settings.n8n.workflows_page_size
        states = Counter(listing.states)
        seen: set[str] = set()
        for page in self._client.pages(
            "/workflows", Workflow, cursor=listing.cursor, limit=size, excludePinnedData="true"
        ):
            fresh = [each for each in page.items if each.id not in seen]
            if page.items and not fresh:
                raise RunError("bad_response", "/workflows: a page repeats the one before")
            if page.data and not page.items and page.next_cursor is None and not states:
                raise RunError("bad_response", f"/workflows: {page.unreadable[0]}")
            for workflow in fresh:
                seen.add(workflow.id)
                states[workflow.state] += 1
                listing.beyond |= not self._take_over(workflow, listing)
            listing.states, listing.cursor = dict(states), page.next_cursor
            if page.next_cursor is None:
                return True
            if self._budget.requests + spare >= self._settings.limits.requests:
                return False
        return True

    def _take_over(self, workflow: Workflow, listing: Listing) -> bool:
        """Whether it is among those with series."""
        counts = self._state.workflows.get(workflow.id)
        if counts is None:
            if len(self._state.workflows) >= self._settings.limits.workflows:
                return False
            counts = self._state.workflows[workflow.id] = WorkflowCounts()
        name = workflow.name or workflow.id
        saving = workflow.saving(self._default)
        if (counts.name, counts.saved) != (name, saving.label):
            self._begin_anew(workflow.id, counts)
        counts.name, counts.saved, counts.saved_manual = name, saving.label, saving.manual
        counts.state, counts.listed = workflow.state, listing.begun
        return True

    def _begin_anew(self, identity: str, counts: WorkflowCounts) -> None:
        """With another label it is a new series: it begins at 0, with what only this run has
        seen. One that has not been told has no series yet."""
        before = self._before.get(identity, WorkflowCounts())
        for mode, of_mode in counts.modes.items():
            old = before.modes.get(mode, ModeCounts())
            if of_mode.announced:
                of_mode.announced = False
                of_mode.ended = {s: n - old.ended.get(s, 0) for s, n in of_mode.ended.items()}
                of_mode.seconds -= old.seconds
                of_mode.timed -= old.timed

    def _settle(self, listing: Listing) -> None:
        """The list is whole: what is not in it has gone."""
        forgotten = time.time() - _FORGET_SECONDS
        for identity, counts in list(self._state.workflows.items()):
            if counts.listed != listing.begun:
                counts.state = None
                if counts.last_ended < forgotten:
                    del self._state.workflows[identity]
            # Their names are in no list, or in a part of it that is never read.
            counts.name = counts.name or identity or _NO_WORKFLOW

    def _of(self, identity: str) -> WorkflowCounts | None:
        """Those of a workflow; one that runs takes the place of one that never did."""
        workflows = self._state.workflows
        if identity in workflows:
            return workflows[identity]
        if len(workflows) >= self._settings.limits.workflows:
            idle = next((each for each, counts in workflows.items() if not counts.modes), None)
            if idle is None:
                return None
            del workflows[idle]
            self._budget.cap("workflows")
        name = "" if identity else _NO_WORKFLOW
        workflows[identity] = WorkflowCounts(name=name)
        return workflows[identity]


def empty(seen: str) -> RunError:
    """n8n answers, but shows nothing."""
    return RunError(
        "empty",
        f"n8n shows {seen}: is the key of a user who may see them, is this the right n8n, "
        "does it save executions?",
    )
