# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every listener withstands whoever can reach it."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from collector.listener import gate as gate_module
from collector.listener.protocol import (
    HEAD_BYTES,
    HEAD_SECONDS,
    HEADERS,
    IDLE_SECONDS,
    QUEUED,
    REQUEST_SECONDS,
)
from collector.listener.server import Listener, bind
from collector.metrics import Metrics
from collector.service import metrics_app

GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"x" * 300_000


class App:
    """Answers 200, and the paths /held when it is let go and /large with a large body."""

    def __init__(self) -> None:
        self.asked = 0
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        if scope["path"] == "/held":
            await self.go.wait()
        body = LARGE if scope["path"] == "/large" else b"ok"
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def listening(app: Any, connections: int = 512) -> AsyncIterator[Listener]:
    server = bind("test", "127.0.0.1", 0)
    listener = Listener("test", app, server, connections)
    listener.address = server.getsockname()
    task = asyncio.create_task(listener.serve())
    await until(lambda: listener.started)
    try:
        yield listener
    finally:
        listener.end()
        listener.force_exit = True
        await task


async def until(done: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.001)


class Client:
    """One connection."""

    @classmethod
    async def to(cls, listener: Listener, payload: bytes = b"") -> Client:
        one = cls()
        one.reader, one.writer = await asyncio.open_connection(*listener.address)
        one.writer.write(payload)
        return one

    async def status(self) -> int:
        """Of the next answer; 0 when the connection is closed."""
        async with asyncio.timeout(60):
            with suppress(OSError, asyncio.IncompleteReadError):
                head = await self.reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
                await self.reader.readexactly(int(length))
                return int(head.split(b" ")[1])
        return 0


def attack(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def later(listener: Listener, seconds: float) -> None:
    """What the listener does when that much time has passed."""
    for connection in listener.gate._open:
        connection.since -= seconds
    listener.gate.tick()


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (GET, 200),
        (GET.replace(b"/metrics", b"/other"), 404),
        (b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404),
        (b"GET /" + b"a" * HEAD_BYTES, 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * HEAD_BYTES, 400),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (HEADERS + 2), 400),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (HEADERS + 1) + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 60_000, 400),
        (b"\r\n" * HEAD_BYTES, 400),
        (b"nonsense\r\n\r\n", 400),
    ],
    ids=range(10),
)
def test_heads_are_bounded(payload: bytes, status: int) -> None:
    async def talk() -> None:
        async with listening(metrics_app(Metrics())) as listener:
            client = await Client.to(listener, payload)
            assert await client.status() == status

    asyncio.run(talk())


HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
LENGTH, CHUNKED = b"Content-Length: %d\r\n" % len(HIDDEN), b"Transfer-Encoding: chunked\r\n"
# How much a request has is said in two ways, or in one that others read in another way.
SMUGGLED = {
    "length and chunks": LENGTH + CHUNKED,
    "chunks and length": CHUNKED + LENGTH,
    "two lengths": b"Content-Length: 0\r\n" + LENGTH,
    "a signed length": b"Content-Length: +0\r\n",
    "a length of two": b"Content-Length: 0, 0\r\n",
    "a name with a space": b"Content-Length : 0\r\n",
    "chunks in another word": b"Transfer-Encoding: xchunked\r\n",
    "chunks, and then not": b"Transfer-Encoding: chunked, identity\r\n",
    "a folded line": b"X: y\r\n Content-Length: 0\r\n" + LENGTH,
}


@pytest.mark.parametrize("said", SMUGGLED)
def test_no_request_is_hidden_in_another_one(said: str) -> None:
    async def talk() -> None:
        asked = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            asked.append(scope["path"])
            await App()(scope, receive, send)

        async with listening(app) as listener:
            head = b"POST / HTTP/1.1\r\nHost: x\r\n" + SMUGGLED[said] + b"\r\n"
            client = await Client.to(listener, head + HIDDEN)
            client.writer.write_eof()
            while await client.status():
                pass
            await until(lambda: not len(listener.gate))
        assert "/hidden" not in asked

    asyncio.run(talk())


@pytest.mark.parametrize(
    "payload",
    [
        b"GET /metrics\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        GET[:-2] + b"Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
        GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    ],
    ids=["HTTP/0.9", "HTTP/2", "CONNECT", "h2c", "websocket"],
)
def test_no_other_protocol_is_spoken(payload: bytes) -> None:
    async def talk() -> None:
        async with listening(metrics_app(Metrics())) as listener:
            client = await Client.to(listener, payload)
            client.writer.write_eof()
            assert await client.status() != 101
            await until(lambda: not len(listener.gate))

    asyncio.run(talk())


@attack
async def test_trailers_are_bounded() -> None:
    async with listening(App()) as listener:
        head = b"POST /held HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        client = await Client.to(listener, head + b"X: y\r\n" * 60_000)
        assert await client.status() == 0
        await until(lambda: not len(listener.gate))


@attack
async def test_a_few_requests_may_be_queued_and_no_more() -> None:
    app = App()
    async with listening(app) as listener:
        client = await Client.to(listener, GET * (QUEUED + 1))
        assert [await client.status() for _n in range(QUEUED + 1)] == [200] * (QUEUED + 1)
        assert app.asked == QUEUED + 1
        for flood in (b"GET / HTTP/1.1\r\n\r\n", b"GET /held HTTP/1.1\r\n\r\n"):
            attackers = [await Client.to(listener, flood * 14_563) for _n in range(4)]
            assert [await one.status() for one in attackers] == [0] * 4
        await until(lambda: len(listener.gate) == 1)
        # Each had one request under way, and none of the others was taken.
        assert app.asked == QUEUED + 1 + 8
        client.writer.write(GET)
        assert await client.status() == 200


