# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of one release by their names, which are the journal of a swap.

    NAME              serves
    NAME.next         the new one, until it has proven itself
    NAME.previous     the one before, stopped, for a rollback
    NAME.rehearsal    tries the new image, never serves
    NAME.retired      during a rollback, while two names are exchanged

A run that was killed leaves names from which the next one knows how far it came (`repair`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from .._docker.arp import announce
from .._docker.client import DOCKER_ERRORS, Failure, NotFound, describe_error
from .._docker.health import NotHealthy, mask, wait_healthy
from .container import (
    CONFIG_DIGEST,
    IMAGE_DIGEST,
    IMAGE_ID,
    IMAGE_REFERENCE,
    RELEASE,
    RESTART_POLICY,
)
from .store import Store

Container = dict[str, Any]


@dataclass
class Run:
    """What one run of the module works with, and what it has done so far."""

    client: Any
    name: str
    params: dict[str, Any]
    check_mode: bool
    store: Store
    actions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    downtime: float | None = None
    rehearsal: float | None = None
    hidden: list[str] = field(default_factory=list)  # secrets: of this release and the stored ones

    def masked(self, text: object) -> str:
        """What a container said, without secrets."""
        return mask(str(text), self.hidden)

    def do(self, action: str, function: Callable[..., Any], *args: Any) -> None:
        """Note the action; carry it out unless in check mode. So both tell the same."""
        self.actions.append(action)
        if not self.check_mode:
            function(*args)


@dataclass
class Slots:
    """The containers found, each as Docker's inspect gives it."""

    current: Container | None = None
    previous: Container | None = None
    next: Container | None = None
    rehearsal: Container | None = None
    retired: Container | None = None

    def all(self) -> list[Container]:
        """Those that exist."""
        found = [getattr(self, slot.name) for slot in fields(self)]
        return [container for container in found if container]


def slot_name(name: str, slot: str) -> str:
    """The container's name in that slot."""
    return name if slot == "current" else f"{name}.{slot}"


def find(client: Any, name: str) -> Slots:
    """All containers of the release."""
    return Slots(**{s.name: inspect(client, slot_name(name, s.name)) for s in fields(Slots)})


def inspect(client: Any, name: str) -> Container | None:
    """The container of exactly that name (Docker would take the start of an id as well)."""
    try:
        container = client.api.inspect_container(name)
    except NotFound:
        return None
    return container if container["Name"] == f"/{name}" else None


def label(container: Container | None, key: str) -> str | None:
    """One label's value, or None."""
    return ((container or {}).get("Config", {}).get("Labels") or {}).get(key)


def describe(container: Container | None) -> dict[str, Any] | None:
    """One release as the module returns it."""
    if container is None:
        return None
    return {
        "id": label(container, RELEASE),
        "name": container["Name"].lstrip("/"),
        "image_id": label(container, IMAGE_ID) or container["Image"],
        "image_reference": label(container, IMAGE_REFERENCE) or container["Config"]["Image"],
        "image_digest": label(container, IMAGE_DIGEST) or "",
        "config_digest": label(container, CONFIG_DIGEST),
        "container_id": container["Id"],
        "created": container["Created"],
    }


def running(container: Container | None) -> bool:
    """Whether its process runs (a paused one does not count, one that restarts does)."""
    return bool(container and container["State"]["Running"] and not container["State"]["Paused"])


def remove(client: Any, container: Container | None) -> None:
    """Remove it, running or not, with its anonymous volumes; no error when it is gone."""
    if container:
        try:
            client.api.remove_container(container["Id"], force=True, v=True)
        except NotFound:
            return


def update(client: Any, container_id: str, body: dict[str, Any]) -> None:
    """`docker update`: docker-py's own method knows neither NanoCpus nor PidsLimit."""
    api = client.api
    url = f"{api.base_url}/v{api.api_version}/containers/{container_id}/update"
    response = api.post(url, json=body, timeout=api.timeout)
    if not response.ok:
        raise Failure(f"docker update was refused: {response.text.strip()}")


def own_policy(run: Run, container: Container) -> str:
    """The restart policy it has when it serves; a kept one has `no`."""
    policy = label(container, RESTART_POLICY) or run.store.noted_policy(container["Id"])
    return policy or container["HostConfig"]["RestartPolicy"]["Name"] or "no"


def retire(run: Run, container: Container) -> None:
    """Keep it from being started by the daemon."""
    policy = container["HostConfig"]["RestartPolicy"]["Name"]
    if policy and policy != "no":
        if not label(container, RESTART_POLICY):
            run.store.note_policy(container["Id"], policy)
        update(run.client, container["Id"], {"RestartPolicy": {"Name": "no"}})


def start(run: Run, container: Container) -> None:
    """Start it, with the restart policy it serves with."""
    _unpause(run, container)
    policy = own_policy(run, container)
    if container["HostConfig"]["RestartPolicy"]["Name"] != policy:
        update(run.client, container["Id"], {"RestartPolicy": {"Name": policy}})
    run.client.api.start(container["Id"])
    announce(run.client, container["Id"])


def stop(run: Run, container: Container) -> None:
    """Stop it: SIGTERM, and SIGKILL after `stop_timeout` seconds."""
    _unpause(run, container)
    run.client.api.stop(container["Id"], timeout=run.params["stop_timeout"])


def _unpause(run: Run, container: Container) -> None:
    if container["State"]["Paused"]:
        run.client.api.unpause(container["Id"])
        container["State"]["Paused"] = False


def stop_for_good(run: Run, container: Container) -> None:
    """Stop it, and keep the daemon from starting it."""
    stop(run, container)
    retire(run, container)


def restart(run: Run, container: Container) -> None:
    """Stop and start it."""
    stop(run, container)
    start(run, container)


def repair(run: Run, slots: Slots) -> Slots:
    """Bring the containers of an interrupted run back in order; returns what there is then.

    In check mode it returns what there would be.
    """
    before = len(run.actions)
    _Repair(run, slots).all()
    owned = {label(container, RELEASE) for container in slots.all()}
    leftovers = run.store.releases() - owned
    if leftovers:
        action = "remove files of releases that no container belongs to"
        run.do(action, run.store.remove, *leftovers)
    changed = len(run.actions) > before
    return find(run.client, run.name) if changed and not run.check_mode else slots


class _Repair:
    """The cases, by which names exist."""

    def __init__(self, run: Run, slots: Slots) -> None:
        self.run = run
        self.slots = slots

    def all(self) -> None:
        """Every case that applies; each leaves the slots as they are afterwards."""
        slots = self.slots
        self._remove("rehearsal")
        if slots.retired:
            self._exchange()
        if slots.next and not slots.current and self._healthy(slots.next):
            # It had been proven: only the last rename was missing.
            self._rename("next", "current")
        self._remove("next")
        if slots.current and slots.previous and running(slots.previous):
            self._stop_previous(slots.previous)
        elif slots.previous and not slots.current:
            self._start(self._rename("previous", "current"))

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
        # What check mode goes on with.
        current["State"].update(Running=True, Paused=False, Health={"Status": "healthy"})
        current["HostConfig"]["RestartPolicy"] = {"Name": policy}

    def _try_start(self, current: Container) -> None:
        # Not fatal: the release that is wanted may be the cure.
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
