# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports of this host: who listens, and what can be bound."""

from __future__ import annotations

import errno
import os
import socket
import time
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker import ports
from ansible_collections.vya.observability.plugins.module_utils._docker.ports import (
    Port,
    connections,
    foreign,
    listeners,
    overlap,
    owner,
)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.0.0", True),
        ("127.0.0.1", "192.0.2.1", False),
        ("::", "2001:db8::1", True),
        ("::", "127.0.0.1", False),
    ],
)
def test_overlap(one: str, other: str, both: bool) -> None:
    for pair in ((one, other), (other, one)):
        assert overlap(*pair) is both


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "::"])
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_listener_is_found_with_its_process(address: str, protocol: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as holder:
        holder.bind((address, 0))
        if protocol == "tcp":
            holder.listen()
        number = holder.getsockname()[1]
        assert (address, number) in {(x.address, x.port) for x in listeners(protocol)}
        wanted = Port(address, number, 80, protocol)
        assert f"process {os.getpid()}" in (foreign(wanted, []) or "")
        # When Docker holds it, for our own container, it is not foreign.
        assert foreign(wanted, [(address, number, protocol)]) is None
    assert foreign(wanted, []) is None


def test_address_of_another_host() -> None:
    reason = foreign(Port("192.0.2.1", 8000, 80, "tcp"), [])
    assert "not one of this host's" in (reason or "")


def test_owner_outlives_processes_that_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may end between being listed and being looked into."""
    listdir, scandir = os.listdir, os.scandir
    gone = []

    def vanish(real: Any) -> Any:
        def look(path: Any = ".") -> Any:
            if str(path).endswith("/fd") and str(path) != f"/proc/{os.getpid()}/fd":
                gone.append(path)
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
            return real(path)

        return look

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        inode = next(one.inode for one in listeners("tcp") if one.port == port)
        monkeypatch.setattr(os, "listdir", vanish(listdir))
        monkeypatch.setattr(os, "scandir", vanish(scandir))
        assert owner(inode).startswith(f"process {os.getpid()} ")
    assert gone


def test_connections_from_elsewhere_are_counted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; says which address this host would use
        own = probe.getsockname()[0]
    before = connections(os.getpid())
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            assert connections(os.getpid()) == before
            with socket.create_connection((own, port)):
                assert connections(os.getpid()) == before + 1


def test_drained(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    ports.wait_drained(1 << 30, 0.2)  # no such process
    left = iter([2, 1, 0])
    monkeypatch.setattr(ports, "connections", lambda _process: next(left))
    monkeypatch.setattr(ports, "QUIET_SECONDS", 0)
    ports.wait_drained(1, 60)
    assert next(left, None) is None
    assert time.monotonic() - began < 30
