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

from collector.n8n.answers import OPEN, Execution, Page, is_number, order
from collector.n8n.budget import Budget, CappedError, RunError
from collector.n8n.client import Client, GoneError, LaterError
from collector.n8n.exposition import observe
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import Durations, State, Walk
from collector.n8n.workflows import Workflows

log = logging.getLogger(__name__)
# How many of the newest are asked for: one that cannot be read does not hide the others.
_NEWEST = 10
# A worker's crash is told again later, as an error: only so many are remembered.
_CRASHED = 1000


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
        self._workflows = Workflows(client, budget, settings, state)
        self._read = 0
        self._numbers = True
        self._still_open: set[str] = set()
        self.open: dict[str, int] | None = None
        self.oldest_running: float | None = None
        if any(len(each.buckets) != len(bounds) + 1 for each in state.durations.values()):
            state.durations = {}

    def collect(self) -> None:
        """Do all of it. RunError when n8n does not answer as it should, CappedError when a cap
        ends the run; what was read until then is in the state."""
        newest = self._newest()
        self._read_open()
        self._begin(newest)
        if self._workflows.are_old:
            self._workflows.read(spare=self._settings.limits.requests // 2)
        self._workflows.mark_capped()
        try:
            self._walk(newest)
        except CappedError:
            self._look_up()
            raise
        self._look_up()
        if self._workflows.some_are_unnamed and not self._workflows.refreshed:
            self._workflows.read()

    def _walk(self, newest: str) -> None:
        """End the walk of earlier runs, then go from the newest one down to where that began."""
        if self._state.walk:
            self._descend(self._state.walk)
        if self._state.walk is None and order(newest) > order(self._state.floor or ""):
            self._state.walk = Walk(top=newest)
            self._descend(self._state.walk)

    def _newest(self) -> str:
        """Its id; empty when n8n has none."""
        page = self._client.get("/executions", Page[Execution], limit=_NEWEST)
        found = [execution.id for execution in page.items]
        if page.data and not found:
            raise RunError("bad_response", f"/executions: {page.unreadable[0]}")
        # n8n counts them up: one with another id among them is not one of those.
        self._numbers = any(map(is_number, found)) or not found
        return max(self._alike(found), key=order, default="")

    def _alike(self, identities: list[str]) -> list[str]:
        """Those that have a place in the list."""
        alike = [identity for identity in identities if is_number(identity) is self._numbers]
        for identity in set(identities) - set(alike):
            kind = "a number" if self._numbers else "no number"
            self._client.leave_out("/executions", f"{identity}: id: expected {kind}")
        return alike

    def _begin(self, newest: str) -> None:
        state = self._state
        if state.floor is None:
            # What is old is not imported: the counting begins now.
            state.floor = newest
        elif newest and state.floor and self._has_gone_back(newest, state.floor):
            log.warning("newest execution below the last floor", extra={"data": {"id": newest}})
            state.floor, state.walk = newest, None

    def _has_gone_back(self, newest: str, floor: str) -> bool:
        return is_number(floor) is not self._numbers or order(newest) < order(floor)

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
            self._still_open.update(self._alike([execution.id for execution in executions]))
            for execution in executions:
                if status == "running" and execution.started_at:
                    oldest = max(oldest, now - execution.started_at.timestamp())
        self.open, self.oldest_running = found, oldest
        fresh = self._still_open - set(self._state.open) - set(self._state.crashed)
        self._remember([*self._state.open, *sorted(fresh, key=order)])

    def _open_ones(self, status: str) -> list[Execution]:
        found: list[Execution] = []
        limit = self._settings.limits.open
        size = min(self._settings.n8n.page_size, limit)
        for page in self._client.pages("/executions", Execution, status=status, limit=size):
            found += page.items
            if len(found) >= limit and page.next_cursor:
                self._budget.cap("open")
                break
        return found[:limit]

    def _remember(self, identities: list[str]) -> None:
        limit = self._settings.limits.open * len(OPEN)
        if len(identities) > limit:
            self._budget.cap("open")
        self._state.open = identities[-limit:]

    def _look_up(self) -> None:
        """Ask for those that were open, are not any more, and are no part of a walk to come."""
        floor = order(self._state.floor or "")
        waiting = [
            identity
            for identity in self._state.open
            if order(identity) <= floor and identity not in self._still_open
        ]
        for identity in waiting:
            path = f"/executions/{identity}"
            ended = True
            try:
                execution = self._client.get(path, Execution)
            except CappedError:
                self._budget.cap("open")
                raise
            except GoneError:
                log.info("an open execution was deleted", extra={"data": {"id": identity}})
            except LaterError:
                raise
            except RunError as error:
                if error.error_type not in ("http_400", "http_500", "bad_response"):
                    raise
                self._client.leave_out(path, str(error), error.error_type)
                ended = error.error_type == "http_400"  # it was never one of n8n's
            else:
                ended = execution.ended
                if ended:
                    self._count(execution)
            self._state.open.remove(identity)
            if not ended:
                # It is the last one to be asked for again.
                self._state.open.append(identity)

    def _descend(self, walk: Walk) -> None:
        """Read the list from the walk's cursor down to the floor. CappedError leaves the rest."""
        floor = self._state.floor or ""
        try:
            self._read_down(walk, floor)
        except RunError as error:
            if error.error_type not in ("http_400", "http_500") or walk.cursor is None:
                raise
            # A cursor of an earlier run, which n8n does not take: past what has been read, then.
            walk.cursor = None
            self._read_down(walk, floor)
        self._state.floor, self._state.walk = walk.top, None

    def _read_down(self, walk: Walk, floor: str) -> None:
        size = self._settings.n8n.page_size
        bottom, top = order(floor), order(walk.top)
        lowest = None
        self._check_cap()
        for page in self._client.pages("/executions", Execution, cursor=walk.cursor, limit=size):
            of_page = {execution.id: execution for execution in page.items}
            places = {order(identity): identity for identity in self._alike(list(of_page))}
            if lowest is not None and places and max(places) >= lowest:
                raise RunError("bad_response", "/executions: a page repeats what was listed before")
            for place, identity in sorted(places.items(), reverse=True):
                below = walk.low is None or place < order(walk.low)
                if below and bottom < place <= top:
                    self._meet(of_page[identity])
                    walk.low = identity
            # Nothing but what cannot be read: the next page tells where this is.
            lowest = min(places, default=lowest)
            walk.cursor = page.next_cursor
            if page.next_cursor is None or (lowest is not None and self._is_end(lowest, bottom)):
                return
            self._read += len(page.data)
            self._check_cap()

    def _is_end(self, lowest: tuple[int, str], bottom: tuple[int, str]) -> bool:
        return lowest <= bottom or (self._numbers and lowest[0] <= bottom[0] + 1)

    def _check_cap(self) -> None:
        size = self._settings.n8n.page_size
        if self._read + size > self._settings.limits.executions:
            raise self._budget.cap("executions")

    def _meet(self, execution: Execution) -> None:
        is_open = execution.id in self._state.open
        if execution.ended:
            self._count(execution)
            if is_open:
                self._state.open.remove(execution.id)
        elif not is_open and execution.id not in self._state.crashed:
            self._remember([*self._state.open, execution.id])

    def _count(self, execution: Execution) -> None:
        if execution.status == "crashed":
            # If a worker has died, n8n may give it to another one, or call it an error later.
            self._state.crashed = [*self._state.crashed, execution.id][-_CRASHED:]
        if execution.seconds is not None:
            empty = [0] * (len(self._bounds) + 1)
            durations = self._state.durations
            of_mode = durations.setdefault(execution.mode, Durations(buckets=empty))
            observe(of_mode, self._bounds, execution.seconds)
        self._workflows.count(execution)
