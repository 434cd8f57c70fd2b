# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host has for running containers. Asks, changes nothing, and fails for nothing."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._docker import (
    DOCKER_ERRORS,
    docker,
    unreachable,
)

_POLL = 0.3  # seconds between questions to a daemon that starts


def engine_facts(docker_host: str, timeout: int, wait: float, modules: list[str]) -> dict[str, Any]:
    """The host's state; `wait` seconds are given to a daemon that does not answer yet."""
    daemon = _daemon(docker_host, timeout, wait)
    root = Path(daemon["root_directory"] or "/var/lib/docker")
    while not root.exists():
        root = root.parent
    return {
        "daemon": daemon,
        "program": shutil.which("dockerd") or "",
        "sdk_version": getattr(docker, "__version__", "") if docker else "",
        "python": sys.executable,
        # Packages of the distribution reach its own Python only.
        "python_is_the_distributions": sys.prefix == "/usr",
        "python_missing": [name for name in modules if importlib.util.find_spec(name) is None],
        "disk_free_bytes": shutil.disk_usage(root).free,
        "disk_path": str(root),
        "service_manager": "systemd" if Path("/run/systemd/system").is_dir() else "",
        "packages": "apt" if shutil.which("apt-get") else "",
        "ufw_active": _ufw_active(Path("/etc/ufw/ufw.conf")),
    }


def _daemon(docker_host: str, timeout: int, wait: float) -> dict[str, Any]:
    facts = {"version": "", "api_version": "", "storage_driver": "", "root_directory": ""}
    if docker is None:
        return {**facts, "error": "not asked, for want of the Docker SDK for Python"}
    until = time.monotonic() + wait
    while True:
        try:
            client = docker.DockerClient(base_url=docker_host, version="auto", timeout=timeout)
            info, version = client.info(), client.version()
        except DOCKER_ERRORS as error:
            if time.monotonic() < until:
                time.sleep(_POLL)
                continue
            return {**facts, "error": unreachable(error, docker_host)}
        return {
            "version": version["Version"],
            "api_version": version["ApiVersion"],
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