@attack
async def test_an_answer_that_is_not_read_fills_no_memory() -> None:
    app = App()
    async with listening(app) as listener:
        request = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
        client = await Client.to(listener, request)  # which reads nothing
        await until(lambda: app.asked)
        (connection,) = listener.gate._open
        for _n in range(40):  # whatever the system's buffers hold
            if not connection.flow.write_paused:
                client.writer.write(request)
                asked = app.asked
                await until(lambda: connection.flow.write_paused or app.asked > asked)  # noqa: B023
        assert connection.flow.write_paused
        assert connection.transport.get_write_buffer_size() <= 2 * len(LARGE)
        later(listener, max(REQUEST_SECONDS, IDLE_SECONDS) + 1)
        assert not len(listener.gate)


@pytest.mark.parametrize(
    ("payload", "answered", "seconds"),
    [
        (b"", False, HEAD_SECONDS),
        (b"GET / HT", False, HEAD_SECONDS),
        (GET, True, IDLE_SECONDS),
        (GET + b"GET / HT", True, HEAD_SECONDS),
        (b"POST /held HTTP/1.1\r\nContent-Length: 9\r\n\r\n{", False, REQUEST_SECONDS),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{", True, REQUEST_SECONDS),
    ],
    ids=["nothing", "half a head", "idle", "half a second head", "no answer", "half a body"],
)
def test_nothing_stays_open_for_ever(payload: bytes, answered: bool, seconds: float) -> None:
    async def wait() -> None:
        app = App()
        async with listening(app) as listener:
            client = await Client.to(listener, payload)
            await until(lambda: len(listener.gate))
            if answered:
                assert await client.status() == 200
            (connection,) = listener.gate._open
            await until(lambda: connection._head_bytes or app.asked or not payload)
            later(listener, seconds - 5)
            assert len(listener.gate) == 1
            later(listener, 6)
            assert len(listener.gate) == 0
            assert await client.status() == 0

    asyncio.run(wait())


@attack
async def test_there_is_room_for_who_asks_however_many_say_nothing() -> None:
    async with listening(App(), connections=20) as listener:
        regular = await Client.to(listener, GET)
        assert await regular.status() == 200
        silent = [await Client.to(listener, b"GET / HT" * (n % 2)) for n in range(100)]
        await until(lambda: sum(one.reader.at_eof() for one in silent) >= 81)
        assert len(listener.gate) <= 20
        other = await Client.to(listener, GET)
        assert await other.status() == 200
        # The one that has asked before is still there.
        regular.writer.write(GET)
        assert await regular.status() == 200


@attack
async def test_one_address_cannot_take_all() -> None:
    async with listening(App(), connections=20) as listener:
        regular = await Client.to(listener, GET)
        assert await regular.status() == 200
        # As if it came from elsewhere: it has rested longest, but its address has only this one.
        (connection,) = listener.gate._open
        listener.gate._open[connection] = "192.0.2.1"
        listener.gate._shares["127.0.0.1"] -= 1
        listener.gate._shares["192.0.2.1"] += 1
        connection.since -= 30
        others = [await Client.to(listener, GET) for _n in range(60)]
        assert {await one.status() for one in others} <= {0, 200}
        assert len(listener.gate) <= 20
        assert connection in listener.gate._open


@attack
async def test_what_answers_is_not_closed_and_the_next_ones_wait() -> None:
    app = App()
    async with listening(app, connections=8) as listener:
        held = GET.replace(b"/metrics", b"/held")
        busy = [await Client.to(listener, held) for _n in range(8)]
        await until(lambda: app.asked == 8)
        waiting = await Client.to(listener, GET)
        await until(lambda: not listener.gate._accepting)
        assert app.asked == 8
        app.go.set()
        assert [await one.status() for one in busy] == [200] * 8
        busy[0].writer.close()
        assert await waiting.status() == 200


class Exhausted(socket.socket):
    """A listening socket without descriptors for whoever comes, several times."""

    failures = 3

    def accept(self) -> Any:
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


def test_accepting_waits_when_descriptors_run_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gate_module, "_PAUSE_SECONDS", 0.01)

    async def come() -> None:
        async with listening(App()) as listener:
            idle = await Client.to(listener, GET)
            assert await idle.status() == 200
            listener.gate._pause()
            listener.gate._server = Exhausted(fileno=listener.gate._server.detach())
            listener.gate._start()
            client = await Client.to(listener, GET)
            # The idle one had to go, and the reserve let one attempt through to be closed, or not.
            assert await idle.status() == 0
            status = await client.status()
            again = await Client.to(listener, GET)
            assert 200 in (status, await again.status())
            assert listener.gate._reserve is not None

    asyncio.run(come())
    assert [record.levelname for record in caplog.records].count("ERROR") == 0
    assert len(caplog.records) < 10


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_who_has_a_share(one: str, other: str, same: bool) -> None:
    assert (gate_module._share(one) == gate_module._share(other)) is same


def test_the_kernel_keeps_little_of_what_nobody_reads() -> None:
    with bind("api", "127.0.0.1", 0) as server:
        # Linux counts twice what is asked for.
        assert server.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * 65_536
