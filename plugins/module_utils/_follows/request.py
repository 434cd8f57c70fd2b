# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What failed because a request failed, at an address where another one failed, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from .causes import off_network
from .data import Data, hosts, kind, values

# A request failed: before an answer came, or with one that is not the service's.
CONNECTION = ("dns", "refused", "unreachable", "timeout", "closed")
# The same, and what is wrong with the chain was found.
TLS = ("http.tls", "certificate.")


def request_cause(check: Data, others: Mapping[int, Data], own: int, proxy: str = "") -> int | None:
    """Return the check that failed at the same address, or the container that is not running.

    Args:
        proxy: Id of the check that the only Traefik runs.
    """
    service, address = kind(check), _address(check)
    found: int | None = None
    for number, other in others.items():
        stopped = other["name"] == "running" or off_network(other)
        if service and stopped and _runs(check, service, str(other["subject"])):
            return number
        if other["id"] == proxy and _published(other, address):
            return number
    for number, other in others.items():
        if not address or _address(other) != address:
            continue
        tls = check["code"].startswith(TLS) and check["name"] != "certificate"
        if other["name"] == "certificate" and tls:
            return number
        if other["name"] != "service" or check["name"] == "certificate":
            # Without a check of the service itself, the first request tells.
            if number < own and "certificate" not in (check["name"], other["name"]):
                found = number if found is None else found
            continue
        # One proxy serves all names: it tells, or else the first of them.
        if check["name"] != "service" or _rank(other) < _rank(check):
            return number
    return None if check["name"] == "service" else found


def _runs(service: Data, of_kind: str, release: str) -> bool:
    """Return whether a release (`HOST CONTAINER`) is the service's, by its name.

    There are several collectors: one's release has its host's name, or is on it.
    """
    if of_kind not in release.split()[-1]:
        return False
    words = {*release.split(), *re.split(r"[-_]", release.split()[-1])}
    return of_kind != "collector" or bool(hosts(service) & words)


def _published(release: Data, address: tuple[str, ...]) -> bool:
    """Return whether nobody answered at an address and port of a container that does not serve.

    One that publishes a port on all addresses says nothing: they may be another host's.
    """
    return address[:1] == ("address",) and any(
        (port["address"], str(port["port"])) == address[1:]
        for port in values(release).get("closed_ports", ())
    )


def _rank(service: Data) -> tuple[bool, str]:
    return kind(service) != "traefik", str(service["id"])


def _address(check: Data) -> tuple[str, ...]:
    """Return where a request failed: an address, or a URL for an answer that is not right."""
    code, told = str(check["code"]), values(check)
    if check["name"] == "certificate":
        return ("host", str(check["subject"]))
    parts = urlsplit(str(told.get("request", "")).partition(" ")[2])
    if not parts.hostname:
        return ()
    place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    if not code.startswith((*(f"http.{each}" for each in CONNECTION), *TLS)):
        return ("url", place, code)
    if code.startswith((*TLS, "http.dns")) or not told.get("address"):
        return ("host", place)
    return ("address", str(told["address"]), place.rpartition(":")[2])
