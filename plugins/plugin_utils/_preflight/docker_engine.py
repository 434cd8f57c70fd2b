# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role docker_engine needs from the host, as docker_engine_info has seen it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import rules
from .fault import Fault
from .names import names

_GIB = 1024**3
_ENGINE, _SDK = (20, 10), (5, 0, 3)


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong.

    An engine that does not answer is one that the role is going to install, until
    ``docker_engine_installed`` is set.
    """
    seen = v.get("docker_engine_seen")
    if not seen:
        return
    yield from _resources(v, seen)
    error, missing = seen["daemon"]["error"], seen["python_missing"]
    if not error and not missing:
        yield from _versions(seen)
    elif v.get("docker_engine_installed"):
        log = "/var/log/docker.log"
        if seen["service_manager"] == "systemd":
            log = "`journalctl -u docker`"
        step = f"Read what the engine said: {log}"
        if error:
            yield Fault(
                "engine.down", "docker_engine_install", "an engine that answers", error, step
            )
        if missing:
            expected = "Python modules that can be imported"
            said = f"no {', '.join(missing)}"
            yield Fault("python.missing", "docker_engine_python_modules", expected, said)


def _resources(v: rules.Variables, seen: dict[str, Any]) -> Iterator[Fault]:
    minimum = float(v["docker_engine_disk_minimum"])
    if seen["disk_free_bytes"] < minimum * _GIB:
        expected = f"{minimum:g} GiB free at {seen['disk_path']}"
        free = f"{seen['disk_free_bytes'] / _GIB:.1f} GiB"
        step = (
            "`docker system df` shows what takes space, `docker image prune` removes what no "
            "container uses"
        )
        yield Fault("disk.full", "docker_engine_disk_minimum", expected, free, step)
    for taken in seen["ports_taken"]:
        variable = taken["variable"] or "docker_engine_ports"
        if taken.get("absent"):
            address, step = (
                "an address of the host",
                "Choose one of `ip address`, or 0.0.0.0 for all",
            )
            yield Fault("address.absent", _address_of(variable), address, taken["address"], step)
            continue
        expected = f"port {taken['port']} of {taken['address']} to be free"
        yield Fault(
            "port.taken", variable, expected, f"it {taken['reason']}", "Free it, or choose another"
        )


def _address_of(port: str) -> str:
    """Return the variable of the address on which a port is published."""
    words = port.split("_")
    for count in range(len(words) - 1, 0, -1):
        name = "_".join([*words[:count], "bind_address"])
        if name in names().known:
            return name
    return port


def _versions(seen: dict[str, Any]) -> Iterator[Fault]:
    for code, variable, name, version, oldest in (
        ("engine.old", "docker_engine_packages", "Docker", seen["daemon"]["version"], _ENGINE),
        (
            "sdk.old",
            "docker_engine_python_packages",
            "its SDK for Python",
            seen["sdk_version"],
            _SDK,
        ),
    ):
        numbers = _numbers(version)
        if numbers and numbers < oldest:
            wanted = ".".join(map(str, oldest))
            yield Fault(code, variable, f"{name} {wanted} or newer", version)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers at a version's beginning; none if it is a word, as of a build by hand."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
