# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""In front of the application: what was asked is written down, faults are put in between."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# A request with this header is neither written down nor met by a fault: tests prepare with it.
APART = b"x-stand-in-apart"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass
class Request:
    """One request that was answered."""

    method: str
    path: str
    query: str
    body: Any
    headers: dict[str, str]
    status: int = 0
    connection: tuple[str, int] | None = None

    @property
    def writes(self) -> bool:
        """Whether it was meant to change something: a query is a POST too."""
        return self.method in WRITES and "/ds/query" not in self.path


@dataclass
class Fault:
    """What happens instead of, or before, the answer to the requests that match."""

    status: int = 503
    method: str = ".*"
    path: str = ".*"
    after: int = 0
    times: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    seconds: float = 0
    only_writes: bool = False
    written: bool = False
    """Whether the request is carried out, and only its answer replaced."""

    def meets(self, request: Request) -> bool:
        """Whether this request gets the fault; counts."""
        if self.only_writes and not request.writes:
            return False
        if not re.fullmatch(self.method, request.method) or not re.search(self.path, request.path):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
            return self.times >= 0
        return True


class Recorder:
    """ASGI middleware: the log of requests and the faults."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.requests: list[Request] = []
        self.faults: list[Fault] = []

    @property
    def writes(self) -> list[Request]:
        return [request for request in self.requests if request.writes]

    def forget(self) -> None:
        """Empty the log and take all faults away."""
        self.requests.clear()
        self.faults.clear()

    def fail(self, status: int = 503, **more: Any) -> Fault:
        """Answer matching requests with ``status``; see Fault for what else there is."""
        self.faults.append(Fault(status, **more))
        return self.faults[-1]

    def slow(self, seconds: float, **more: Any) -> Fault:
        """Let matching requests wait, then answer them as always."""
        return self.fail(0, seconds=seconds, **more)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(name == APART for name, _value in scope["headers"]):
            await self.app(scope, receive, send)
            return
        body = await read_body(receive)
        request = Request(
            scope["method"],
            unquote(scope["path"]),
            scope["query_string"].decode(),
            _json(body),
            {name.decode().lower(): value.decode() for name, value in scope["headers"]},
            connection=scope.get("client"),
        )
        self.requests.append(request)

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
            await send(message)

        for fault in [one for one in self.faults if one.meets(request)]:
            await asyncio.sleep(fault.seconds)
            if fault.status:
                if fault.written:
                    await self.app(scope, _again(body), _nothing)
                await _answer(fault, note)
                return
        await self.app(scope, _again(body), note)


async def read_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nothing(_message: Message) -> None:
    pass


async def _answer(fault: Fault, send: Send) -> None:
    content = {"message": "a fault of the test"} if fault.body is None else fault.body
    plain = content.encode() if isinstance(content, str) else json.dumps(content).encode()
    kind = b"text/html" if isinstance(content, str) else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", str(len(plain)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": plain})


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace")
