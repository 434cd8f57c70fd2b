# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collect facts about a host's Docker engine. Changes nothing, and never fails."""

from __future__ import annotations

import errno
import importlib.util
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .client import DOCKER_ERRORS, docker, unreachable
from .container import name_of
from .labels import LABEL_NAME
from .ports import Port, bind_error, foreign, overlap
from .session import Client

_POLL = 0.3  # seconds between attempts to reach a starting daemon


def engine_facts(
    docker_host: str,
    timeout: int,
    wait: float,
    modules: list[str],
    ports: Sequence[dict[str, Any]] = (),
    containers: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the host's state (see RETURN of `docker_engine_info`).

    Args:
        timeout: Seconds for each request.
        wait: Seconds to wait for a daemon that does not answer yet.
        modules: Python modules that are needed.
        ports: Ports that will be published, each with `address` and `port`.
        containers: Names of containers whose ports count as free.
    """
    running, daemon = _daemon(docker_host, timeout, wait)
    program = shutil.which("dockerd") or ""
    # Docker's own listeners cannot be recognised while the daemon does not answer.
    known = running is not None or not program
    root = Path(daemon["root_directory"] or "/var/lib/docker")
    while not root.exists():
        root = root.parent
    return {
        "daemon": daemon,
        "program": program,
        "sdk_version": getattr(docker, "__version__", "") if docker else "",
        "python": sys.executable,
        # Packages of the distribution are for its own Python only.
        "python_is_the_distributions": sys.prefix == "/usr",
        "python_missing": [name for name in modules if importlib.util.find_spec(name) is None],
        "disk_free_bytes": shutil.disk_usage(root).free,
        "disk_path": str(root),
        "service_manager": "systemd" if Path("/run/systemd/system").is_dir() else "",
        "packages": "apt" if shutil.which("apt-get") else "",
        "ufw_active": _ufw_active(Path("/etc/ufw/ufw.conf")),
        "ports_taken": list(_taken(running or [], ports, containers)) if known else [],
    }


def _taken(
    running: list[dict[str, Any]], ports: Sequence[dict[str, Any]], containers: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the ports that are taken by something that this collection did not deploy.

    Args:
        running: All running containers, as the daemon lists them.
    """
    published: list[tuple[str, int, str]] = []
    strangers: list[tuple[str, int, str]] = []
    for container in running:
        name = name_of(container)
        for entry in container.get("Ports") or []:
            if entry.get("PublicPort") and entry["Type"] == "tcp":
                address = entry.get("IP") or "0.0.0.0"  # noqa: S104
                published.append((address, entry["PublicPort"], "tcp"))
                if LABEL_NAME not in (container.get("Labels") or {}) and name not in containers:
                    strangers.append((address, entry["PublicPort"], name))
    for wanted in ports:
        address, number = wanted["address"], wanted["port"]
        names = [n for a, p, n in strangers if p == number and overlap(a, address)]
        reason = (
            f"is taken by container {names[0]}"
            if names
            else foreign(Port(address, number, number, "tcp"), published)
        )
        if reason:
            # Whatever listens: an address that the host does not have is another mistake.
            absent = bind_error(Port(address, number, number, "tcp")) == errno.EADDRNOTAVAIL
            yield {**wanted, "reason": reason, "absent": absent}


def _daemon(
    docker_host: str, timeout: int, wait: float
) -> tuple[list[dict[str, Any]] | None, dict[str, Any]]:
    """Return the running containers (None if no daemon answers), and facts about the daemon."""
    facts = {"version": "", "api_version": "", "storage_driver": "", "root_directory": ""}
    if docker is None:
        return None, {**facts, "error": "not queried: the Docker SDK for Python is missing"}
    until = time.monotonic() + wait
    while True:
        try:
            client = Client(base_url=docker_host, timeout=timeout)
            info, version, running = client.info(), client.version(), client.api.containers()
        except DOCKER_ERRORS as error:
            if time.monotonic() < until:
                time.sleep(_POLL)
                continue
            return None, {**facts, "error": str(unreachable(error, docker_host))}
        return running, {
            "version": version.get("Version") or "",
            "api_version": version.get("ApiVersion") or "",
            "storage_driver": info.get("Driver", ""),
            "root_directory": info.get("DockerRootDir", ""),
            "error": "",
        }


def _ufw_active(path: Path) -> bool:
    try:
        lines = path.read_text(encoding="utf-8").lower().splitlines()
    except OSError:
        return False
    return "enabled=yes" in (line.strip() for line in lines)
