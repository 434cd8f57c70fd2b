# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container that is paused while its volumes are copied, and goes on whatever happens to us.

The copy is what a power failure at that moment would leave, which databases and Prometheus recover
from. While nobody watches, a process of its own waits for our end, and lets the container go on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .._docker.client import client_of

DONE = b"."


@contextmanager
def frozen(client: Any, params: Mapping[str, Any], container: Mapping[str, Any]) -> Iterator[Any]:
    """Pause a container if it runs.

    Args:
        client: Docker client.
        params: The module's options, for the process that watches.
        container: As Docker inspects it.

    Yields:
        A list that has the seconds for which it was paused, at the end.
    """
    seconds: list[float] = []
    state = container["State"]
    if not state["Running"] or state["Paused"]:
        yield seconds
        return
    release = _watched(params, container["Id"])
    started = time.monotonic()
    try:
        client.api.pause(container["Id"])
        yield seconds
    finally:
        try:
            client.api.unpause(container["Id"])
        finally:
            seconds.append(time.monotonic() - started)
            release()


def _watched(params: Mapping[str, Any], container: str) -> Any:
    """Start the process that lets the container go on when this one has ended without doing so."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _watch(params, container, reader)
    os.close(reader)

    def release() -> None:
        with suppress(OSError):
            os.write(writer, DONE)
        os.close(writer)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)

    return release


def _watch(params: Mapping[str, Any], container: str, reader: int) -> None:
    """Wait, without anything of ours that others wait for: outputs, connections, the group."""
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1, 2):
            os.dup2(null, each)
        for name in [each.name for each in Path("/proc/self/fd").iterdir()]:
            if int(name) not in (0, 1, 2, reader):
                with suppress(OSError):
                    os.close(int(name))
        if os.read(reader, 1) != DONE:
            client_of(params).api.unpause(container)
    finally:
        os._exit(0)
