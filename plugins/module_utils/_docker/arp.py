# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add a new container to the host's ARP table, so that clients need not wait for it.

Docker publishes a container's ports a moment before its network interface exists. A client that
connects in between makes the host's ARP lookup fail, and the host retries only a second later,
which is half of the gap of a swap. The address is already known here.
"""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
from typing import Any

# From linux/sockios.h, linux/if_arp.h.
_SIOCSARP = 0x8955
_ATF_COM = 0x02
_ARPHRD_ETHER = 1


def announce(client: Any, container_id: str) -> None:
    """Add the container's addresses to the host's ARP table, on the bridges of its networks.

    If that is not possible, nothing happens: the host then finds it by itself, a little later.
    """
    attrs = client.api.inspect_container(container_id)
    for endpoint in (attrs["NetworkSettings"].get("Networks") or {}).values():
        if endpoint.get("IPAddress") and endpoint.get("MacAddress"):
            network = client.api.inspect_network(endpoint["NetworkID"])
            if network["Driver"] == "bridge":
                # Not the host's own interface, no such bridge here, or not permitted.
                with contextlib.suppress(OSError):
                    _enter(endpoint["IPAddress"], endpoint["MacAddress"], _bridge(network))


def _bridge(network: dict[str, Any]) -> str:
    named = (network.get("Options") or {}).get("com.docker.network.bridge.name")
    return str(named or f"br-{network['Id'][:12]}")


def _enter(address: str, mac: str, device: str) -> None:
    """Add one entry, as `arp -i DEVICE -s ADDRESS MAC temp` does."""
    protocol = struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
    hardware = struct.pack("=H6s8x", _ARPHRD_ETHER, bytes.fromhex(mac.replace(":", "")))
    request = protocol + hardware + struct.pack("=i16x16s", _ATF_COM, device.encode())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control.fileno(), _SIOCSARP, request)
