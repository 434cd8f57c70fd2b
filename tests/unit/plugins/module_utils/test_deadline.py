# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that never come to an end, on a socket of this process: each request ends by itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._deadline import deadline
from ansible_collections.vya.observability.plugins.module_utils._http.options import Options
from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    HttpError,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.run import (
    check_metrics,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.ping.run import (
    check_pings,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services import (
    certificate,
)

from ....http_stand_in import between

HEAD = b"HTTP/1.1 200 OK\r\n"
# What comes first, and what then comes again and again, far more often than `timeout`.
ENDLESS = {
    "body": (HEAD + b"Content-Length: 99999\r\n\r\n", b"x"),
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (HEAD + b"X-Long: ", b"x"),
    "headers": (HEAD, b"X: y\r\n"),
    "chunk extension": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;a=", b"x"),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "handshake": (b"\x16\x03\x03\x40\x00", b"\x02"),
    "silence": (b"", b""),
}
TIMEOUT = 0.6
LONGEST = 30.0  # seconds after which the server itself gives up, and the test with it


@contextmanager
def endless(first: bytes, again: bytes) -> Iterator[int]:
    """A server that goes on for ever; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(connection: socket.socket) -> None:
            end = time.monotonic() + LONGEST
            with connection, suppress(OSError):
                connection.sendall(first)
                while time.monotonic() < end:
                    connection.sendall(again)
                    time.sleep(0.05)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _peer = listener.accept()
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_an_end(kind: str) -> None:
    scheme = "https" if kind == "handshake" else "http"
    session = Session(Options(timeout=TIMEOUT, retries=0))
    started = time.monotonic()
    with endless(*ENDLESS[kind]) as port, pytest.raises(HttpError) as caught:
        session.get(f"{scheme}://127.0.0.1:{port}")
    spent = time.monotonic() - started
    assert caught.value.code == "http.timeout"
    assert spent < LONGEST / 2


def test_a_chunk_of_less_than_nothing() -> None:
    """To the library it is all that comes, which could fill the memory."""
    said = (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", b"x" * 65536)
    with endless(*said) as port, pytest.raises(HttpError) as caught:
        Session(Options(timeout=TIMEOUT, retries=0)).get(f"http://127.0.0.1:{port}")
    assert caught.value.code != "http.timeout"


def test_a_kept_connection_ends_too() -> None:
    whole = HEAD + b"Content-Length: 2\r\n\r\n{}"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _peer = listener.accept()
            with connection, suppress(OSError):
                connection.recv(4096)
                connection.sendall(whole)
                connection.recv(4096)
                for _number in range(int(LONGEST / 0.05)):
                    connection.sendall(b"X")
                    time.sleep(0.05)

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Session(Options(timeout=TIMEOUT, retries=0)) as session:
            assert session.get_json(url) == {}
            with pytest.raises(HttpError) as caught:
                session.get(url)
    assert caught.value.code == "http.timeout"


def test_a_resolver_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    numeric, over = socket.getaddrinfo, threading.Event()

    def slow(*arguments: Any, **keywords: Any) -> Any:
        if not keywords.get("flags", 0) & socket.AI_NUMERICHOST:
            over.wait(LONGEST)
        return numeric(*arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(HttpError) as caught:
        Session(Options(timeout=0.2, retries=0)).get("http://name.example.invalid")
    over.set()
    assert caught.value.code == "http.timeout"


def test_a_certificate_that_does_not_come() -> None:
    options = Options(timeout=TIMEOUT)
    with endless(*ENDLESS["handshake"]) as port:
        ask = certificate.ask_certificate("127.0.0.1", port, 14)
        check = certificate.check_certificate(ask, "127.0.0.1", port, options, 14)
    assert (check.status, check.code) == ("skip", "http.timeout")


def test_what_came_until_the_end_is_no_success() -> None:
    with pytest.raises(TimeoutError), deadline(60) as end:
        end.expire()


def test_a_status_is_told_where_there_is_no_time_to_ask_again() -> None:
    answer = (503, b"", {"Retry-After": "5"})
    with (
        between(lambda *_asked: answer) as url,
        Session(Options(timeout=5)) as session,
        pytest.raises(HttpError) as caught,
    ):
        session.ending(time.monotonic() + 1).get(url, expected={200})
    assert caught.value.status == 503


def test_no_deadline_is_left_behind() -> None:
    one, other = socket.socketpair()
    with one, other:
        with deadline(60) as end:
            end.watch(one)
        end.expire()
        other.sendall(b"x")
        assert one.recv(1) == b"x"


def _metrics(session: Session, url: str, until: float) -> Any:
    params = {
        "pushgateway": {"url": url},
        "prometheus": {"url": url, "scrape_job": "pushgateway"},
        "victoriametrics": None,
        "known_jobs": [],
        "catalogue_labels": {},
        "others": False,
        "rule_groups": [],
        "ping_age": 1.0,
        "ping_sources": [],
        "ping_locations": [],
        "ping_interval": 30.0,
        "wait": 1.0,
    }
    return check_metrics(session, params, [], False, until)


def _pings(session: Session, url: str, until: float) -> Any:
    params = {
        "collectors": [{"name": "wf001", "url": url, "key": "k"}],
        "count": 1,
        "slow": 1.0,
        "clock_offset": 1.0,
        "prometheus": None,
        "victoriametrics": None,
        "wait": 1.0,
        "forget": True,
        "deadline": until - time.monotonic(),
    }
    return check_pings(session, params, until)


@pytest.mark.parametrize("module", [_metrics, _pings])
def test_a_module_keeps_its_deadline(module: Callable[..., Any]) -> None:
    """Its timeout is longer: what decides is the module's own end, once."""
    session = Session(Options(timeout=LONGEST, retries=2))
    began = time.monotonic()
    with endless(*ENDLESS["body"]) as port:
        checks = module(session, f"http://127.0.0.1:{port}", began + 1.2)
    assert time.monotonic() - began < LONGEST / 2
    assert {check.status for check in checks} == {"fail"}
    assert {check.code for check in checks} <= {"http.timeout", "deadline.passed"}
