# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swap: stop the old container, start the new one, wait until it is healthy, or go back."""

from __future__ import annotations

import time
from dataclasses import replace as replaced
from functools import partial
from typing import Any, Callable

from .._docker.client import DOCKER_ERRORS, describe_error, docker_failure
from .._docker.container import Container, label, remove, running, update
from .._docker.health import NotHealthy, last_lines, wait_healthy
from .._docker.labels import LABEL_IMAGE_REFERENCE, LABEL_NAME, LABEL_RELEASE
from .._docker.ports import wait_drained
from .._failure import Failure
from .create import create_next, find_network, rehearse
from .repair import repair
from .slots import Run, Slots, find, retire, slot_name, start, stop
from .spec import Spec, Volume
from .user import file_owner
from .volumes import Owner, data_owners, give, take_ownership

NOTHING_LEFT = "There is no older release; no container was left behind."


def replace(run: Run, spec: Spec, slots: Slots, image: dict[str, Any], release: str) -> None:
    """Prove the new release, then let it replace the current one, if there is one.

    Raises:
        Failure: `release.rehearsal_failed` or `release.not_taken_over`, among others. The value
            `outcome` says what serves now: `untouched`, `restored`, `not_healthy`, `not_restored`
            or `nothing_left`. Nothing of the new release is left.
    """
    new: Container | None = None
    overlaps = _overlaps(run, slots)
    try:
        _prepare(run, spec, slots, image, release)
        new = create_next(run, spec, image, release)
        rename = _hand_over if overlaps else _renew
        _swap(run, slots, new, spec.volumes, lambda: rename(run, slots, new), overlaps)
    except BaseException:
        remove(run.client, new)
        run.store.remove(release)
        raise
    if overlaps:
        _leave(run, slots, new)


def prove(run: Run, spec: Spec, slots: Slots, image: dict[str, Any], release: str) -> None:
    """Rehearse the new release on those of its networks that exist, and remove it.

    Raises:
        Failure: `release.rehearsal_failed`, with the reason and the last log lines.
    """
    there = {name: spec.networks[name] for name in spec.networks if find_network(run.client, name)}
    try:
        _prepare(run, replaced(spec, networks=there), slots, image, release)
    finally:
        run.store.remove(release)


def _prepare(run: Run, spec: Spec, slots: Slots, image: dict[str, Any], release: str) -> None:
    """Write the new release's files, and rehearse it."""
    owner = file_owner(run, spec, image)
    owners = data_owners(run.client, spec.volumes)
    record = {"release": release, "options": spec.described(), "image": spec.image}
    run.store.write(release, spec.files, owner, record)
    try:
        rehearse(run, spec, image, release, owners)
    except Failure as error:
        outcome, said = _untouched(slots.current)
        raise Failure(error.code, f"{error}\n{said}", **error.values, outcome=outcome) from error


def rollback(run: Run, slots: Slots) -> None:
    """Let the previous release replace the current one, which becomes the previous one.

    Raises:
        Failure: `release.no_previous`, or `release.not_taken_over` with `outcome` as in `replace`.
    """
    if slots.previous is None:
        raise Failure("release.no_previous", f"{run.name} has no previous release to go back to.")
    overlaps, new = _overlaps(run, slots), slots.previous
    rename = partial(_hand_over, run, slots, new) if overlaps else partial(_exchange, run, slots)
    _swap(run, slots, new, [], rename, overlaps)
    if overlaps:
        _leave(run, slots, new)


def _overlaps(run: Run, slots: Slots) -> bool:
    """Return whether the new container takes over before the old one stops."""
    ours = bool(label(slots.current, LABEL_NAME))  # another's could not be told from a namesake
    return run.drain is not None and running(slots.current) and ours


def _untouched(current: Container | None) -> tuple[str, str]:
    if current is None:
        return "nothing_left", NOTHING_LEFT
    said = f"Nothing was touched: the old release ({_image_of(current)}) is still serving."
    return "untouched", said


def _image_of(container: Container) -> str:
    return f"image {label(container, LABEL_IMAGE_REFERENCE) or container['Config']['Image']}"


