# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge published ports: as declared, with a listener behind them, and public only on purpose."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from .._check import Ask, Check
from .._docker.container import Container, name_of
from .._docker.ports import Listener, Port, read_listener, read_port
from .._docker.ports import published_ports as ports_of
from .._texts.text import Text, text

_LISTENING = "0A"
# Seconds that a proxy may take to close an accepted connection that leads nowhere.
_HOLDS_SECONDS = 0.5
_CONNECT_SECONDS = 2.0
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Allowed(NamedTuple):
    """A port that may be public; an empty address or protocol matches every one."""

    address: str
    number: int
    protocol: str


def read_allowed(given: str) -> Allowed:
    """Return the port that `[address:]port[/tcp|udp]` describes, an IPv6 address in brackets.

    Raises:
        ValueError: It is something else.
    """
    match = re.match(r"^(?:(\[[^]]+\]|[^:]+):)?(\d+)(?:/(tcp|udp))?$", given)
    if not match or not 0 < int(match[2]) < 65536:
        raise ValueError(f"expected [address:]port[/tcp|udp], got {given!r}")
    address = str(ip_address(match[1].strip("[]"))) if match[1] else ""
    return Allowed(address, int(match[2]), match[3] or "")


def ports_check(ask: Ask, current: Container, declared: Sequence[str] | None) -> Check:
    """Judge whether a running container publishes its declared ports, and listens on them.

    Args:
        declared: Ports as the option `ports` has them; None to take the configured ones.
    """
    configured = set(ports_of(current))
    wanted = {str(read_port(port)) for port in declared} if declared is not None else configured
    if configured != wanted:
        return ask.fail("not_declared", declared=_listed(wanted), configured=_listed(configured))
    published = _published(current, configured)
    if published != configured:
        return ask.fail("not_published", configured=_listed(configured), ports=_listed(published))
    silent = _silent(current, [read_port(port) for port in sorted(configured)])
    return ask.fail("silent", ports=silent) if silent else ask.ok(ports=_listed(published))


def _listed(ports: set[str]) -> list[str] | Text:
    return sorted(ports) or text("no_ports")


def _published(current: Container, configured: set[str]) -> set[str]:
    """Return what the daemon publishes now, in the form of the configuration."""
    actual = current["NetworkSettings"].get("Ports") or {}
    found = set(ports_of({"HostConfig": {"PortBindings": actual}}))
    # A binding without an address is shown once for IPv4 and once for IPv6.
    twins = {re.sub(r"^0\.0\.0\.0:", "[::]:", port) for port in configured}
    return found - (twins - configured)


def _silent(current: Container, ports: list[Port]) -> list[Text]:
    """Return the published TCP ports on which nothing listens."""
    tables = listening(current["State"]["Pid"])
    found = []
    for port in (port for port in ports if port.protocol == "tcp"):
        if tables is None:
            if not held(_ANY.get(port.address, port.address), port.host):
                found.append(text("port_closed", port=str(port)))
            continue
        there = {listener.address for listener in tables if listener.port == port.container}
        if not there:
            found.append(text("port_unused", port=str(port), inside=port.container))
        elif all(ip_address(address).is_loopback for address in there):
            found.append(text("port_on_loopback", port=str(port), addresses=there))
    return found


def listening(pid: int) -> list[Listener] | None:
    """Return the listening TCP sockets of a process's network namespace; None if not readable.

    Source: /proc/PID/net/tcp and tcp6, proc(5).
    """
    found = []
    for table in ("tcp", "tcp6"):
        path = Path(f"/proc/{pid}/net/{table}")
        try:
            lines = path.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            if table == "tcp":
                return None
            continue  # a kernel without IPv6
        found += [read_listener(line) for line in lines if line.split()[3] == _LISTENING]
    return found


def held(address: str, port: int) -> bool:
    """Return whether a connection is accepted and kept: Docker's proxy accepts and drops others."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection((address, port), timeout=_CONNECT_SECONDS) as connection,
    ):
        connection.settimeout(_HOLDS_SECONDS)
        try:
            return connection.recv(1) != b""
        except socket.timeout:
            return True
    return False


def public_check(
    host: str,
    containers: Sequence[Mapping[str, Any]],
    declared: Mapping[str, Iterable[str]],
    allowed: Sequence[Allowed],
    of_others: str = "fail",
) -> Check:
    """Judge whether containers publish only declared or allowed ports to the world.

    Args:
        containers: As Docker lists them (GET /containers/json).
        declared: The ports of each release, by the name of its container.
        of_others: The status if only containers that are no releases publish more.
    """
    ask = Ask("public_ports", host)
    fine: list[str] = []
    wrong: list[str] = []
    status = of_others
    for container in containers:
        name = name_of(container)
        own = {str(read_port(port)) for port in declared.get(name, ())}
        for port in _public(container):
            known = str(port) in own or any(_permits(one, port) for one in allowed)
            (fine if known else wrong).append(f"{name} {_outside(port)}")
            if not known and name in declared:
                status = "fail"
    if not wrong:
        return ask.ok(ports=sorted(fine) or text("no_ports"))
    return ask.made(status, "open", {"ports": sorted(wrong)})


def _public(container: Mapping[str, Any]) -> list[Port]:
    found = []
    for entry in container.get("Ports") or []:
        if entry.get("PublicPort"):
            address = entry.get("IP") or "0.0.0.0"  # noqa: S104
            ip = ip_address(address)
            if ip.is_unspecified or ip.is_global:
                found.append(
                    Port(address, entry["PublicPort"], entry["PrivatePort"], entry["Type"])
                )
    return found


def _permits(one: Allowed, port: Port) -> bool:
    return (
        one.number == port.host
        and one.address in ("", port.address)
        and one.protocol in ("", port.protocol)
    )


def _outside(port: Port) -> str:
    address = f"[{port.address}]" if ":" in port.address else port.address
    return f"{address}:{port.host}/{port.protocol}"
