# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chain is judged as a server presents it, link by link; the link that is guilty is named."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    Options,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.run import (
    check_services,
)
from ansible_collections.vya.observability.tests.certificates import (
    Key,
    certificate,
    new_key,
    pem,
    signed_with_sha1,
)
from ansible_collections.vya.observability.tests.http_stand_in import between

NAME = "api.example.com"
NAMES = [x509.DNSName(NAME)]


class Made:
    """An authority, an intermediate, and a server's certificate; each can be made again."""

    def __init__(self, key: Callable[[], Any] = new_key) -> None:
        self.keys = {name: key() for name in ("root", "middle", "leaf")}
        self.root = certificate(self.keys["root"], "The root", days=400, authority=True)
        self.middle = self.intermediate()
        self.leaf = self.server()

    def intermediate(self, name: str = "The middle", **how: Any) -> x509.Certificate:
        how = {"days": 200, "authority": True, **how}
        issuer = (self.root, self.keys["root"])
        return certificate(self.keys["middle"], name, issuer=issuer, **how)

    def server(self, **how: Any) -> x509.Certificate:
        issuer = how.pop("issuer", (self.middle, self.keys["middle"]))
        how = {"days": 100, "names": NAMES, **how}
        return certificate(how.pop("key", self.keys["leaf"]), NAME, issuer=issuer, **how)


