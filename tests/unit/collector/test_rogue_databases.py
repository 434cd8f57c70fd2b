# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server in the database's place does not learn the password by asking for it."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from collector import drivers
from collector.n8n.budget import Budget, RunError
from collector.n8n.postgres import Postgres
from collector.n8n.settings import Database as N8nDatabase
from collector.n8n.settings import Limits
from collector.postgresql_guard import Watch
from collector.settings import Database
from collector.tls import InClearError

from .authority import Authority

PASSWORD = "a-database-password"
SALT = bytes(range(1, 21))
UNVERIFIED = ("disable", "prefer", "require")
VERIFIED = ("verify-ca", "verify-full")


class Rogue:
    """Talks with each client, in TLS where it can, and keeps what they have said."""

    def __init__(self, talk: Callable[[Rogue, socket.socket], None], ca: Authority) -> None:
        self.heard = b""
        self._open: list[socket.socket] = []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(ca.server)
        self._talk = talk

    def encrypted(self, connection: socket.socket) -> socket.socket:
        self._open.append(self.tls.wrap_socket(connection, server_side=True))
        return self._open[-1]

    def hear(self, connection: socket.socket, size: int = 65536) -> bytes:
        data = connection.recv(size)
        if not data:
            raise ConnectionError
        self.heard += data
        return data

    @contextmanager
    def serving(self) -> Iterator[int]:
        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection = server.accept()[0]
                    with suppress(OSError), connection:
                        connection.settimeout(60)
                        self._open.append(connection)
                        self._talk(self, connection)
                        while True:
                            self.hear(connection)

        with socket.create_server(("localhost", 0)) as server:
            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield server.getsockname()[1]
            server.shutdown(socket.SHUT_RDWR)
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            thread.join(60)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def asks(method: int, more: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!i", method) + more)


def postgresql(tls: bool, *said: bytes) -> Callable[[Rogue, socket.socket], None]:
    def talk(rogue: Rogue, connection: socket.socket) -> None:
        if rogue.hear(connection)[4:] == struct.pack("!i", 80877103):  # asks for TLS
            connection.sendall(b"S" if tls else b"N")
            if tls:
                connection = rogue.encrypted(connection)
            rogue.hear(connection)
        for part in said:
            connection.sendall(part)
            with suppress(ConnectionError):
                rogue.hear(connection)
        connection.close()

    return talk


SCRAM = asks(10, b"SCRAM-SHA-256\0\0")
IN_CLEAR_POSTGRESQL = {
    "cleartext": (asks(3),),
    "after a notice": (message(b"N", b"SNOTICE\0\0") + asks(3),),
    "after success": (asks(0) + asks(3),),
    "after SCRAM": (SCRAM, asks(3)),
}


def packet(number: int, body: bytes) -> bytes:
    return struct.pack("<i", len(body))[:3] + bytes([number]) + body


def greeting(tls: bool, method: bytes) -> bytes:
    flags = 0x00000200 | 0x00008000 | 0x00080000 | (0x800 if tls else 0)
    low, high = struct.pack("<H", flags & 0xFFFF), struct.pack("<H", flags >> 16)
    known = b"8.4.0\0" + struct.pack("<i", 1) + SALT[:8] + b"\0" + low + b"\x21\x02\0" + high
    return packet(0, b"\x0a" + known + b"\x15" + bytes(10) + SALT[8:] + b"\0" + method + b"\0")


def mysql(tls: bool, method: bytes, *said: bytes) -> Callable[[Rogue, socket.socket], None]:
    def talk(rogue: Rogue, connection: socket.socket) -> None:
        connection.sendall(greeting(tls, method))
        number = 2
        data = rogue.hear(connection, 36)  # a request for TLS, or the first of the answer
        if tls and data[5] & 0x08:
            connection = rogue.encrypted(connection)
            number = 3
        rogue.hear(connection)
        for part in said:
            connection.sendall(packet(number, part))
            number += 2
            with suppress(ConnectionError):
                rogue.hear(connection)
        connection.close()

    return talk


def switch(method: bytes, more: bytes = SALT + b"\0") -> bytes:
    return b"\xfe" + method + b"\0" + more


NATIVE, CACHING = b"mysql_native_password", b"caching_sha2_password"
IN_CLEAR_MYSQL = {
    "mysql_clear_password": (NATIVE, switch(b"mysql_clear_password", b"")),
    "from the start": (b"mysql_clear_password", switch(b"mysql_clear_password", b"")),
    "dialog": (NATIVE, switch(b"dialog", b"\x04Password: ")),
    "sha256_password": (NATIVE, switch(b"sha256_password")),
    "sha256_password from the start": (b"sha256_password", b"\x01x"),
    "caching_sha2_password": (CACHING, b"\x01\x04"),
    "a switch to caching_sha2_password": (NATIVE, switch(CACHING), b"\x01\x04"),
    "mysql_old_password": (NATIVE, switch(b"mysql_old_password")),
}
ROGUES = {
    **{f"postgresql {n}": ("postgresql", postgresql, s) for n, s in IN_CLEAR_POSTGRESQL.items()},
    **{f"mysql {name}": ("mysql", mysql, said) for name, said in IN_CLEAR_MYSQL.items()},
}


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def settings(tmp_path: Path, ca: Authority) -> Callable[..., dict[str, Any]]:
    (tmp_path / "password").write_text(PASSWORD)

    def of(port: int, tls: str) -> dict[str, Any]:
        found = {"host": "localhost", "port": port, "database": "app", "user": "probe", "tls": tls}
        if tls in VERIFIED:
            found["ca_file"] = str(ca.certificate)
        return {**found, "password_file": str(tmp_path / "password")}

    return of


def refusal(name: str, rogue_tls: bool, ca: Authority, settings: Callable[[int], Any]) -> Any:
    """Why the database is not connected to, and whether it has heard the password."""
    kind, talk, said = ROGUES[name]
    rogue = Rogue(talk(rogue_tls, *said), ca)
    with rogue.serving() as port:
        database = Database(name="x", type=kind, timeout_seconds=30, **settings(port))
        with pytest.raises(drivers.ProbeError) as caught:
            drivers.connect(database)
    assert PASSWORD not in str(caught.value)
    return caught.value.error_type, PASSWORD.encode() in rogue.heard


@pytest.mark.parametrize("tls", UNVERIFIED)
@pytest.mark.parametrize("rogue_tls", [True, False], ids=["TLS", "no TLS"])
@pytest.mark.parametrize("name", ROGUES)
def test_it_does_not_get_the_password(
    name: str, rogue_tls: bool, tls: str, settings: Callable[..., dict[str, Any]], ca: Authority
) -> None:
    assert refusal(name, rogue_tls, ca, lambda port: settings(port, tls)) == ("tls", False)


EACH_IN_CLEAR = pytest.mark.parametrize(
    "name", ["postgresql cleartext", "mysql mysql_clear_password"]
)


@pytest.mark.parametrize("tls", VERIFIED)
@EACH_IN_CLEAR
def test_who_has_the_certificate_gets_it(
    name: str, tls: str, settings: Callable[..., dict[str, Any]], ca: Authority
) -> None:
    # It says no more than that, which is an error of another type.
    assert refusal(name, True, ca, lambda port: settings(port, tls))[1]


@EACH_IN_CLEAR
def test_another_certificate_is_refused(
    name: str, settings: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    found = refusal(name, True, Authority(tmp_path), lambda port: settings(port, "verify-ca"))
    assert found == ("tls", False)


@pytest.mark.parametrize("name", ["postgresql cleartext", "mysql mysql_clear_password"])
def test_an_authority_that_is_replaced(
    name: str, settings: Callable[..., dict[str, Any]], ca: Authority, tmp_path: Path
) -> None:
    kind, talk, said = ROGUES[name]
    (tmp_path / "new").mkdir()
    new, trusted = Authority(tmp_path / "new"), tmp_path / "trusted.pem"
    trusted.write_bytes(ca.certificate.read_bytes())
    server = Rogue(talk(True, *said), new)
    with server.serving() as port:
        given = {**settings(port, "verify-ca"), "ca_file": str(trusted)}
        database = Database(name="x", type=kind, timeout_seconds=30, **given)
        for heard in (False, True):
            with pytest.raises(drivers.ProbeError):  # it says no more than that
                drivers.connect(database)
            assert (PASSWORD.encode() in server.heard) is heard
            trusted.write_bytes(new.certificate.read_bytes())


def test_what_comes_in_parts_is_read_along() -> None:
    watch = Watch()
    said = message(b"N", b"SNOTICE\0\0") + SCRAM + asks(3)
    for byte in said[:-1]:
        watch.see(bytes([byte]))
    with pytest.raises(InClearError):
        watch.see(said[-1:])
    watch = Watch()
    for byte in message(b"S", b"a\0b\0") + asks(0) + message(b"Z", b"I") + asks(3):
        watch.see(bytes([byte]))
    for length in (0, 4, 1 << 30):
        with pytest.raises(ConnectionError):
            Watch().see(b"R" + struct.pack("!i", length - 1))


def test_n8n_s_database_gets_no_password_either(
    settings: Callable[..., dict[str, Any]], ca: Authority
) -> None:
    rogue = Rogue(postgresql(True, asks(3)), ca)
    with rogue.serving() as port, pytest.raises(RunError) as caught:
        Postgres(N8nDatabase(**settings(port, "prefer")), Budget(Limits()))
    assert caught.value.error_type == "tls_error"
    assert PASSWORD.encode() not in rogue.heard


def test_a_server_cannot_keep_a_probe_busy(
    settings: Callable[..., dict[str, Any]], ca: Authority
) -> None:
    def talk(rogue: Rogue, connection: socket.socket) -> None:
        rogue.hear(connection)
        connection.sendall(SCRAM)
        nonce = rogue.hear(connection).partition(b"r=")[2]
        connection.sendall(asks(11, b"r=" + nonce + b"x,s=c2FsdA==,i=999999999999"))

    rogue = Rogue(talk, ca)
    with rogue.serving() as port:
        given = settings(port, "disable")
        database = Database(name="x", type="postgresql", timeout_seconds=60, **given)
        with pytest.raises(drivers.ProbeError) as caught:
            drivers.connect(database)
    assert caught.value.error_type == "other"


def test_a_challenge_is_answered(settings: Callable[..., dict[str, Any]], ca: Authority) -> None:
    """The fast way of caching_sha2_password, and the older one."""
    ok = b"\0\0\0\2\0\0\0"
    for said in (
        (CACHING, b"\x01\x03", ok),
        (NATIVE, switch(CACHING), b"\x01\x03", ok),
        (NATIVE, ok),
    ):

        def talk(rogue: Rogue, connection: socket.socket, said: tuple[bytes, ...] = said) -> None:
            connection.sendall(greeting(False, said[0]))
            rogue.hear(connection)
            number = 2
            for part in said[1:]:
                connection.sendall(packet(number, part))
                number += 1
                if part.startswith(b"\xfe"):
                    rogue.hear(connection)
                    number += 1
            while rogue.hear(connection):  # its settings and its query
                connection.sendall(packet(1, ok))

        rogue = Rogue(talk, ca)
        with rogue.serving() as port:
            database = settings(port, "prefer")
            connection = drivers.connect(
                Database(name="x", type="mysql", timeout_seconds=30, **database)
            )
            connection.close()
        assert PASSWORD.encode() not in rogue.heard
