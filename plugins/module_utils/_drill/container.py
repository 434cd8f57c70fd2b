# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stop a container for a drill, and start it again whatever happens.

The module starts it. If the module is killed, the guard does: a process that waits until the
module says so, until it ends, or for the longest time that the drill can take.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .._docker.client import (
    DOCKER_ERRORS,
    DOCKER_IMPORT_ERROR,
    NotFound,
    describe_error,
    unreachable,
)
from .._docker.session import Client
from .._http.session import HttpError
from .._signals import deaf, later

OPTION = "stop_container"
SPARE = 120  # seconds that the module may take in addition to the hops
# The container is found by its name, as another one may serve by then. A stop that the killed
# module had asked for may still be under way, so one start is not enough. The alarm ends what the
# SDK's timeout, which holds for each read, does not.
GUARD = """
import os, select, signal, sys, time
import docker
name, longest = sys.argv[1], float(sys.argv[2])
def late(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, late)
signal.alarm(60)
client = docker.from_env(version="auto", timeout=60)
client.containers.get(name)
os.write(1, b"ready\\n")
os.close(1)
signal.alarm(0)
if select.select([0], [], [], longest)[0] and os.read(0, 1):
    sys.exit()
until, since = time.monotonic() + 600, None
while time.monotonic() < until:
    try:
        signal.alarm(60)
        container = client.containers.get(name)
        if container.status != "running":
            since = None
            container.start()
        elif time.monotonic() - (since or time.monotonic()) > 30:
            break
        else:
            since = since or time.monotonic()
    except Exception:
        since = None
    signal.alarm(0)
    time.sleep(0.5)
"""


def find(name: str) -> Any:
    """Return the running container of this name.

    Raises:
        HttpError: `http.option`.
    """
    expected = "a running container on the host that runs the module"
    if DOCKER_IMPORT_ERROR is not None:
        raise HttpError.option(OPTION, "Python's docker (python3-docker)", "not installed")
    try:
        container = Client.from_env(timeout=60).containers.get(name)
    except NotFound:
        raise HttpError.option(OPTION, expected, "no container of that name") from None
    except DOCKER_ERRORS as error:
        raise HttpError.option(OPTION, expected, str(unreachable(error, "DOCKER_HOST"))) from None
    if container.status != "running":
        raise HttpError.option(OPTION, expected, f"{name} is {container.status}")
    return container


@contextmanager
def stopped(container: Any, seconds: float) -> Iterator[None]:
    """Stop a container, and start it at the end.

    The guard starts it if this process ends before, or after `seconds` and `SPARE`. It has been
    running since before the stop, on the host of the container, and needs nobody.

    Raises:
        HttpError: `http.option`: it cannot be stopped, started or guarded.
    """
    inside, word = os.pipe()
    ready, outside = os.pipe()
    # run_command waits for the end. pylint: disable-next=ansible-bad-function
    guard = subprocess.Popen(  # noqa: S603  (its arguments are no shell's)
        [sys.executable, "-c", GUARD, container.name, f"{seconds + SPARE:.0f}"],
        stdin=inside,
        stdout=outside,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # no Ctrl-C, and no hang-up
    )
    os.close(inside)
    os.close(outside)
    watches = os.read(ready, 16) == b"ready\n"
    os.close(ready)
    if not watches:
        raise HttpError.option(OPTION, "a guard process that starts it again", "it ended at once")
    try:
        with later():
            _stop(container)
        yield
    finally:
        with deaf():
            _start(container)
            os.write(word, b".")
            os.close(word)
            guard.wait(timeout=10)


def _stop(container: Any) -> None:
    try:
        container.stop()
    except DOCKER_ERRORS as error:
        raise HttpError.option(OPTION, "a container that stops", describe_error(error)) from None


def _start(container: Any) -> None:
    """Start it. If that fails, the guard keeps trying."""
    try:
        container.start()
        container.reload()
        seen = str(container.status)
    except DOCKER_ERRORS as error:
        seen = describe_error(error)
    if seen != "running":
        expected = f"{container.name} running again (the guard goes on trying for ten minutes)"
        raise HttpError.option(OPTION, expected, seen)
