# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server in a container: ask it from inside its network, and run commands in it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._config.aside import Inside, arguments_of, inside
from .._docker.client import DOCKER_ERRORS, docker_failure
from .._docker.health import last_lines
from .._docker.images import TRANSFER_SECONDS
from .._docker.session import within
from .._failure import Failure
from .._http.session import HttpError, Options, Response, authorization

QUERY_SECONDS = 120.0  # a count over all series may take long
POLL = 0.1
START_SECONDS = 600.0  # a log that is replayed, or a database that is set up
SAID = 4000  # bytes of errors that are kept
ENDED_SECONDS = 10.0  # until Docker knows the exit code of a command whose output has ended
TRIES = 5
# The last line of an answer. Docker loses what a quick command says now and then, and tells of no
# error: moby/moby#27289.
END = b"-- end of the answer\n"


@dataclass
class Server:
    """A running container.

    Args:
        client: Docker client.
        record: The container, as Docker inspects it.
        port: Where its server listens, in its own network.
        params: The module's options; `url_username` and `url_password` are for the server.
    """

    client: Any
    record: Mapping[str, Any]
    port: int
    params: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return the container's id."""
        return str(self.record["Id"])

    @cached_property
    def _session(self) -> Inside:
        # The connection does not leave the container's own network.
        options = Options(
            timeout=QUERY_SECONDS,
            retries=0,
            validate_certs=False,
            headers=authorization(
                {name: self.params.get(name) for name in ("url_username", "url_password")}
            ),
        )
        return Inside(int(self.record["State"]["Pid"]), options)

    @cached_property
    def url(self) -> str:
        """Return its URL; a server with a certificate answers plain HTTP with 400, if at all."""
        for scheme in ("http", "https"):
            url = f"{scheme}://127.0.0.1:{self.port}"
            try:
                if self._session.get(f"{url}/", expected=None).status != 400:
                    return url
            except (HttpError, OSError):
                continue
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **arguments: Any) -> Response:
        """Send a GET; see `Session.request`."""
        return self.request("GET", path, **arguments)

    def request(self, method: str, path: str, **arguments: Any) -> Response:
        """Send a request.

        Raises:
            HttpError: There is no answer, or its status is not accepted.
            Failure: `backup.closed`: the container's network cannot be entered.
        """
        try:
            return self._session.request(method, f"{self.url}{path}", **arguments)
        except OSError as error:
            said = f"the network of {self.record['Name'].lstrip('/')} cannot be entered: {error}."
            raise Failure("backup.closed", said) from error

    def listens(self) -> bool:
        """Return whether somebody takes connections at its port."""
        try:
            with inside(int(self.record["State"]["Pid"])):
                socket.create_connection(("127.0.0.1", self.port), 2).close()
        except OSError:
            return False
        return True

    def run(self, command: Sequence[str], sink: Callable[[bytes], Any] | None = None) -> bytes:
        """Run a command inside, and return its output.

        Args:
            sink: Gets the output instead, in pieces.

        Raises:
            Failure: `backup.command`: it failed; its errors are in the message.
        """
        output, errors = bytearray(), bytearray()
        take = sink or output.extend
        try:
            made = self.client.api.exec_create(self.id, list(command))["Id"]
            with within(TRANSFER_SECONDS):
                for out, err in self.client.api.exec_start(made, stream=True, demux=True):
                    take(out or b"")
                    errors = (errors + (err or b""))[-SAID:]
            code = self._exit_code(made)
        except DOCKER_ERRORS as error:
            raise docker_failure(f"{command[0]} could not be run", error) from error
        if code != 0:
            ended = f"exit code {code}" if code else "it has not ended, and its output has"
            said = errors.decode("utf-8", "replace").strip() or ended
            raise Failure("backup.command", f"{command[0]} failed: {said}", exit_code=code)
        return bytes(output)

    def ask(self, command: Sequence[str]) -> bytes:
        """Run a command inside that changes nothing, and return all that it says.

        Raises:
            Failure: `backup.command`: it failed. `backup.unheard`: its output does not arrive.
        """
        asked = ["sh", "-c", f"\"$@\" && printf '%s' '{END.decode()}'", "ask", *command]
        for _again in range(TRIES):
            said = self.run(asked)
            if said.endswith(END):
                return said[: -len(END)]
        told = f"{command[0]} succeeded {TRIES} times, and Docker did not deliver all that it said."
        raise Failure("backup.unheard", told)

    def _exit_code(self, made: str) -> int | None:
        deadline = time.monotonic() + ENDED_SECONDS
        while True:
            state = self.client.api.exec_inspect(made)
            if not state["Running"] or time.monotonic() > deadline:
                code: int | None = state["ExitCode"]
                return code
            time.sleep(POLL)

    def wait(self, ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Wait until it is ready.

        Raises:
            Failure: `backup.not_started`, with the last lines of its log.
        """
        deadline = time.monotonic() + seconds
        while True:
            state = self.client.api.inspect_container(self.id)["State"]
            if state["Running"]:
                try:
                    if ready():
                        return
                except HttpError:
                    pass
            if not state["Running"] or time.monotonic() > deadline:
                name = self.record["Name"].lstrip("/")
                ended = "it ended" if not state["Running"] else f"not within {seconds:g} s"
                said = f"{name} does not start: {ended}. Last log lines:\n"
                said += last_lines(self.client, self.id)
                raise Failure("backup.not_started", said, exit_code=state.get("ExitCode"))
            time.sleep(POLL)


def port_of(record: Mapping[str, Any] | None, argument: str, usual: int) -> int:
    """Return the port of an argument such as `web.listen-address`."""
    for value in arguments_of(record, argument):
        tail = value.rsplit(":", 1)[-1]
        if tail.isdecimal():
            return int(tail)
    return usual
