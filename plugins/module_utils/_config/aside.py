# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is started aside with a set of files: it can be asked, and reaches nobody.

It runs in a network of its own without any interface, on a read-only root. This process enters that
network for the moment of a request.
"""

from __future__ import annotations

import ctypes
import os
import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._http.session import HttpError, Options, Response, Session
from .container import connect, one_off, text
from .directory import ConfigError
from .server import ERROR_WORDS

READY = 30.0  # seconds that it may take to start
CLOSED = 3.0  # seconds until Docker says that it ended, if its network cannot be entered
POLL = 0.05
PORTS = (20000, 60000)
NET = 0x40000000  # CLONE_NEWNET
DATA = "/tmp"  # noqa: S108  (in the container, in its memory)
# A file that only the server's own container may have, or where only that one can write.
ELSEWHERE = re.compile(
    r"\b(?:open|stat|lstat|read|mkdir|create) ([^\s:\"]+): "
    r"(?:no such file|permission denied|read-only file system|not a directory)"
)
# What the server has of its environment or its machine. That something cannot be reached is no
# reason to refuse, but it may be logged before one.
ENVIRONMENT = re.compile(
    r"could not (?:get|find|load) [\w\s]*credentials|NoCredentialProviders"
    r"|failed to (?:refresh|retrieve)[\w\s]* credentials|no valid providers"
    r"|EC2 SD configuration requires a region|in-cluster configuration"
)
STAMP = re.compile(r"^(?:ts|time)=\S+ (?:(?:caller|source)=\S+ )?")


class Unjudged(Exception):  # noqa: N818  (a reason, no error)
    """What the server would say is not known; the text is the reason."""


@contextmanager
def inside(pid: int) -> Iterator[None]:
    """Work in the network of a process; only this thread does. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(network: int) -> None:
        if libc.setns(network, NET):
            raise OSError(ctypes.get_errno(), "the container's network cannot be entered")

    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            enter(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            enter(own)
    finally:
        os.close(own)


class Inside(Session):
    """A session in the network of a process.

    Args:
        pid: The process.
        options: How to authenticate, for example.
    """

    def __init__(self, pid: int, options: Options | None = None) -> None:
        super().__init__(options or Options(timeout=10, retries=0))
        self._pid = pid

    def request(self, method: str, url: str, **arguments: Any) -> Response:
        """Send a request from there; see `Session.request`."""
        with inside(self._pid):
            return super().request(method, url, **arguments)


def elsewhere(output: str, mount_path: str) -> str:
    """Return what only the server itself has, if a refusal hangs on that; empty if it does not."""
    for path in ELSEWHERE.findall(output):
        if not path.startswith(f"{mount_path}/"):
            return f"{path} is not in the set, so only the server itself can open it"
    needed = ENVIRONMENT.search(output)
    return f"only the server itself has what this needs: {needed[0]}" if needed else ""


@dataclass
class Aside:
    """A server that was started aside."""

    session: Session
    url: str
    program: str
    container: Any
    params: Mapping[str, Any]
    mount_path: str

    def log(self) -> str:
        """Return all that it has written."""
        return text(self.container.logs(stdout=True, stderr=True))

    def wait(self, path: str) -> None:
        """Wait until it answers a path with 200.

        Raises:
            ConfigError: `config.refused`: it ended.
            Unjudged: It cannot be asked.
        """
        deadline, seen = time.monotonic() + READY, ""
        while time.monotonic() < deadline:
            try:
                if self.session.get(f"{self.url}{path}", expected=None).status == 200:
                    return
            except (HttpError, OSError) as error:
                seen = str(error)
                if isinstance(error, OSError):
                    deadline = min(deadline, time.monotonic() + CLOSED)
            self.container.reload()
            if self.container.status == "exited":
                raise self.refused(self.log())
            time.sleep(POLL)
        raise Unjudged(f"a {self.program} of {self.params['image']} started aside: {seen}")

    def refused(self, log: str) -> Exception:
        """Return the error of a server that does not take the set, or why that says nothing."""
        lines = log.splitlines()
        wrong = [line for line in lines if any(word in line for word in ERROR_WORDS)]
        output = "\n".join(dict.fromkeys(STAMP.sub("", line) for line in (wrong or lines)[-8:]))
        reason = elsewhere(output, self.mount_path)
        if reason:
            return Unjudged(reason)
        code = (self.container.attrs.get("State") or {}).get("ExitCode")
        return ConfigError(
            "config.refused",
            f"{self.program} refuses the configuration; nothing was written to "
            f"{self.params['path']}. One of {self.params['image']}, started aside with it, says:\n"
            f"{output}",
            program=self.program,
            exit_code=code,
            output=output,
        )


@contextmanager
def started(
    params: Mapping[str, Any],
    command: list[str],
    listen: str,
    staging: Path,
    mount_path: str,
    mounts: Mapping[str, str] | None = None,
    environment: list[str] | None = None,
) -> Iterator[Aside]:
    """Start a server on a staged set, and remove it at the end.

    Args:
        params: The module's options.
        command: The program and its arguments.
        listen: The argument that sets where it listens, with `{}` for `address:port`.
        mounts: Further directories to mount, and where.
        environment: Of the server's own container.

    Raises:
        ConfigError: `config.image_missing` or `config.not_checked`.
        Unjudged: It could not be asked.
    """
    # By chance, so that a server in another network is never taken for it.
    address = f"127.0.0.1:{random.randint(*PORTS)}"  # noqa: S311
    volumes = {str(staging): mount_path, **(mounts or {})}
    with one_off(
        connect(params["docker_host"]),
        params["image"],
        [*command, listen.format(address)],
        staging,
        mount_path,
        Path(params["path"]),
        (params["owner"], params["group"]),
        volumes={source: {"bind": bind, "mode": "ro"} for source, bind in volumes.items()},
        tmpfs={DATA: "mode=1777"},
        environment=environment or [],
    ) as container:
        container.reload()
        pid = int((container.attrs.get("State") or {}).get("Pid") or 0)
        with Inside(pid) as session:
            yield Aside(session, f"http://{address}", command[0], container, params, mount_path)


def arguments_of(record: Mapping[str, Any] | None, name: str) -> list[str]:
    """Return the values of an argument with which a container was started.

    Args:
        record: The answer of `docker inspect`.
        name: The argument, without hyphens.
    """
    words = [str(word).lstrip("-") for word in ((record or {}).get("Args") or [])]
    found = [word[len(name) + 1 :] for word in words if word.startswith(f"{name}=")]
    return [*found, *(after for word, after in zip(words, words[1:]) if word == name)]
