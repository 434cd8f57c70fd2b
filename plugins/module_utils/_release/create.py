# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create networks, volumes and the container of a new release, and rehearse it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .._docker.client import DOCKER_ERRORS
from .._docker.container import inspect, remove
from .._docker.health import NotHealthy, last_lines, wait_exited, wait_healthy
from .._docker.labels import LABEL_NAME
from .._failure import Failure
from .container import container_config, endpoints, rehearsal_config
from .slots import Run, slot_name
from .spec import Spec
from .volumes import Owner, find_volume, make_directory, own_volumes

LOCK = "/run/vya-observability.networks.lock"
LOCK_TIMEOUT = 30.0  # seconds


def surroundings(run: Run, spec: Spec) -> None:
    """Create the networks, volumes and directories that are missing."""
    api = run.client.api
    labels = {LABEL_NAME: spec.name}
    for network in spec.networks:
        if find_network(run.client, network) is None:
            run.do(f"create network {network}", _make_network, run.client, network, labels)
    for volume in {volume.source: volume for volume in spec.volumes}.values():
        if volume.on_host and not Path(volume.source).exists():
            run.do(f"create directory {volume.source}", make_directory, volume)
        elif not volume.on_host and find_volume(run.client, volume.source) is None:
            run.do(
                f"create volume {volume.source}",
                lambda v=volume: api.create_volume(v.source, driver="local", labels=labels),
            )


def _make_network(client: Any, name: str, labels: dict[str, str]) -> None:
    """Create a network, unless another run has created it meanwhile."""
    with _alone():
        if find_network(client, name) is not None:
            return
        try:
            client.api.create_network(name, driver="bridge", labels=labels, check_duplicate=True)
        except DOCKER_ERRORS:
            if find_network(client, name) is None:
                raise


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep the runs of other releases on this host away: before 25, Docker makes two of a name."""
    try:
        descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:  # the daemon is elsewhere, perhaps
        yield
        return
    try:
        deadline = time.monotonic() + LOCK_TIMEOUT
        while time.monotonic() < deadline:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def find_network(client: Any, name: str) -> dict[str, Any] | None:
    """Return the network with exactly this name, or None.

    Source: Docker Engine API, GET /networks.

    Raises:
        Failure: `release.network_twice`.
    """
    found: list[dict[str, Any]] = [
        n for n in client.api.networks(names=[name]) if n["Name"] == name
    ]
    if len(found) > 1:
        ids = sorted(network["Id"][:12] for network in found)
        raise Failure(
            "release.network_twice",
            f"expected one network {name}; seen: {len(found)} ({', '.join(ids)}), so Docker cannot "
            "tell which one is meant. Remove those without containers: docker network rm ID",
            network=name,
            ids=ids,
        )
    return found[0] if found else None


def create_next(run: Run, spec: Spec, image: dict[str, Any], release: str) -> dict[str, Any]:
    """Create the container that is to serve, without starting it.

    Raises:
        Failure: `release.container_gone`: somebody else removed it.
    """
    config = container_config(spec, image, release, run.store.mounts(release))
    return _create(run, "next", config, endpoints(spec))


def _create(
    run: Run, slot: str, config: dict[str, Any], networks: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    api = run.client.api
    name = slot_name(run.name, slot)
    container = api.create_container_from_config(config, name=name)["Id"]
    try:
        for network in list(networks)[1:]:
            aliases = networks[network].get("Aliases")
            api.connect_container_to_network(container, network, aliases=aliases)
        found = inspect(run.client, name)
        if found is None:
            raise Failure(
                "release.container_gone",
                f"container {name} was removed by someone else while it was being prepared.",
                container=name,
            )
        return found
    except BaseException:
        remove(run.client, {"Id": container})
        raise


def rehearse(
    run: Run, spec: Spec, image: dict[str, Any], release: str, owners: dict[str, Owner]
) -> None:
    """Prove that the new image starts with the new configuration, while the old container serves.

    Raises:
        Failure: `release.rehearsal_failed`, with the last log lines; its value `reason` is the code
            of the cause. `release.container_gone`: somebody else removed the container.
    """
    if spec.rehearsal.until == "none":
        return
    started = time.monotonic()
    config = rehearsal_config(spec, image, release, run.store.mounts(release))
    container = _create(run, "rehearsal", config, {name: {} for name in spec.networks})
    try:
        own_volumes(container, owners)
        run.client.api.start(container["Id"])
        if spec.rehearsal.until == "exited":
            wait_exited(run.client, container["Id"], spec.rehearsal.timeout)
        else:
            settle = run.params["settle"]
            wait_healthy(run.client, container["Id"], spec.rehearsal.timeout, settle)
    except NotHealthy as error:
        said = run.masked(f"{error}. Last log lines:\n{last_lines(run.client, container['Id'])}")
        raise Failure(
            "release.rehearsal_failed",
            f"the rehearsal of image {spec.image} with the new configuration failed: {said}",
            reason=error.code,
        ) from error
    finally:
        remove(run.client, container)
    run.rehearsal = round(time.monotonic() - started, 3)
