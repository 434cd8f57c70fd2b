# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""/metrics, /health and /ready, also for those who ask badly."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator

import pytest

from collector.ping import listener
from collector.ping.listener import Listener, json_page


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Listener]]:
    started: list[Listener] = []

    def start(**limits: float) -> Listener:
        for name, value in limits.items():
            monkeypatch.setattr(listener, name, value)
        pages = {"/ready": lambda: json_page(503, {"ready": False})}
        started.append(Listener("127.0.0.1", 0, pages))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.shutdown()
        one.server_close()


def ask(server: Listener, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.server_address[1]), 60) as connection:
        connection.sendall(request)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /ready HTTP/1.1", 503),
        (b"GET /ready?x=1 HTTP/1.0", 503),
        (b"HEAD /ready HTTP/1.1", 503),
        (b"GET / HTTP/1.1", 404),
        (b"GET /../metrics HTTP/1.1", 404),
        (b"POST /ready HTTP/1.1", 501),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1", 414),
    ],
)
def test_requests(serve: Callable[..., Listener], request_line: bytes, status: int) -> None:
    answer = ask(serve(), request_line + b"\r\nHost: x\r\n\r\n")
    assert f" {status} ".encode() in answer.splitlines()[0]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Python" not in head
    if status == 503:
        assert (json.loads(body) if body else None) in ({"ready": False}, None)


def test_a_request_without_end_is_ended(serve: Callable[..., Listener]) -> None:
    server = serve(_REQUEST_SECONDS=0.2)
    assert ask(server, b"GET /ready HTTP/1.1\r\n") == b""


def test_connections_are_bounded(serve: Callable[..., Listener]) -> None:
    server = serve(_CONNECTIONS=1)
    with socket.create_connection(("127.0.0.1", server.server_address[1]), 60) as first:
        first.sendall(b"GET /ready HTTP/1.1\r\n")
        assert ask(server, b"") == b""  # closed at once
        first.sendall(b"\r\n")
        assert first.recv(12) == b"HTTP/1.0 503"
