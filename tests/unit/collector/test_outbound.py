# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer that does not come whole is no success."""

from __future__ import annotations

import asyncio
import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.deadline import deadline
from collector.metrics import Metrics
from collector.outbound import Outbound, PushError
from collector.settings import Target, VictoriaMetrics
from collector.spool import Entry
from collector.victoria import VictoriaPusher

from ...http_stand_in import Reply, between
from .authority import Authority

WHOLE = (
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\n\r\nok",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000,
)
CUT_OFF = (
    b"",
    b"HTTP/1.1 20",
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
    b"HTTP/1.1 200 OK\r\nX: y",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\nX: y\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\no",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
)


@contextmanager
def answering(said: bytes, closes: bool = True) -> Iterator[str]:
    """A server that says this to each request, and then closes or says no more. Its URL."""
    kept = []

    def serve() -> None:
        while True:
            try:
                connection = server.accept()[0]
            except OSError:
                return
            while b"\r\n\r\n" not in connection.recv(65536, socket.MSG_PEEK):
                pass
            connection.recv(65536)
            connection.sendall(said)
            if closes:
                connection.shutdown(socket.SHUT_WR)
            kept.append(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(60)
    for connection in kept:
        connection.close()


def status(url: str, timeout: float = 30) -> int:
    return Outbound(Target(url=url)).request("POST", "/", b"", "text/plain", timeout).status


@pytest.mark.parametrize("said", WHOLE, ids=range(len(WHOLE)))
def test_a_whole_answer_counts(said: bytes) -> None:
    with answering(said) as url:
        assert status(url) in (200, 204)


@pytest.mark.parametrize("said", CUT_OFF, ids=range(len(CUT_OFF)))
def test_an_answer_that_is_cut_off_is_a_failure(said: bytes, tmp_path: Path) -> None:
    with answering(said) as url:
        with pytest.raises(PushError):
            status(url)
        settings = VictoriaMetrics(url=url, spool_directory=str(tmp_path))
        victoria = VictoriaPusher(settings, Metrics())
        asyncio.run(victoria.keep(Entry("m 1 1\n")))
        victoria._step()
        assert victoria.spool.size == 1
        assert victoria.state.failures == 1


def test_a_chunk_of_less_than_nothing() -> None:
    """To the library it is all that comes: a target could fill the memory."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with answering(head + b"-1\r\n" + b"x" * 9000, closes=False) as url:
        with pytest.raises(PushError) as caught:
            status(url, 5)
        assert isinstance(caught.value.__cause__, http.client.IncompleteRead)


@pytest.mark.parametrize("said", CUT_OFF, ids=range(len(CUT_OFF)))
def test_the_deadline_s_end_is_no_answer(said: bytes) -> None:
    with answering(said, closes=False) as url, pytest.raises(PushError) as caught:
        status(url, 0.1)
    assert isinstance(caught.value.__cause__, TimeoutError)


@pytest.fixture
def authorities(tmp_path: Path) -> tuple[Authority, Authority]:
    """Two of them, in directories of their own."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    return Authority(one), Authority(other)


def test_an_authority_that_is_replaced(
    authorities: tuple[Authority, Authority], tmp_path: Path
) -> None:
    old, new = authorities
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(new.issue("127.0.0.1"))
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(old.certificate.read_bytes())
    with between(lambda *_: (200, b""), tls) as url:
        outbound = Outbound(Target(url=url, ca_file=str(trusted)))

        def status() -> int:
            return outbound.request("POST", "/", b"", "text/plain", 30).status

        with pytest.raises(PushError) as caught:
            status()
        assert isinstance(caught.value.__cause__, ssl.SSLCertVerificationError)
        new.certificate.rename(trusted)
        assert status() == 200
        # What cannot be read, or is none, leaves the one before.
        trusted.write_text("half of a certifi")
        assert status() == 200
        trusted.unlink()
        assert status() == 200
        trusted.write_bytes(old.certificate.read_bytes())
        with pytest.raises(PushError):
            status()


def test_a_password_that_is_replaced(tmp_path: Path) -> None:
    asked = []

    def answer(_method: str, _path: str, headers: dict[str, str], _body: bytes) -> Reply:
        asked.append(base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode())
        return 200, b""

    password = tmp_path / "password"
    password.write_text("first\n")
    with between(answer) as url:
        target = Target(url=url, username="push", password_file=str(password))
        outbound = Outbound(target)
        for change in (None, lambda: password.write_text("second\n"), password.unlink):
            if change:
                change()
            outbound.request("POST", "/", b"", "text/plain", 30)
    assert asked == ["push:first", "push:second", "push:second"]


def test_work_that_ends_because_the_time_is_up_has_not_succeeded() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError), deadline(ours.fileno(), 0.1):
        assert ours.recv(1) == b""


def test_without_a_thread_there_is_no_deadline_and_no_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_timer: threading.Timer) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", refuse)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError, match="thread"), deadline(ours.fileno(), 1):
        pytest.fail("nothing is done without a deadline")


@pytest.mark.parametrize("secure", [False, True])
def test_a_redirect_before_the_body_is_read(
    authorities: tuple[Authority, Authority], secure: bool
) -> None:
    """Where it leads is said, not that the connection ended while the rest was sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authorities[0].issue("127.0.0.1"))

    def serve() -> None:
        connection = server.accept()[0]
        if secure:
            connection = context.wrap_socket(connection, server_side=True)
        connection.recv(1024)
        head = b"HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        url = f"http{'s' if secure else ''}://127.0.0.1:{server.getsockname()[1]}"
        outbound = Outbound(Target(url=url, ca_file=str(authorities[0].certificate)))
        try:
            answer = outbound.request("POST", "/", b"x" * 4_000_000, "text/plain", 10)
        except PushError as error:  # the kernel may have dropped what came before the reset
            ends = (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
            assert isinstance(error.__cause__, ends)  # noqa: PT017
        else:
            assert (answer.status, answer.location) == (301, "https://a.example/")
