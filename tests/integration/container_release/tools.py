# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client that counts what it misses, and a Docker socket that kills at a chosen write."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import re
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from ..conftest import free_port, wait_until

__all__ = ["free_port"]
PATIENCE_SECONDS = 30  # of a client: longer than any machine is busy


@dataclass(frozen=True)
class Request:
    """One GET on a fresh connection: when it began and ended (monotonic clock, s)."""

    began: float
    ended: float
    answer: str | None
    late: bool = False  # no answer in time, which a busy machine explains as well


def get(port: int, timeout: float = PATIENCE_SECONDS) -> Request:
    """Ask once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    began, answer, late = time.monotonic(), None, False
    try:
        connection.request("GET", "/")
        answer = connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException) as error:
        late = isinstance(error, TimeoutError)
    finally:
        connection.close()
    return Request(began, time.monotonic(), answer, late)


def ask(port: int) -> str | None:
    """The body of one GET, or None."""
    return get(port).answer


class Client:
    """A client that asks again and again, and keeps what came of each request.

    A request that is under way when a container ends hangs in Docker's proxy: where one is
    replaced, C(timeout) is short, and only what was refused or cut off says anything.
    """

    def __init__(self, port: int, timeout: float = PATIENCE_SECONDS) -> None:
        self.port = port
        self.timeout = timeout
        self.requests: list[Request] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)

    def _loop(self) -> None:
        while not self._end.is_set():
            self.requests.append(get(self.port, self.timeout))
            time.sleep(0.01)

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def failed(self) -> list[Request]:
        """Requests without an answer."""
        return [request for request in self.requests if request.answer is None]

    @property
    def refused(self) -> list[Request]:
        """Requests that were refused or cut off, however long the client would have waited."""
        return [request for request in self.failed if not request.late]

    @property
    def versions(self) -> list[str]:
        """The versions that answered, each once, in order of appearance."""
        return list(dict.fromkeys(request.answer for request in self.requests if request.answer))

    @property
    def gap(self) -> float:
        """The longest time from one answered request to the next one, in seconds."""
        times = [request.began for request in self.requests if request.answer]
        return max((b - a for a, b in itertools.pairwise(times)), default=0.0)

    def next_answer(self) -> str:
        """The answer to a request that begins from now on."""
        now = time.monotonic()
        answered: str = wait_until(
            lambda: next((r.answer for r in self.requests if r.began > now and r.answer), None),
            what="an answer",
        )
        return answered


class Relay:
    """A Docker socket in between, which can kill the one who writes, before a chosen write.

    So that "killed at that step" is exactly that, with no debugger and no race.
    """

    _REQUEST = re.compile(rb"^(POST|DELETE|PUT) (?:/v[\d.]+)?(/\S*) HTTP/1.1\r\n")

    def __init__(self, path: Path, real: str = "/var/run/docker.sock") -> None:
        self.url = f"unix://{path}"
        self.real = real
        self.writes: list[str] = []
        self.victim: subprocess.Popen[str] | None = None
        self.kill_at: int | None = None
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                one, _address = self._listener.accept()
            except OSError:
                return
            other = socket.socket(socket.AF_UNIX)
            other.connect(self.real)
            for source, target, watch in ((one, other, True), (other, one, False)):
                threading.Thread(
                    target=self._pump, args=(source, target, watch), daemon=True
                ).start()

    def _pump(self, source: socket.socket, target: socket.socket, watch: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if watch and self._fatal(data):
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _fatal(self, data: bytes) -> bool:
        match = self._REQUEST.match(data)
        if not match:
            return False
        path = re.sub(r"[0-9a-f]{64}", "ID", match[2].decode().partition("?")[0])
        write = f"{match[1].decode()} {path}"
        # Healthchecks run as often as it takes: of those only the first is a step.
        if "exec" in path and any("exec" in known for known in self.writes):
            return False
        self.writes.append(write)
        if self.kill_at is None or len(self.writes) <= self.kill_at or not self.victim:
            return False
        self.victim.send_signal(signal.SIGKILL)
        self.victim.wait()
        return True