@pytest.fixture(scope="module")
def made() -> Made:
    return Made()


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Any]:
    """Ask a server that sends these certificates, with a key; the checks by their names."""
    opened = ExitStack()

    def ask(sent: list[Any], key: Key, trusted: list[Any], weak: bool = False) -> dict[str, Any]:
        files = tmp_path / "server.pem", tmp_path / "ca.pem"
        files[0].write_text("".join(map(pem, sent)) + pem(key))
        files[1].write_text("".join(map(pem, trusted)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if weak:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(files[0])
        url = opened.enter_context(between(lambda *_: (200, b"{}"), context))
        return looked(urlsplit(url).port or 0, files[1])

    with opened:
        yield ask


def looked(port: int, ca: Path) -> dict[str, Any]:
    service = {"name": "c", "kind": "http", "url": f"https://{NAME}:{port}/"}
    empty = {"status": None, "contains": None, "within": 0.0, "databases": None}
    params = {"services": [{**empty, **service}], "certificate_days": 14.0, "slow": 5.0}
    options = Options(ca_path=str(ca), resolve={NAME: "127.0.0.1"}, retries=0)
    checks = check_services(Session(options), params, time.monotonic() + 20)
    return {each.name: each for each in checks}


def test_a_chain_that_is_right(made: Made, asked: Any) -> None:
    checks = asked([made.leaf, made.middle], made.keys["leaf"], [made.root])
    assert {name: check.code for name, check in checks.items()} == {
        "service": "service.ok",
        "certificate": "certificate.ok",
    }
    assert 99 < checks["certificate"].values["left"] <= 100


@pytest.mark.parametrize(
    ("case", "code", "link"),
    [
        ("missing", "certificate.issuer_missing", "CN=api.example.com"),
        ("wrong", "certificate.wrong_intermediate", "CN=api.example.com"),
        ("same name", "certificate.wrong_intermediate", "CN=api.example.com"),
        ("expired middle", "certificate.intermediate_expired", "CN=The middle"),
        ("expired root", "certificate.authority_expired", "CN=The root"),
        ("expired leaf", "http.tls_expired", "CN=api.example.com"),
        ("no name", "certificate.no_name", "CN=api.example.com"),
        ("weak key", "certificate.weak_key", "CN=api.example.com"),
        ("of a client", "certificate.not_for_servers", "CN=api.example.com"),
        ("signed by none", "certificate.not_an_authority", "CN=The middle"),
        ("another root", "http.tls_untrusted", "CN=The root"),
        ("root made anew", "certificate.other_authority", "CN=The middle"),
        ("by itself", "certificate.self_signed", "CN=api.example.com"),
        ("order", "certificate.wrong_order", "CN=The middle"),
    ],
)
def test_a_link_that_is_wrong(made: Made, asked: Any, case: str, code: str, link: str) -> None:
    leaf, middle, root, key = made.leaf, made.middle, made.root, made.keys["leaf"]
    issuer = (made.root, made.keys["root"])
    small = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it has to be refused
    other = certificate(new_key(), "Another", issuer=issuer, days=200, authority=True)
    again = certificate(new_key(), "The middle", issuer=issuer, days=200, authority=True)
    anew = certificate(new_key(), "The root", days=400, authority=True)
    ended = certificate(made.keys["root"], "The root", days=-1, authority=True)
    own = certificate(key, NAME, NAMES)
    sent, trusted, weak = {
        "missing": ([leaf], [root], False),
        "wrong": ([leaf, other], [root], False),
        "same name": ([leaf, again], [root], False),
        "expired middle": ([leaf, made.intermediate(days=-1)], [root], False),
        "expired root": ([leaf, middle], [ended], False),
        "expired leaf": ([made.server(days=-1), middle], [root], False),
        "no name": ([made.server(names=[]), middle], [root], False),
        "weak key": ([made.server(key=small), middle], [root], True),
        "of a client": (
            [made.server(usage=ExtendedKeyUsageOID.CLIENT_AUTH), middle],
            [root],
            False,
        ),
        "signed by none": ([leaf, made.intermediate(authority=False)], [root], False),
        "another root": ([leaf, middle, root], [other], False),
        "root made anew": ([leaf, middle], [anew], False),
        "by itself": ([own], [root], False),
        "order": ([middle, leaf], [root], False),
    }[case]
    key = {"weak key": small, "order": made.keys["middle"]}.get(case, key)
    checks = asked(sent, key, trusted, weak)
    found = checks["certificate"]
    assert (found.status, found.code) == ("fail", code)
    assert checks["service"].code == code
    assert code.startswith("http.") or found.values["link"] == link


@pytest.mark.parametrize("link", ["leaf", "middle"])
def test_a_signature_that_can_be_forged(asked: Any, link: str) -> None:
    made = Made(lambda: rsa.generate_private_key(65537, 2048))
    old = {"leaf": made.leaf, "middle": made.middle}
    by = {"leaf": "middle", "middle": "root"}[link]
    old[link] = signed_with_sha1(old[link], made.keys[by])
    found = asked([*old.values()], made.keys["leaf"], [made.root], True)["certificate"]
    assert (found.status, found.code) == ("fail", "certificate.weak_signature")
    assert found.values["link"] == old[link].subject.rfc4514_string()


@pytest.mark.parametrize(
    ("days", "code", "left"),
    [
        ((100, 3, 400), "certificate.intermediate_expires_soon", 3),
        ((100, 200, 5), "certificate.authority_expires_soon", 5),
        ((7, 200, 400), "certificate.expires_soon", 7),
        ((100, 50, 400), "certificate.ok", 50),
    ],
    ids=["intermediate", "authority", "its own", "an intermediate that ends first"],
)
def test_the_earliest_end_counts(
    made: Made, asked: Any, days: tuple[int, int, int], code: str, left: int
) -> None:
    sent = [made.server(days=days[0]), made.intermediate(days=days[1])]
    root = certificate(made.keys["root"], "The root", days=days[2], authority=True)
    found = asked(sent, made.keys["leaf"], [root])["certificate"]
    assert found.code == code
    assert left - 1 < found.values["left"] <= left


INTERNAL = x509.NameConstraints([x509.DNSName("internal.example")], None)
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")


@pytest.mark.parametrize(
    ("middle", "code"),
    [
        ({"below": 0}, "certificate.too_long"),
        ({"usage": ExtendedKeyUsageOID.CLIENT_AUTH}, "certificate.not_for_servers"),
        # What OpenSSL alone can judge: it says which rule, and not which link.
        ({"more": [INTERNAL]}, "http.tls_rule"),
        ({"more": [UNKNOWN]}, "http.tls_rule"),
    ],
    ids=["path length", "for clients", "other names", "unknown extension"],
)
def test_a_limit_of_an_authority(made: Made, asked: Any, middle: dict[str, Any], code: str) -> None:
    """It is trusted, so that another ca_path changes nothing."""
    first = made.intermediate(**middle)
    key = new_key()
    lower = certificate(
        key, "The lower", issuer=(first, made.keys["middle"]), days=200, authority=True
    )
    leaf = made.server(issuer=(lower, key))
    checks = asked([leaf, lower, first], made.keys["leaf"], [made.root])
    assert {check.code for check in checks.values()} == {code}


def test_an_intermediate_alone_is_trusted(made: Made, asked: Any) -> None:
    """Python 3.13 and newer take it; before, the authority itself is missed."""
    checks = asked([made.leaf, made.middle], made.keys["leaf"], [made.middle])
    found = checks["certificate"]
    if found.status == "fail":
        assert (found.code, found.values["link"]) == ("certificate.issuer_missing", "CN=The middle")


def test_an_intermediate_that_only_this_host_has(made: Made, asked: Any) -> None:
    found = asked([made.leaf], made.keys["leaf"], [made.root, made.middle])["certificate"]
    assert (found.status, found.code) == ("warn", "certificate.intermediate_not_sent")


def test_an_expired_one_that_nobody_needs(made: Made, asked: Any) -> None:
    """As servers send a root that is crossed with an older one."""
    old = certificate(new_key(), "The root before", days=-1, authority=True)
    checks = asked([made.leaf, made.middle, old], made.keys["leaf"], [made.root])
    assert checks["certificate"].code == "certificate.ok"


def test_traefik_s_own_certificate(asked: Any, made: Made) -> None:
    key = new_key()
    own = certificate(key, "TRAEFIK DEFAULT CERT", [x509.DNSName("a.traefik.default")])
    checks = asked([own], key, [made.root])
    assert {check.code for check in checks.values()} == {"certificate.proxy_default"}


def der(what: x509.Certificate) -> bytes:
    return what.public_bytes(serialization.Encoding.DER)


def test_a_key_that_is_not_the_certificate_s(made: Made, tmp_path: Path) -> None:
    """No server of ours starts with such a pair: what one sends is exchanged on its way."""
    shown = made.server()
    while True:  # until both have the same length
        key = new_key()
        used = made.server(key=key)
        if len(der(used)) == len(der(shown)):
            break
    files = tmp_path / "server.pem", tmp_path / "ca.pem"
    files[0].write_text(pem(used) + pem(made.middle) + pem(key))
    files[1].write_text(pem(made.root))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # the certificate travels in clear
    context.load_cert_chain(files[0])

    def pump(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data.replace(der(used), der(shown)))
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def serve(listener: socket.socket, to: int) -> None:
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", to))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    with (
        between(lambda *_: (200, b"{}"), context) as url,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        port = urlsplit(url).port or 0
        threading.Thread(target=serve, args=(listener, port), daemon=True).start()
        checks = looked(listener.getsockname()[1], files[1])
    assert {check.code for check in checks.values()} == {"http.tls_other_key"}
