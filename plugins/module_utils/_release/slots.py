# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of one release by their names, which are the journal of a swap.

    NAME              serves
    NAME.next         the new one, until it has proven itself
    NAME.previous     the one before, stopped, for a rollback
    NAME.rehearsal    tries the new image, never serves
    NAME.retired      during a rollback, while two names are exchanged
    nAME, NAMe        the new one and the old one, while both serve (`drain`)

Docker's DNS knows no case, so a container with such a name is found by NAME, too: a rename adds and
removes it there, while its connections live on.

A run that was killed leaves names that show the next one how far it came (`repair`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from .._docker.arp import announce
from .._docker.container import Container, inspect, label, update
from .._docker.health import mask
from .._docker.labels import (
    LABEL_CONFIG_DIGEST,
    LABEL_IMAGE_DIGEST,
    LABEL_IMAGE_ID,
    LABEL_IMAGE_REFERENCE,
    LABEL_NAME,
    LABEL_RELEASE,
    LABEL_RESTART_POLICY,
)
from .._failure import Failure
from .fields import seen_restart_policy, write_restart_policy
from .readers import read_stop_timeout
from .store import Store
from .values import read_drain


@dataclass
class Run:
    """What one run of the module works with, and what it has done so far.

    Args:
        client: Docker client.
        name: Name of the release.
        params: The module's options.
        check_mode: Nothing may change.
        store: The release's files on the host.
        actions: What was done, for the result.
        warnings: For the user.
        kept: Volumes and directories of a removed release that stay.
        downtime: Seconds between the old container's stop and the new one's first answer.
        rehearsal: Seconds that the rehearsal took.
        drain: Seconds for the old container to end its requests in; None to stop it first.
        stop_timeout: Seconds between SIGTERM and SIGKILL.
        hidden: Secrets of this release and of the stored ones; they are masked in logs.
        coming: A directory on the host that check mode has only foreseen.

    Raises:
        Failure: `release.options`: one of these times is none.
    """

    client: Any
    name: str
    params: dict[str, Any]
    check_mode: bool
    store: Store
    actions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    downtime: float | None = None
    rehearsal: float | None = None
    hidden: list[str] = field(default_factory=list)
    coming: str | None = None
    drain: float | None = field(init=False)
    stop_timeout: int = field(init=False)

    def __post_init__(self) -> None:
        option = "drain"
        try:
            self.drain = read_drain(self.params.get(option))
            option = "stop_timeout"
            self.stop_timeout = read_stop_timeout(self.params.get(option, 0))
        except ValueError as error:
            raise Failure("release.options", f"{option}: {error}", options=[option]) from error

    def masked(self, text: object) -> str:
        """Return the text without secrets."""
        return mask(str(text), self.hidden)

    def do(self, action: str, function: Callable[..., Any], *args: Any) -> None:
        """Note an action and carry it out. Check mode only notes it, so both report the same."""
        self.actions.append(action)
        if not self.check_mode:
            function(*args)


@dataclass
class Slots:
    """The containers that exist, each as `docker inspect` shows it."""

    current: Container | None = None
    previous: Container | None = None
    next: Container | None = None
    rehearsal: Container | None = None
    retired: Container | None = None
    ready: Container | None = None
    leaving: Container | None = None

    def left(self) -> list[str]:
        """Return the slots that only an interrupted run, or one under way, leaves filled."""
        return [slot for slot in _PASSING if getattr(self, slot)]

    def all(self) -> list[Container]:
        """Return the containers that exist."""
        found = [getattr(self, slot.name) for slot in fields(self)]
        return [container for container in found if container]


_PASSING = ("next", "rehearsal", "retired", "ready", "leaving")


def slot_name(name: str, slot: str) -> str:
    """Return the name of the container in a slot."""
    if slot in ("ready", "leaving") and spellings(name):
        return spellings(name)[slot == "leaving"]
    return name if slot == "current" else f"{name}.{slot}"


def spellings(name: str) -> list[str]:
    """Return two other spellings of the name in upper and lower case, or none."""
    letters = [index for index, letter in enumerate(name) if letter.isalpha()]
    return (
        [
            name[:index] + name[index].swapcase() + name[index + 1 :]
            for index in (letters[0], letters[-1])
            if len(letters) > 1
        ]
        if letters
        else []
    )


def find(client: Any, name: str) -> Slots:
    """Return all containers of the release."""
    found = {s.name: inspect(client, slot_name(name, s.name)) for s in fields(Slots)}
    for slot in ("ready", "leaving"):
        if label(found[slot], LABEL_NAME) != name:
            found[slot] = None  # a container of that very name
    return Slots(**found)


def describe(container: Container | None) -> dict[str, Any] | None:
    """Return a release as the module returns it (see RETURN of `container_release`)."""
    if container is None:
        return None
    return {
        "id": label(container, LABEL_RELEASE),
        "name": container["Name"].lstrip("/"),
        "image_id": label(container, LABEL_IMAGE_ID) or container["Image"],
        "image_reference": label(container, LABEL_IMAGE_REFERENCE) or container["Config"]["Image"],
        "image_digest": label(container, LABEL_IMAGE_DIGEST) or "",
        "config_digest": label(container, LABEL_CONFIG_DIGEST),
        "container_id": container["Id"],
        "created": container["Created"],
    }


def own_policy(run: Run, container: Container) -> str:
    """Return the restart policy that the container has when it serves; a stopped one has `no`."""
    policy = label(container, LABEL_RESTART_POLICY) or run.store.noted_policy(container["Id"])
    return policy or _policy(container)


def _policy(container: Container) -> str:
    return seen_restart_policy(container["HostConfig"].get("RestartPolicy"))


def retire(run: Run, container: Container) -> None:
    """Keep the daemon from starting the container."""
    policy = _policy(container)
    if policy != "no":
        if not label(container, LABEL_RESTART_POLICY):
            run.store.note_policy(container["Id"], policy)
        update(run.client, container["Id"], {"RestartPolicy": {"Name": "no"}})


def start(run: Run, container: Container) -> None:
    """Start the container with the restart policy that it serves with."""
    _unpause(run, container)
    policy = own_policy(run, container)
    if _policy(container) != policy:
        update(run.client, container["Id"], {"RestartPolicy": write_restart_policy(policy)})
    run.client.api.start(container["Id"])
    announce(run.client, container["Id"])


def stop(run: Run, container: Container) -> None:
    """Stop the container: SIGTERM, then SIGKILL after `stop_timeout` seconds."""
    _unpause(run, container)
    run.client.api.stop(container["Id"], timeout=run.stop_timeout)


def _unpause(run: Run, container: Container) -> None:
    if container["State"]["Paused"]:
        run.client.api.unpause(container["Id"])
        container["State"]["Paused"] = False


def stop_for_good(run: Run, container: Container) -> None:
    """Stop the container, and keep the daemon from starting it."""
    stop(run, container)
    retire(run, container)


def restart(run: Run, container: Container) -> None:
    """Stop and start the container."""
    stop(run, container)
    start(run, container)
