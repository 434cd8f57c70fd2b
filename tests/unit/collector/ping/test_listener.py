# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""/metrics, /health and /ready, also for those who ask badly."""

from __future__ import annotations

import errno
import json
import os
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from collector.ping import listener
from collector.ping.listener import CONNECTION_SECONDS, CONNECTIONS, PAUSE_SECONDS, Listener
from collector.ping.request import HEAD_BYTES, Page, json_page

GET = b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"x" * 20_000_000


class Served:
    """A listener whose clock the test sets, and its clients."""

    def __init__(self, clients: ExitStack) -> None:
        self.now = 1000.0
        self.asked = 0
        self._clients = clients
        pages = {"/ready": self._ready, "/large": lambda: (200, "text/plain", LARGE)}
        pages["/broken"] = lambda: json_page(200, object())
        self.listener = Listener("127.0.0.1", 0, pages, lambda: self.now)

    def _ready(self) -> Page:
        self.asked += 1
        return json_page(503, {"ready": False})

    def client(self, payload: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        one = socket.create_connection(self.listener.address, 60, source_address=(source, 0))
        self._clients.enter_context(one)
        with suppress(OSError):  # it may be closed before all of it was sent
            one.sendall(payload)
        return one

    def ask(self, payload: bytes = GET) -> bytes:
        with self.client(payload) as client:
            return everything(client)


def everything(client: socket.socket) -> bytes:
    """What comes until the end, or until the connection is reset."""
    answer = bytearray()
    with suppress(ConnectionError):
        while more := client.recv(65536):
            answer += more
    return bytes(answer)


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(listener, "TICK_SECONDS", 0.02)
    with ExitStack() as clients:
        one = Served(clients)
        one.listener.worker.start()
        yield one
        one.listener.worker.stop()
        assert one.listener.worker.join(60)
        assert one.listener.worker.died is None


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (GET, 503),
        (b"GET /ready?x=1 HTTP/1.0\r\n\r\n", 503),
        (b"GET /ready HTTP/1.1\n\n", 503),
        (b"HEAD /ready HTTP/1.1\r\nHost: x\r\n\r\n", 503),
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /../ready HTTP/1.1\r\n\r\n", 404),
        (b"POST /ready HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 501),
        (b"GET /broken HTTP/1.1\r\n\r\n", 500),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /ready HTTP/1.1\r\n" + b"X: y\r\n" * 20_000, 431),
        (b"GET /ready\r\n", 400),  # HTTP/0.9
        (b"GET /ready HTTP/2.0\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET  /ready HTTP/1.1\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),  # TLS
        (b"\x00" * 100_000, 400),
    ],
    ids=range(18),
)
def test_requests(served: Served, payload: bytes, expected: int) -> None:
    answer = served.ask(payload)
    assert status(answer) == expected
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Python" not in head
    if expected == 503:
        assert json.loads(body or b"null") == (None if payload[:1] == b"H" else {"ready": False})
    assert status(served.ask()) == 503


def test_a_request_that_comes_byte_by_byte(served: Served) -> None:
    client = served.client()
    for byte in GET:
        client.sendall(bytes([byte]))
    assert status(everything(client)) == 503


def test_an_answer_that_fits_no_buffer_arrives_whole(served: Served) -> None:
    assert served.ask(b"GET /large HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\n" + LARGE)


def test_who_asks_gets_in_however_many_say_nothing(served: Served) -> None:
    silent = []
    for n in range(3 * CONNECTIONS):
        silent.append(served.client(b"GET /re" * (n % 2)))
        if not n % 16:
            assert status(served.ask()) == 503
    assert [status(served.ask()) for _n in range(20)] == [503] * 20
    # Only as many are open as may be.
    poll = select.poll()
    for client in silent:
        poll.register(client, select.POLLIN)
    assert len(poll.poll(0)) >= 2 * CONNECTIONS


def test_one_address_cannot_take_all(served: Served) -> None:
    regular = served.client(b"GET /ready HTTP/1.1\r\n", source="127.0.0.2")
    for _n in range(3 * CONNECTIONS):
        served.client()
    assert status(served.ask()) == 503
    regular.sendall(b"\r\n")
    assert status(everything(regular)) == 503


def test_an_answer_under_way_is_not_given_up_for_who_says_nothing(served: Served) -> None:
    reads_later = served.client(b"GET /large HTTP/1.1\r\n\r\n")
    assert reads_later.recv(12) == b"HTTP/1.1 200"
    for _n in range(3 * CONNECTIONS):
        served.client()
    assert status(served.ask()) == 503
    assert everything(reads_later).endswith(LARGE)


@pytest.mark.parametrize(
    ("payload", "answered"),
    [
        (b"", 0),
        (b"GET /ready HTTP/1.1\r\n", 0),
        (b"GET /large HTTP/1.1\r\n\r\n", 200),
        (GET, 503),
    ],
    ids=["nothing", "half a head", "an answer that is not read", "an end that is not answered"],
)
def test_nothing_stays_open(served: Served, payload: bytes, answered: int) -> None:
    client = served.client(payload, source="127.0.0.2")
    said = client.recv(12) if answered else b""

    def is_open() -> bool:
        assert status(served.ask()) == 503
        return any(each.peer == "127.0.0.2" for each in list(served.listener._open))

    assert is_open()
    served.now += CONNECTION_SECONDS - 1
    assert is_open()
    served.now += 2
    assert any(not is_open() for _n in range(1000))
    said += everything(client)
    assert status(said) == answered
    assert len(said) < len(LARGE)


def test_a_request_without_end_is_ended(served: Served) -> None:
    client = served.client(b"GET / HTTP/1.1\r\nX: ")
    sent = 0
    with suppress(OSError):  # reset, or a broken pipe
        while sent < 1 << 30:
            sent += client.send(b"a" * 65536)
    assert sent < 1 << 30
    assert status(served.ask()) == 503


def test_pipelined_requests_are_not_queued(served: Served) -> None:
    flood = [served.client(GET * 14_563) for _n in range(4)]
    answers = [everything(client) for client in flood]
    assert all(answer.count(b"HTTP/1.1 ") <= 1 for answer in answers)
    assert served.asked == 4
    few = served.ask(GET * 9)
    assert few.count(b"HTTP/1.1 503") == 1
    assert served.asked == 5


@pytest.mark.parametrize(("payload", "expected"), [(GET, 503), (GET[:-2], 0), (b"", 0)])
def test_half_closed(served: Served, payload: bytes, expected: int) -> None:
    client = served.client(payload)
    client.shutdown(socket.SHUT_WR)
    assert status(everything(client)) == expected


class Exhausted(socket.socket):
    """A listening socket without descriptors for whoever comes, until it is told otherwise."""

    attempts = 0
    failing = True

    def accept(self) -> Any:
        self.attempts += 1
        if self.failing:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


def test_accepting_waits_when_descriptors_run_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as clients:
        served = Served(clients)
        idle = served.client()
        step: Callable[[], float] = served.listener._step
        monkeypatch.setattr(listener, "TICK_SECONDS", 0.01)
        while not served.listener._open:
            step()
        server = Exhausted(fileno=served.listener._server.detach())
        server.setblocking(False)
        served.listener._server = server
        waiting = served.client(GET)
        while not server.attempts:
            step()
        # The silent one had to go.
        assert everything(idle) == b""
        for _n in range(20):
            step()
        assert server.attempts == 1
        server.failing = False
        served.now += PAUSE_SECONDS
        while not served.asked:
            step()
        assert status(waiting.recv(4096)) == 503
        served.listener._close()
    assert len(caplog.records) == 1


def test_limits_that_the_documentation_names() -> None:
    assert (CONNECTIONS, CONNECTION_SECONDS, HEAD_BYTES) == (64, 5.0, 16_384)
