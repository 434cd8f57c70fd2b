# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove a release and everything that was created for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .._docker.container import Container, name_of, remove
from .._docker.labels import LABEL_NAME
from .create import find_network
from .slots import Run, Slots, stop


def remove_all(run: Run, slots: Slots) -> None:
    """Remove containers, stored files, our unused networks, and volumes if requested."""
    containers = slots.all()
    for container in containers:
        run.do(
            f"remove container {container['Name'].lstrip('/')}", _stop_and_remove, run, container
        )
    if run.store.releases():
        run.do(f"remove the files of {run.name}", run.store.remove_all)
    ids = {container["Id"] for container in containers}
    mounts = _mounts(containers)
    run.kept = sorted(
        mount["Source"]
        for mount in mounts.values()
        if run.store.directory not in Path(mount["Source"]).parents
    )
    names = {n for c in containers for n in c["NetworkSettings"].get("Networks") or {}}
    for name in sorted(names):
        network = find_network(run.client, name)
        if network and LABEL_NAME in (network.get("Labels") or {}) and not _used_by(run, name, ids):
            run.do(f"remove network {name}", run.client.api.remove_network, network["Id"])
    if run.params["remove_volumes"]:
        volumes = [name for name, mount in mounts.items() if mount["Type"] == "volume"]
        _remove_volumes(run, sorted(volumes), ids)


def _mounts(containers: list[Container]) -> dict[str, dict[str, Any]]:
    """Return what is mounted into the containers by its name, or its path on the host."""
    # The daemon omits the key if there are none.
    mounts = [mount for each in containers for mount in each["HostConfig"].get("Mounts") or []]
    return {m["Source"]: m for m in mounts if m["Type"] in ("volume", "bind") and m.get("Source")}


def _stop_and_remove(run: Run, container: Container) -> None:
    if container["State"]["Running"]:
        stop(run, container)
    remove(run.client, container)


def _used_by(run: Run, network: str, apart_from: set[str]) -> list[str]:
    """Return the network's containers; also stopped ones, which could not start without it."""
    found = run.client.api.containers(all=True, filters={"network": network})
    return [name_of(c) for c in found if c["Id"] not in apart_from]


def _remove_volumes(run: Run, names: list[str], ids: set[str]) -> None:
    for name in names:
        users = run.client.api.containers(all=True, filters={"volume": name})
        others = [name_of(c) for c in users if c["Id"] not in ids]
        if others:
            run.warnings.append(f"volume {name} was kept: {', '.join(others)} uses it.")
        else:
            run.kept.remove(name)
            run.do(f"remove volume {name}", run.client.api.remove_volume, name)