def _swap(
    run: Run,
    slots: Slots,
    new: Container,
    volumes: list[Volume],
    rename: Callable[[], None],
    overlaps: bool,
) -> None:
    undo: list[Any] = []
    stopped: float | None = None
    try:
        if slots.current and slots.current["State"]["Running"] and not overlaps:
            stopped = time.monotonic()
            stop(run, slots.current)
        undo = take_ownership(run.client, volumes)
        start(run, new)
        healthy = wait_healthy(
            run.client, new["Id"], run.params["wait_timeout"], run.params["settle"]
        )
        run.downtime = round(healthy - stopped, 3) if stopped else 0.0 if overlaps else None
        rename()
    except BaseException as error:
        # Also at SIGTERM: whatever ends this run, the old release must serve.
        log = run.masked(last_lines(run.client, new["Id"]))
        outcome, said = _restore(run, slots, new, undo)
        if not isinstance(error, (Failure, *DOCKER_ERRORS)):
            raise
        failure = error if isinstance(error, Failure) else docker_failure("Docker says", error)
        raise Failure(
            "release.not_taken_over",
            f"the new release ({_image_of(new)}) could not take over: {run.masked(failure)}. "
            f"{said}\nLast log lines:\n{log}",
            reason=failure.code,
            outcome=outcome,
        ) from error


def _hand_over(run: Run, slots: Slots, new: Container | None) -> None:
    """Let the new container get the requests by the name, and the old one no more of them.

    At each rename, one that serves keeps the name. What is missing at the end, `_leave` does.
    """
    for container, slot in ((new, "ready"), (slots.current, "leaving"), (new, "current")):
        run.client.api.rename((container or {})["Id"], slot_name(run.name, slot))


def _leave(run: Run, slots: Slots, new: Container | None) -> None:
    """Stop the old container when its requests have ended. The new one serves, come what may."""
    old = slots.current or {}
    retire(run, old)
    gone = slots.previous if slots.previous is not new else None
    remove(run.client, gone)
    run.client.api.rename(old["Id"], slot_name(run.name, "previous"))
    wait_drained(old["State"]["Pid"], run.drain or 0)
    stop(run, old)
    release = label(gone, LABEL_RELEASE)
    if release:
        run.store.remove(release)


def _renew(run: Run, slots: Slots, new: Container | None) -> None:
    """Rename after the proof of a new release: NAME to NAME.previous, NAME.next to NAME."""
    api = run.client.api
    if slots.current:
        retire(run, slots.current)
        remove(run.client, slots.previous)
        api.rename(slots.current["Id"], slot_name(run.name, "previous"))
    if new:
        api.rename(new["Id"], run.name)
    # The new one serves under its name from here on.
    gone = label(slots.previous, LABEL_RELEASE) if slots.current else None
    if gone:
        run.store.remove(gone)


def _exchange(run: Run, slots: Slots) -> None:
    """Exchange the names of both containers after the proof of the previous release."""
    api = run.client.api
    if slots.current:
        retire(run, slots.current)
        api.rename(slots.current["Id"], slot_name(run.name, "retired"))
    if slots.previous:
        api.rename(slots.previous["Id"], run.name)
    if slots.current:
        api.rename(slots.current["Id"], slot_name(run.name, "previous"))


def _restore(run: Run, slots: Slots, new: Container, undo: list[Any]) -> tuple[str, str]:
    """Put the old release back. Return the outcome, as a code and as a text."""
    try:
        if new is slots.previous:
            stop(run, new)
            update(run.client, new["Id"], {"RestartPolicy": {"Name": "no"}})
        else:
            remove(run.client, new)
        for path, uid, gid in undo:
            give(path, Owner(uid, gid))
        if slots.current is None:
            return "nothing_left", NOTHING_LEFT
        # The names are the journal: what repairs a killed run repairs this one.
        scratch = Run(run.client, run.name, run.params, False, run.store)
        current = repair(scratch, find(run.client, run.name)).current
        if current is None:
            raise Failure("release.container_gone", f"no container is named {run.name}")
        if not running(current):
            start(run, current)
        wait_healthy(run.client, current["Id"], run.params["wait_timeout"])
    except NotHealthy as error:
        said = f"The old release was started again, BUT is not healthy: {run.masked(error)}."
        return "not_healthy", said
    except (Failure, OSError, *DOCKER_ERRORS) as error:
        return "not_restored", (
            f"The old release could NOT be restored: {describe_error(error)}. "
            f"By hand: docker ps -a --filter name={run.name}; docker start {run.name}."
        )
    return "restored", f"The old release ({_image_of(slots.current)}) is serving again."
