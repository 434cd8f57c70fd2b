# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports: how an option names them, which ones containers publish, what listens on this host."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import sys
import time
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .container import Container

QUIET_SECONDS = 0.5


class Listener(NamedTuple):
    """A bound socket."""

    address: str
    port: int
    inode: str


def listeners(protocol: str) -> list[Listener]:
    """Return all listening TCP (or bound UDP) sockets of this network namespace.

    Source: /proc/net/tcp, tcp6, udp, udp6, proc(5).
    """
    found = []
    for table in (protocol, f"{protocol}6"):
        with contextlib.suppress(FileNotFoundError):
            lines = Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
            found += [read_listener(line) for line in lines if line.split()[3] in ("0A", "07")]
    return found


def read_listener(line: str) -> Listener:
    """Return the socket that a line of /proc/net/tcp (or udp, tcp6, udp6) describes."""
    columns = line.split()
    return Listener(*_socket_address(columns[1]), columns[9])


def _socket_address(text: str) -> tuple[str, int]:
    packed, port = text.split(":")
    words = [packed[i : i + 8] for i in range(0, len(packed), 8)]
    data = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    address: IPv4Address | IPv6Address = ip_address(data)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address), int(port, 16)


def connections(process: int) -> int:
    """Return how many connections from elsewhere are open in a process's network namespace.

    Source: /proc/PID/net/tcp and tcp6, proc(5).
    """
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{process}/net/{table}").read_text("ascii").splitlines()[1:]
    ]
    served = {_socket_address(columns[1])[1] for columns in lines if columns[3] == "0A"}
    return sum(
        columns[3] == "01"
        and _socket_address(columns[1])[1] in served
        and not ip_address(_socket_address(columns[2])[0]).is_loopback
        for columns in lines
    )


def wait_drained(process: int, seconds: float) -> None:
    """Wait until a process's connections have ended, at most so long.

    For a moment after its name went to another container, somebody may still connect.
    """
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        quiet = time.monotonic() > began + QUIET_SECONDS
        with contextlib.suppress(OSError):
            if quiet and not connections(process):
                return
        time.sleep(0.1)


def overlap(one: str, other: str) -> bool:
    """Return whether two addresses conflict if bound to the same port."""
    if one == other:
        return True
    same_family = (":" in one) == (":" in other)
    return same_family and bool({one, other} & {"0.0.0.0", "::"})  # noqa: S104


def owner(inode: str) -> str:
    """Return `process 123 (nginx)`, or `another process` if it is not visible."""
    target = f"socket:[{inode}]"
    for process in Path("/proc").glob("[0-9]*"):
        # A process, or one of its descriptors, may be gone the moment after it was listed.
        with contextlib.suppress(OSError):
            if any(_links_to(descriptor, target) for descriptor in (process / "fd").iterdir()):
                comm = (process / "comm").read_text(encoding="utf-8").strip()
                return f"process {process.name} ({comm})"
    return "another process"


def _links_to(descriptor: Path, target: str) -> bool:
    with contextlib.suppress(OSError):
        return str(descriptor.readlink()) == target
    return False


def bind_error(port: Port) -> int:
    """Try to bind the port, and return the errno; 0 if that works."""
    family = socket.AF_INET6 if ":" in port.address else socket.AF_INET
    kind = socket.SOCK_DGRAM if port.protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(family, kind) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            attempt.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            attempt.bind((port.address, port.host))
            if kind == socket.SOCK_STREAM:
                attempt.listen()
        except OSError as error:
            return error.errno or -1
    return 0


