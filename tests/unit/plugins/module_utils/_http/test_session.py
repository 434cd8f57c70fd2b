# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and errors of the HTTP session, and what it does on a socket of this process."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._http import (
    session as session_module,
)
from ansible_collections.vya.observability.plugins.module_utils._http.error import kind_of
from ansible_collections.vya.observability.plugins.module_utils._http.options import (
    http_argument_spec,
)
from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    HttpError,
    Options,
    Session,
    authorization,
    check_url,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import say, text
from ansible_collections.vya.observability.tests.http_stand_in import between


class Server(ThreadingHTTPServer):
    """Answers with the statuses it was given, one after the other; then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.requests: list[tuple[str, dict[str, str], int]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        port = self.client_address[1]
        self.server.requests.append((self.command, dict(self.headers), port))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        body = b'{"ok": true}'
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def test_names_below_localhost_are_this_machine(server: Server) -> None:
    url = f"http://a.b.localhost:{server.server_port}"
    assert Session().get_json(url) == {"ok": True}
    assert server.requests[0][1]["Host"] == f"a.b.localhost:{server.server_port}"


def test_resolve_keeps_the_host_header(server: Server) -> None:
    session = Session(Options(resolve={"metrics.example.org": "127.0.0.1"}))
    session.get(f"http://metrics.example.org:{server.server_port}/x")
    assert server.requests[0][1]["Host"] == f"metrics.example.org:{server.server_port}"


@pytest.mark.parametrize("given", ["café.example", "CAFÉ.example.", "xn--caf-dma.example"])
@pytest.mark.parametrize("asked", ["café.example", "xn--caf-dma.example"])
def test_an_international_name_is_looked_up_in_one_form(given: str, asked: str) -> None:
    spec = {name: option.get("default") for name, option in http_argument_spec().items()}
    options = Options.from_params({**spec, "resolve": {given: "192.0.2.1"}})
    assert options.address(asked) == "192.0.2.1"


def test_one_connection_serves_many_requests(server: Server) -> None:
    with Session() as session:
        for _number in range(5):
            session.get(server.url)
    assert len({port for _method, _headers, port in server.requests}) == 1


def test_the_environment_is_not_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    assert Session().get(server.url).status == 200


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_it_tries_again(status: int, server: Server) -> None:
    server.statuses = [status, status]
    assert Session(Options(retries=2)).get(server.url).status == 200
    assert len(server.requests) == 3


def test_it_gives_up(server: Server) -> None:
    server.statuses = [503] * 5
    with pytest.raises(HttpError) as caught:
        Session(Options(retries=1)).get(server.url)
    assert caught.value.status == 503
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_other_statuses_are_final(status: int, server: Server) -> None:
    server.statuses = [status]
    with pytest.raises(HttpError, match=f"seen: {status}"):
        Session().get(server.url)
    assert len(server.requests) == 1


def test_a_post_is_sent_once(server: Server) -> None:
    server.statuses = [503]
    with pytest.raises(HttpError):
        Session().request("POST", server.url, data=b"x")
    assert len(server.requests) == 1


def test_it_does_not_wait_for_a_long_retry_after(server: Server) -> None:
    server.statuses, server.headers = [503], {"Retry-After": "3600"}
    with pytest.raises(HttpError):
        Session().get(server.url)
    assert len(server.requests) == 1


def test_a_retry_after_that_is_no_number(server: Server) -> None:
    server.statuses, server.headers = [503], {"Retry-After": "²"}
    assert Session(Options(retries=1)).get(server.url).status == 200


def test_an_answer_that_grows_when_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LARGEST_ANSWER", 1 << 20)
    packed = gzip.compress(bytes(64 << 20))
    with (
        between(lambda *_: (200, packed, {"Content-Encoding": "gzip"})) as url,
        pytest.raises(HttpError) as caught,
    ):
        Session(Options(retries=0)).get(url)
    assert caught.value.code == "http.too_large"


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.statuses, server.headers = [302], {"Location": "http://elsewhere.invalid/"}
    with pytest.raises(HttpError) as caught:
        Session().get(server.url)
    assert caught.value.code == "http.redirect"
    assert "http://elsewhere.invalid/" in caught.value.seen


def test_cookies_are_not_kept(server: Server) -> None:
    server.headers = {"Set-Cookie": "a=b"}
    session = Session()
    session.get(server.url)
    session.get(server.url)
    assert "Cookie" not in server.requests[1][1]


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://127.0.0.1:9", "refused"), ("http://nobody.invalid", "dns")],
)
def test_kinds_of_failure(url: str, kind: str) -> None:
    with pytest.raises(HttpError) as caught:
        Session(Options(retries=0)).get(url)
    assert caught.value.code == f"http.{kind}"
    texts = [say(caught.value.code, caught.value.values, part) for part in ("seen", "cause", "fix")]
    assert all(texts)


def test_no_answer_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(HttpError) as caught:
            Session(Options(retries=0, timeout=0.2)).get(url)
    assert caught.value.code == "http.timeout"
    assert caught.value.seen == text("request_no_answer_in", timeout=0.2)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10, "tls_expired"),
        (62, "tls_name"),
        (9, "tls_not_yet_valid"),
        (20, "tls_untrusted"),
        (85, "tls_strict"),
    ],
)
def test_kinds_of_certificate_errors(code: int, kind: str) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "why"
    assert kind_of(OSError(ValueError(error))) == (kind, "why")


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"url_username": "u", "bearer_token": "t"}, "bearer_token"),
        ({"url_password": "p"}, "url_username"),
        ({"headers": {"X": "a\r\nY: b"}}, "headers"),
    ],
)
def test_credentials_that_cannot_be_sent(params: dict[str, Any], named: str) -> None:
    with pytest.raises(HttpError, match=f"option {named}"):
        authorization(params)


def test_credentials() -> None:
    basic = authorization({"url_username": "ü", "url_password": "p"})
    assert basic == {"Authorization": "Basic w7w6cA=="}
    assert authorization({"bearer_token": "t"}) == {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://h", "http://", "http://h:0", "http://h:x", "http://h/ x"]
)
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(HttpError, match="option somewhere"):
        check_url(url, "somewhere")


def test_a_url_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(HttpError) as caught:
        check_url("http://u:secret@h")
    assert "secret" not in str(caught.value)
