# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of cause that a check may have: another check that did not pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .data import Data, hosts, kind, values


@dataclass(frozen=True)
class Failed:
    """A check with such a code.

    Attributes:
        code: The beginning of the code. One that is a check's name and a dot, such as `target.`, is
            that check with the code of its request, too.
        same_host: Whether only one of the same host counts.
    """

    code: str
    same_host: bool = False

    def is_met(self, check: Data, other: Data) -> bool:
        """Return whether the other check is such a cause of this one."""
        if not (other["code"].startswith(self.code) or f"{other['name']}." == self.code):
            return False
        return not self.same_host or bool(hosts(check) & hosts(other))


@dataclass(frozen=True)
class Service:
    """The check that asks a service of this kind itself.

    Attributes:
        same_host: Whether only one of the same host counts.
    """

    kind: str
    same_host: bool = False

    def is_met(self, check: Data, other: Data) -> bool:
        """Return whether the other check is that of the service."""
        if kind(other) != self.kind:
            return False
        return not self.same_host or bool(hosts(check) & hosts(other))


@dataclass(frozen=True)
class Unasked:
    """The check of this name that is of no place, as its server could not be asked at all."""

    name: str

    def is_met(self, _check: Data, other: Data) -> bool:
        """Return whether the other check is that."""
        return other["name"] == self.name and not other["subject"]


@dataclass(frozen=True)
class ByHand:
    """A file of a service's configuration that was changed, added or removed by hand, or that was
    put back after the service had loaded another one.

    Attributes:
        kind: The service; without it, the one that the check's subject names.
        path: What is in the path of the file.
    """

    kind: str = ""
    path: str = ""

    def is_met(self, check: Data, other: Data) -> bool:
        """Return whether the other check tells of such a file."""
        service = self.kind or str(check["subject"]).lower()
        if service not in "".join(str(other["subject"]).split()[-1:]):
            return False
        return other["code"] == "loaded.other" or (
            other["code"] == "written.by_hand"
            and any(
                each["code"] != "written.permissions" and self.path in str(values(each).get("path"))
                for each in values(other).get("files", ())
            )
        )


@dataclass(frozen=True)
class Place:
    """The round trip at another place."""

    name: str

    def is_met(self, _check: Data, other: Data) -> bool:
        """Return whether the other check is that of the place."""
        return bool(other["id"] == f"roundtrip {self.name}")


@dataclass(frozen=True)
class Named:
    """What is reached by a name: the gateway as a target, a service, or the container of a release.

    Attributes:
        name: Of a service, or of a job of Prometheus.
        host: Where it is reached.
    """

    name: str
    host: str

    def is_met(self, _check: Data, other: Data) -> bool:
        """Return whether the other check is about it."""
        last = "".join(str(other["subject"]).split()[-1:])
        return (
            (other["name"] == "target" and last == self.name)
            or (kind(other) == self.name != "")
            or (other["name"] == "running" and last in (self.host, self.name))
        )


@dataclass(frozen=True)
class OffNetwork:
    """A release that is not connected to a network that it was deployed to."""

    def is_met(self, check: Data, other: Data) -> bool:
        """Return whether the other check tells so of the same release."""
        return off_network(other) and check["subject"] == other["subject"]


def off_network(check: Data) -> bool:
    """Return whether a check tells that a container has lost a network."""
    if check["code"] != "configuration.changed":
        return False
    differences = values(check).get("differences", ())
    actions = [values(each).get("action") for each in differences]
    codes = {each["code"] for each in (*differences, *actions) if isinstance(each, Mapping)}
    return not codes.isdisjoint(("drift.connect", "differs.not_connected"))