def foreign(port: Port, published: list[tuple[str, int, str]]) -> str | None:
    """Return what prevents `port` from being bound, apart from Docker's own listeners.

    Args:
        published: Address, port and protocol of running containers; their listeners are Docker's.
    """
    docker = {(address, number) for address, number, kind in published if kind == port.protocol}
    for listener in listeners(port.protocol):
        known = (listener.address, listener.port) in docker or listener.port != port.host
        if not known and overlap(listener.address, port.address):
            return f"is taken by {owner(listener.inode)}"
    taken_by_docker = any(n == port.host and overlap(a, port.address) for a, n in docker)
    error = 0 if taken_by_docker else bind_error(port)
    if error == errno.EADDRNOTAVAIL:
        return "cannot be bound: the address is not one of this host's"
    if error:
        return f"cannot be bound: {os.strerror(error)}{_dual_stack(port)}"
    return None


def _dual_stack(port: Port) -> str:
    """Return who listens on `::`: it may hold the IPv4 port, too, which only binding shows."""
    held = [x for x in listeners(port.protocol) if x.port == port.host and x.address == "::"]
    return f", {owner(held[0].inode)} holds it on [::]" if held else ""


class Port(NamedTuple):
    """A published port."""

    address: str
    host: int
    container: int
    protocol: str

    def __str__(self) -> str:
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{self.host}:{self.container}/{self.protocol}"


def read_port(text: str) -> Port:
    """Return the port that `[address:]host:container[/protocol]` describes.

    Without an address it is published on 127.0.0.1.

    Raises:
        ValueError: It is something else.
    """
    match = re.match(r"^(?:(\[[^]]+\]|[^:]+):)?(\d+):(\d+)(?:/(tcp|udp))?$", text)
    if not match:
        raise ValueError(f"expected [address:]host:container[/tcp|udp], got {text!r}")
    address = str(ip_address((match[1] or "127.0.0.1").strip("[]")))
    host, container = int(match[2]), int(match[3])
    if not (0 < host < 65536 and 0 < container < 65536):
        raise ValueError(f"expected ports from 1 to 65535, got {text!r}")
    return Port(address, host, container, match[4] or "tcp")


def read_ports(value: Any) -> list[Port]:
    """Return the ports that an option describes: as `read_port`, with ranges, or as a mapping.

    Args:
        value: `[address:]host:container[/protocol]`, or Compose's `target`, `published`, `host_ip`
            and `protocol`.

    Raises:
        ValueError: It is something else, or the ranges differ in length.
    """
    if isinstance(value, Mapping):
        unknown = set(value) - {"target", "published", "host_ip", "protocol", "mode", "name"}
        if unknown or not {"target", "published"} <= set(value) or value.get("mode") == "ingress":
            raise ValueError(f"expected target, published, host_ip and protocol, got {value!r}")
        address, protocol = value.get("host_ip"), value.get("protocol", "tcp")
        address = f"[{address}]:" if ":" in str(address) else f"{address}:" if address else ""
        value = f"{address}{value['published']}:{value['target']}/{protocol}"
    match = re.match(r"^(?:(.+):)?(\d+)(?:-(\d+))?:(\d+)(?:-(\d+))?(/\w+)?$", str(value))
    if not match:
        return [read_port(str(value))]
    hosts, containers = (range(int(match[i]), int(match[i + 1] or match[i]) + 1) for i in (2, 4))
    if not hosts or len(hosts) != len(containers):
        raise ValueError(f"expected two ranges of one length, got {value!r}")
    address = match[1] or ""
    address = f"[{address}]" if ":" in address and not address.startswith("[") else address
    before = f"{address}:" if address else ""
    return [
        read_port(f"{before}{host}:{container}{match[6] or ''}")
        for host, container in zip(hosts, containers)
    ]


def published(container: Container) -> list[Port]:
    """Return the ports of a container's configuration: a stopped container has them, too."""
    found = []
    for exposed, bindings in (container["HostConfig"].get("PortBindings") or {}).items():
        number, protocol = exposed.split("/")
        for binding in bindings or []:
            address = binding.get("HostIp") or "0.0.0.0"  # noqa: S104
            found.append(Port(address, int(binding.get("HostPort") or 0), int(number), protocol))
    return sorted(found)


def published_ports(container: Container) -> list[str]:
    """Return the same as texts, `address:host:container/protocol`."""
    return [str(port) for port in published(container)]
