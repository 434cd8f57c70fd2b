# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put the containers of an interrupted run back in order."""

from __future__ import annotations

from .._docker.client import DOCKER_ERRORS, describe_error
from .._docker.container import Container, label, remove, running
from .._docker.health import NotHealthy, wait_healthy
from .._docker.labels import LABEL_RELEASE
from .fields import write_restart_policy
from .slots import Run, Slots, find, own_policy, slot_name, start, stop_for_good


def repair(run: Run, slots: Slots) -> Slots:
    """Put the containers of an interrupted run back in order.

    Returns:
        The containers afterwards; in check mode, as they would be.
    """
    before = len(run.actions)
    _Repair(run, slots).all()
    owned = {label(container, LABEL_RELEASE) for container in slots.all()}
    leftovers = run.store.releases() - owned
    if leftovers:
        action = "remove files of releases that no container belongs to"
        run.do(action, run.store.remove, *leftovers)
    changed = len(run.actions) > before
    return find(run.client, run.name) if changed and not run.check_mode else slots


class _Repair:
    """The cases. The names that exist say which of them apply."""

    def __init__(self, run: Run, slots: Slots) -> None:
        self.run = run
        self.slots = slots

    def all(self) -> None:
        """Handle every case that applies; each updates the slots."""
        slots = self.slots
        self._remove("rehearsal")
        if slots.retired:
            self._exchange()
        self._hand_over()
        if slots.next and not slots.current and self._healthy(slots.next):
            # It was proven: only the last rename is missing.
            self._rename("next", "current")
        self._remove("next")
        if slots.current and slots.previous and running(slots.previous):
            self._stop_previous(slots.previous)
        elif slots.previous and not slots.current:
            self._start(self._rename("previous", "current"))

    def _hand_over(self) -> None:
        """Handle a swap in which both served: go on with it, if the new one is well."""
        slots = self.slots
        other = slots.current or slots.leaving
        if slots.ready and not self._healthy(slots.ready):
            if other and slots.ready["Created"] < other["Created"] and not slots.previous:
                self._rename("ready", "previous")  # of a rollback
            else:
                self._remove("ready")
        if slots.ready and slots.current:
            self._rename("current", "leaving")
        if slots.ready:
            self._rename("ready", "current")
        if slots.leaving and slots.current:
            self._remove("previous")
            self._rename("leaving", "previous")
        elif slots.leaving:
            self._start(self._rename("leaving", "current"))

    def _exchange(self) -> None:
        slots = self.slots
        if slots.previous and not slots.current:
            self._rename("previous", "current")
        if slots.current:
            if slots.previous:
                self._remove("previous")
            self._rename("retired", "previous")
        else:
            self._start(self._rename("retired", "current"))

    def _remove(self, slot: str) -> None:
        container = getattr(self.slots, slot)
        if not container:
            return
        setattr(self.slots, slot, None)
        name = slot_name(self.run.name, slot)
        action = f"remove container {name}, left by an interrupted run"
        self.run.do(action, remove, self.run.client, container)
        if slot == "next" and self.slots.current and not running(self.slots.current):
            self._start(self.slots.current)

    def _rename(self, source: str, target: str) -> Container:
        container = getattr(self.slots, source)
        setattr(self.slots, source, None)
        setattr(self.slots, target, container)
        old, new = slot_name(self.run.name, source), slot_name(self.run.name, target)
        action = f"rename container {old} to {new}, which an interrupted run had not done"
        self.run.do(action, self.run.client.api.rename, container["Id"], new)
        return container

    def _stop_previous(self, previous: Container) -> None:
        action = f"stop container {self.run.name}.previous, started by an interrupted run"
        self.run.do(action, stop_for_good, self.run, previous)
        previous["State"]["Running"] = False
        if self.slots.current and not running(self.slots.current):
            self._start(self.slots.current)

    def _start(self, current: Container) -> None:
        policy = own_policy(self.run, current)
        action = f"start container {self.run.name}, stopped by an interrupted run"
        self.run.do(action, self._try_start, current)
        # Check mode continues with these values.
        current["State"].update(Running=True, Paused=False, Health={"Status": "healthy"})
        current["HostConfig"]["RestartPolicy"] = write_restart_policy(policy)

    def _try_start(self, current: Container) -> None:
        # Not fatal: the new release may fix it.
        try:
            start(self.run, current)
        except DOCKER_ERRORS as error:
            text = f"container {self.run.name} could not be started again: {describe_error(error)}"
            self.run.warnings.append(text)

    def _healthy(self, container: Container) -> bool:
        if not running(container):
            return False
        try:
            wait_healthy(self.run.client, container["Id"], timeout=5)
        except NotHealthy:
            return False
        return True
