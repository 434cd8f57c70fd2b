# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Published ports: as declared, served, and none to the world by accident."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._release_check import configuration
from ansible_collections.vya.observability.plugins.module_utils._release_check.ports import (
    held,
    listening,
    ports_check,
    public_check,
    read_allowed,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

from .tools import container

PORTS = Ask("ports", "h app")


@pytest.fixture
def closing_port() -> Iterator[int]:
    """A port where connections are taken and closed at once, as Docker's proxy does."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def published(port: int, inside: int, actual: Any = None, pid: int = 0) -> Any:
    bindings = {f"{inside}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    return container(
        HostConfig={"PortBindings": bindings},
        NetworkSettings={"Ports": bindings if actual is None else actual},
        state={"Pid": pid},
    )


def test_ports_by_connecting(closing_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        assert held("127.0.0.1", port)
        assert ports_check(PORTS, published(port, 80), None).code == "ports.ok"
    for dead in (closing_port, port):
        assert not held("127.0.0.1", dead)
        found = ports_check(PORTS, published(dead, 80), None)
        assert (found.status, found.code) == ("fail", "ports.silent")
        assert [each.code for each in found.values["ports"]] == ["port_closed"]


def test_ports_by_the_kernels_tables() -> None:
    with (
        socket.create_server(("0.0.0.0", 0)) as everywhere,
        socket.create_server(("127.0.0.1", 0)) as inside,
    ):
        ports = [int(server.getsockname()[1]) for server in (everywhere, inside)]
        me = os.getpid()
        assert {x.port for x in listening(me) or []} >= set(ports)
        assert ports_check(PORTS, published(1, ports[0], pid=me), None).code == "ports.ok"
        (silent,) = ports_check(PORTS, published(1, ports[1], pid=me), None).values["ports"]
        assert (silent.code, silent.values["addresses"]) == ("port_on_loopback", {"127.0.0.1"})
    (silent,) = ports_check(PORTS, published(1, ports[0], pid=me), None).values["ports"]
    assert (silent.code, silent.values["inside"]) == ("port_unused", ports[0])
    assert listening(0) is None
    assert configuration.mount_roots(0) is None


def test_ports_declared_and_published() -> None:
    current = published(8080, 80, actual={"80/tcp": None})
    found = ports_check(PORTS, current, None)
    assert (found.code, found.values["ports"]) == ("ports.not_published", text("no_ports"))
    found = ports_check(PORTS, current, ["8081:80"])
    assert (found.code, found.values) == (
        "ports.not_declared",
        {"declared": ["127.0.0.1:8081:80/tcp"], "configured": ["127.0.0.1:8080:80/tcp"]},
    )
    assert ports_check(PORTS, container(), []).code == "ports.ok"


def listed(name: str, address: str, port: int = 8080, kind: str = "tcp") -> dict[str, Any]:
    entry = {"IP": address, "PublicPort": port, "PrivatePort": 80, "Type": kind}
    return {"Names": [f"/{name}"], "Ports": [entry, {"PrivatePort": 81, "Type": "tcp"}]}


@pytest.mark.parametrize(
    ("address", "allowed", "declared", "status"),
    [
        ("127.0.0.1", [], [], "pass"),
        ("10.0.0.1", [], [], "pass"),
        ("0.0.0.0", [], [], "fail"),
        ("::", [], [], "fail"),
        ("8.8.8.8", [], [], "fail"),
        ("0.0.0.0", ["8080"], [], "pass"),
        ("0.0.0.0", ["0.0.0.0:8080/tcp"], [], "pass"),
        ("0.0.0.0", ["8080/udp"], [], "fail"),
        ("0.0.0.0", ["8081"], [], "fail"),
        ("::", ["0.0.0.0:8080"], [], "fail"),
        ("::", ["[::]:8080"], [], "pass"),
        ("0.0.0.0", [], ["0.0.0.0:8080:80"], "pass"),
        ("0.0.0.0", [], ["127.0.0.1:8080:80"], "fail"),
        ("0.0.0.0", [], ["0.0.0.0:8080:81"], "fail"),
    ],
)
def test_public_ports(address: str, allowed: list[str], declared: list[str], status: str) -> None:
    permitted = [read_allowed(text) for text in allowed]
    found = public_check("h", [listed("app", address)], {"app": declared}, permitted)
    assert (found.id, found.status) == ("public ports h", status)
    assert found.code == f"public_ports.{'ok' if status == 'pass' else 'open'}"
    assert status == "pass" or found.values["ports"][0].startswith("app ")
    # A release's declaration is not a foreign container's.
    if declared:
        foreign = [listed("foreign", address)]
        lenient = public_check("h", foreign, {"app": declared}, permitted, "warn")
        assert lenient.status == "warn"
        other = public_check("h", foreign, {"app": declared}, permitted)
        assert other.status == "fail"


@pytest.mark.parametrize("text", ["", "0", "65536", "80/sctp", "host:80", "1.2.3:80", "::80"])
def test_allowed_ports_are_refused_when_they_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"port|address"):
        read_allowed(text)
