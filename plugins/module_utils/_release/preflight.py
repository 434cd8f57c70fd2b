# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check everything that can be checked before a change, and report all problems at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .._docker.client import NotFound
from .._docker.container import Container, inspect, label, name_of
from .._docker.health import has_healthcheck
from .._docker.labels import LABEL_NAME
from .._docker.ports import Port, foreign, overlap
from .._failure import Failure
from .slots import Run, Slots, slot_name
from .spec import Spec

# Bytes that a container's layer and log need at least.
DISK_MARGIN = 32 << 20


def problems(
    run: Run, spec: Spec, slots: Slots, image: dict[str, Any] | None, own: set[str]
) -> list[Failure]:
    """Return what prevents this release; empty if nothing does.

    Args:
        image: The local image as Docker inspects it; None if check mode may not pull it.
        own: Ids of the release's containers; the ports that they hold count as free.

    Returns:
        Failures with the codes `release.foreign_container`, `release.userns_remap`,
        `release.rootless`, `release.not_root`, `release.no_healthcheck`, `release.no_command`,
        `release.port_taken`, `release.path_missing`, `release.volume_driver`,
        `release.name_taken` and `release.disk_full`.
    """
    return [
        *adoption(run, slots.current),
        *_daemon(run),
        *(_image(spec, image) if image else []),
        *_ports(run, spec, own),
        *_volumes(run, spec),
        *_devices(spec),
        *(_names(run, own) if run.drain is not None else []),
        *_disk(run, spec),
    ]


def adoption(run: Run, current: Container | None) -> list[Failure]:
    """Refuse to replace a container of this name that the module did not create.

    Returns:
        `release.foreign_container`, or nothing.
    """
    if current and not label(current, LABEL_NAME) and not run.params["adopt"]:
        return [
            Failure(
                "release.foreign_container",
                f"a container named {run.name} exists that this module did not make (image "
                f"{current['Config']['Image']}): choose another name, remove it, or set adopt=true "
                "to replace it and keep it as the previous release",
            )
        ]
    return []


def _daemon(run: Run) -> list[Failure]:
    info = run.client.info()
    found = []
    if any("name=userns" in option for option in info.get("SecurityOptions") or []):
        found.append(
            Failure(
                "release.userns_remap",
                "the daemon runs with userns-remap: users in containers are others on the host, "
                "and files could not be given to them",
            )
        )
    if any("name=rootless" in option for option in info.get("SecurityOptions") or []):
        found.append(
            Failure(
                "release.rootless",
                "the daemon runs rootless: users in containers are others on the host, and files "
                "could not be given to them. Take the daemon of root (docker_host)",
            )
        )
    if os.geteuid() != 0:
        message = "files are given to the container's user, which takes root: `become: true`"
        found.append(Failure("release.not_root", message))
    return found


def _image(spec: Spec, image: dict[str, Any]) -> list[Failure]:
    config = image.get("Config") or {}
    found = []
    entrypoint = spec.settings["entrypoint"]
    # As Docker does: an entrypoint of the options comes without the image's command.
    words = spec.settings["command"] or (not entrypoint and config.get("Cmd"))
    if not (config.get("Entrypoint") if entrypoint is None else entrypoint) and not words:
        found.append(
            Failure(
                "release.no_command",
                f"command: neither the options nor the image {spec.image} say what to run, with "
                f"entrypoint={entrypoint}: set `command`",
            )
        )
    if not spec.settings["healthcheck"] and not has_healthcheck(config):
        found.append(
            Failure(
                "release.no_healthcheck",
                f"healthcheck: neither the options nor the image {spec.image} have one, so "
                "the container could never count as healthy: set `healthcheck`",
            )
        )
    return found


def _ports(run: Run, spec: Spec, own: set[str]) -> list[Failure]:
    published = []
    found = []

    def taken(port: Port, reason: str) -> None:
        message = f"ports: {port} {reason}"
        found.append(Failure("release.port_taken", message, port=str(port), reason=reason))

    for container in run.client.api.containers():
        name = name_of(container)
        for entry in container.get("Ports") or []:
            if not entry.get("PublicPort"):
                continue
            holder = (entry.get("IP") or "0.0.0.0", entry["PublicPort"], entry["Type"])  # noqa: S104
            published.append(holder)
            for port in spec.ports:
                if container["Id"] not in own and _same_port(port, *holder):
                    taken(port, f"is taken by container {name}")
    if not found:
        for port in spec.ports:
            reason = foreign(port, published)
            if reason:
                taken(port, reason)
    return found


def _same_port(port: Port, address: str, number: int, protocol: str) -> bool:
    same = port.host == number and port.protocol == protocol
    return same and overlap(port.address, address)


def _volumes(run: Run, spec: Spec) -> list[Failure]:
    found = []
    for volume in spec.volumes:
        if volume.on_host:
            there = Path(volume.source).exists() or volume.source == run.coming
            if not there and volume.owner is None:
                found.append(
                    Failure(
                        "release.path_missing",
                        f"volumes: {volume.source} does not exist on the host: create it, or set "
                        "`owner` (uid:gid), then it is created",
                        path=volume.source,
                    )
                )
        elif volume.owner is not None:
            try:
                driver = run.client.api.inspect_volume(volume.source)["Driver"]
            except NotFound:
                continue
            if driver != "local":
                found.append(
                    Failure(
                        "release.volume_driver",
                        f"volumes: {volume.source} has the driver {driver}: `owner` can be set "
                        "with the driver local only",
                        volume=volume.source,
                        driver=driver,
                    )
                )
    return found


def _devices(spec: Spec) -> list[Failure]:
    paths = [device.split(":")[0] for device in spec.settings["devices"]]
    return [
        Failure("release.path_missing", f"devices: {path} does not exist on the host", path=path)
        for path in paths
        if not Path(path).exists()
    ]


def _names(run: Run, own: set[str]) -> list[Failure]:
    found = [inspect(run.client, slot_name(run.name, slot)) for slot in ("ready", "leaving")]
    names = [each["Name"].lstrip("/") for each in found if each and each["Id"] not in own]
    return [
        Failure(
            "release.name_taken",
            f"drain: both containers serve for a moment, one of them as {name}, but there is a "
            "container of that name: remove it, or choose another name",
            container=name,
        )
        for name in names
    ]


def _disk(run: Run, spec: Spec) -> list[Failure]:
    needed = DISK_MARGIN + sum(len(file.content) for file in spec.files)
    root = run.client.info().get("DockerRootDir") or "/"
    found = []
    for directory in (Path(run.params["state_directory"]), Path(root)):
        existing = next(p for p in (directory, *directory.parents) if p.exists())
        stat = os.statvfs(existing)
        free = stat.f_bavail * stat.f_frsize
        if free < needed:
            found.append(
                Failure(
                    "release.disk_full",
                    f"disk: {directory} has {free >> 20} MiB free, expected at least "
                    f"{needed >> 20} MiB: free space first",
                    path=directory,
                )
            )
    return found
