# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session on a host without `requests` does what the other one does."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from ansible_collections.vya.observability.plugins.module_utils._http import (
    session as session_module,
)
from ansible_collections.vya.observability.plugins.module_utils._http.plain import PlainSession
from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    HttpError,
    Options,
    Session,
)
from ansible_collections.vya.observability.tests.certificates import certificate, new_key, pem
from ansible_collections.vya.observability.tests.http_stand_in import Headers, Reply, between

NAME = "api.example.com"


@pytest.fixture(autouse=True, params=["requests", "plain"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test with both, so that they agree."""
    if request.param == "plain":
        monkeypatch.setattr(session_module, "requests", None)
        assert isinstance(Session()._session, PlainSession)


Seen = list[tuple[str, str, Headers, bytes]]


@pytest.fixture
def seen() -> Seen:
    return []


@pytest.fixture
def server(seen: Seen) -> Iterator[str]:
    def answer(*request: Any) -> Reply:
        seen.append(request)
        return (200, b'{"ok": true}') if request[1].startswith("/well") else (500, b"no")

    with between(answer) as url:
        yield url


def test_a_request_arrives_as_it_is_meant(server: str, seen: Seen) -> None:
    session = Session(Options(headers={"Authorization": "Basic x", "X-Own": "1"}))
    for arguments in (
        {"params": {"query": "a b", "match[]": ["1", "2"]}},
        {"data": {"query": "sum(a)", "timeout": "10s"}},
        {"data": b"a 1\n", "headers": {"X-Own": None, "Content-Type": "text/plain"}},
        {"json": {"a": [1, None]}},
    ):
        session.request("POST", f"{server}/well?z=1", **arguments)
    known = {"Content-Type", "Authorization", "X-Own", "User-Agent", "Host"}
    heads = [{key: head.get(key) for key in known} for _m, _p, head, _b in seen]
    usual = {
        "Authorization": "Basic x",
        "X-Own": "1",
        "User-Agent": "vya.observability",
        "Host": urlsplit(server).netloc,
    }
    assert [path for _method, path, _head, _body in seen] == [
        "/well?z=1&query=a+b&match%5B%5D=1&match%5B%5D=2",
        *["/well?z=1"] * 3,
    ]
    assert heads == [
        {**usual, "Content-Type": None},
        {**usual, "Content-Type": "application/x-www-form-urlencoded"},
        {**usual, "Content-Type": "text/plain", "X-Own": None},
        {**usual, "Content-Type": "application/json"},
    ]
    bodies = [body.replace(b" ", b"") for _method, _path, _head, body in seen]
    assert bodies == [b"", b"query=sum%28a%29&timeout=10s", b"a1\n", b'{"a":[1,null]}']


def test_answers_and_errors_are_the_same(server: str) -> None:
    session = Session(Options(retries=0, timeout=2))
    assert session.get_json(f"{server}/well", {"ok": bool}) == {"ok": True}
    for url, code in (
        (f"{server}/other", "http.status.500"),
        ("http://127.0.0.1:9/", "http.refused"),
        ("http://nobody.invalid/", "http.dns"),
        (f"https://{urlsplit(server).netloc}/", "http.tls_not_spoken"),
    ):
        with pytest.raises(HttpError) as caught:
            session.get(url)
        assert caught.value.code == code


def test_certificates_are_verified(tmp_path: Path) -> None:
    key = new_key()
    file = tmp_path / "server.pem"
    file.write_text(pem(certificate(key, NAME, [x509.DNSName(NAME)])) + pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with between(lambda *_: (200, b"well"), context) as url:
        port = urlsplit(url).port
        resolve = {NAME: "127.0.0.1", "other.example.com": "127.0.0.1"}
        known = Options(resolve=resolve, ca_path=str(file), retries=0)
        assert Session(known).get(f"https://{NAME}:{port}/").text == "well"
        for options, name, code in (
            (known, "other.example.com", "http.tls_name"),
            (Options(resolve=resolve, retries=0), NAME, "http.tls_untrusted"),
        ):
            with pytest.raises(HttpError) as caught:
                Session(options).get(f"https://{name}:{port}/")
            assert caught.value.code == code
        blind = Options(resolve=resolve, validate_certs=False)
        assert Session(blind).get(f"https://other.example.com:{port}/").text == "well"
