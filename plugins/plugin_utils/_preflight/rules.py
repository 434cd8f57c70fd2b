# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for variables that several roles have. Each yields the faults of what it checks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...module_utils._certificate.chain import authorities, check_given
from ...module_utils._certificate.x509 import (
    CRYPTOGRAPHY_IMPORT_ERROR,
    CertificateError,
    covers,
    names_of,
)
from ...module_utils._http.error import HttpError
from ...module_utils._http.options import check_url
from ...module_utils._release.readers import read_memory
from .._fleet.inventory import is_managed
from .fault import VAULT, Fault, some

# By these labels a drill, or the pings of a validation, are told from what is real.
OURS = re.compile(r"drill([-_].*)?|validation")
HOST_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9.-]*")
DEEP_PATH = re.compile(r"/[^/]+/[^/]+.*")
VISIBLE = re.compile(r"[!-~]+")
_TARGET = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):([0-9]{1,5})")

# Durations as flags of programs take them: Go's, and Prometheus's, whose units descend.
GO_DURATION = re.compile(r"0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|ms|s|m|h))+")
DURATION = re.compile(
    r"0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?", re.ASCII
)
# Flags of containers, with what they are like.
FLAGS = {
    "alertmanager_retention": (GO_DURATION, "120h"),
    "prometheus_retention": (DURATION, "15d"),
    "pushgateway_persistence_interval": (GO_DURATION, "30s"),
}

CA_PATH = "observability_ca_path"
# The controller, by its names.
LOCAL = ("localhost", "127.0.0.1", "::1")

Variables = Mapping[str, Any]


def listens(v: Variables, address: str, *ports: str, private: bool = False) -> Iterator[Fault]:
    """Check an IP address of the host, and ports.

    Args:
        private: The address must not be reachable from outside.
    """
    try:
        seen = ipaddress.ip_address(str(v[address]))
    except ValueError:
        expected = "an IP address of the host (0.0.0.0 for all)"
        yield Fault("address.invalid", address, expected, repr(v[address]))
    else:
        if private and (seen.is_unspecified or seen.is_global):
            expected = "a loopback or private address, since this must not be public"
            yield Fault("address.public", address, expected, repr(v[address]))
    for name in ports:
        yield from port(v, name)


def port(v: Variables, name: str, lowest: int = 1) -> Iterator[Fault]:
    """Check a port; `lowest` is 0 if it may stay unpublished."""
    value = v[name]
    try:
        fine = lowest <= int(value) <= 65535 and not isinstance(value, (bool, float))
    except (TypeError, ValueError):
        fine = False
    if not fine:
        yield Fault("port.invalid", name, f"a port from {lowest} to 65535", repr(value))


def urls(v: Variables, *names: str, optional: Collection[str] = ()) -> Iterator[Fault]:
    """Check URLs: http or https, without credentials."""
    for name in names:
        if v[name] or name not in optional:
            yield from url(name, v[name])


def url(variable: str, value: Any) -> Iterator[Fault]:
    """Check one URL; `variable` is where it stands."""
    try:
        check_url(str(value))
    except HttpError as error:
        # The text before an @ may be a password, even if the rest is no URL.
        seen = "user name or password inside it (not shown)" if "@" in str(value) else error.seen
        expected = "http:// or https://, a host, perhaps a port and a path"
        yield Fault("url.invalid", variable, expected, seen)


def shown(value: Any) -> str:
    """Return what may be shown of a URL: nothing if a password may be inside it."""
    return "text with an @ (not shown)" if "@" in str(value) else repr(str(value))


def targets(v: Variables, *names: str, optional: Collection[str] = ()) -> Iterator[Fault]:
    """Check ``host:port``, or a list of them."""
    for name in names:
        value = v[name]
        if not value and name in optional:
            continue
        for each in map(str, value if isinstance(value, (list, tuple)) else [value]):
            found = _TARGET.fullmatch(each)
            if not (found and 1 <= int(found.group(2)) <= 65535):
                expected = "host:port, the port from 1 to 65535"
                yield Fault("target.invalid", name, expected, shown(each))


def container(v: Variables, role: str) -> Iterator[Fault]:
    """Check what only the container of a role gets: of an existing service, nothing uses it."""
    if not is_managed(v, role):
        return
    name = f"{role}_memory"
    if name in v:
        try:
            read_memory(str(v[name] or 0))
        except ValueError:
            expected = "a size such as 256m or 1.5g, at least 6m"
            yield Fault("value.invalid", name, expected, repr(v[name]))
    for flag, (form, such_as) in FLAGS.items():
        if flag.startswith(f"{role}_"):
            yield from duration(flag, v[flag], form, such_as)


def duration(
    name: str, value: Any, form: re.Pattern[str] = DURATION, such_as: str = "5m"
) -> Iterator[Fault]:
    """Check a duration; `name` is where it stands."""
    if not form.fullmatch(str(value)):
        yield Fault("duration.invalid", name, f"a duration such as {such_as}", repr(value))


def matches(
    v: Variables, name: str, pattern: str, expected: str, secret: bool = False
) -> Iterator[Fault]:
    """Check that a text matches a regular expression.

    Args:
        expected: The form in words.
        secret: The text must not be shown.
    """
    if not re.fullmatch(pattern, str(v[name])):
        shown_value = "something else (not shown)" if secret else repr(v[name])
        seen = "nothing" if v[name] in ("", None) else shown_value
        yield Fault("value.invalid", name, expected, seen, VAULT if secret else "")


def host_name(v: Variables, name: str) -> Iterator[Fault]:
    """Check the name of a host, which is a label of everything that it pushes."""
    if not HOST_NAME.fullmatch(str(v[name])):
        yield Fault("name.invalid", name, "a host name, not an address", repr(v[name]))
    yield from not_ours(v, name)


def not_ours(v: Variables, name: str) -> Iterator[Fault]:
    """Check that a label is none of those by which drills and validations are told apart."""
    if OURS.fullmatch(str(v[name])):
        expected = "a name other than drill, drill-…, drill_… and validation, which mark test data"
        yield Fault("name.reserved", name, expected, repr(v[name]))


def host(v: Variables, name: str) -> Iterator[Fault]:
    """Check that a variable names a host of the inventory, or the controller."""
    hosts = v["groups"].get("all", ())
    if hosts and str(v[name]) not in (*LOCAL, *hosts):
        yield Fault("reference.unknown", name, f"one of {some(hosts)}", str(v[name]))


def once(variable: str, values: Iterable[Any]) -> Iterator[Fault]:
    """Check that values differ."""
    known = list(values)
    twice = sorted({str(value) for value in known if known.count(value) > 1})
    if twice:
        yield Fault("name.twice", variable, "each name once", f"{', '.join(twice)} twice")


def pair(v: Variables, one: str, other: str) -> Iterator[Fault]:
    """Check that two variables are either both set or both empty."""
    if bool(v[one]) != bool(v[other]):
        given, missing = (one, other) if v[one] else (other, one)
        yield Fault(
            "pair.incomplete", missing, f"a value beside {given}, or neither", "empty", VAULT
        )


def login(v: Variables, prefix: str) -> Iterator[Fault]:
    """Check how an existing server is asked: by a user with a password, by a token, or without."""
    user, token = f"{prefix}_username", f"{prefix}_bearer_token"
    yield from pair(v, user, f"{prefix}_password")
    if v[user] and v[token]:
        yield Fault("credentials.twice", token, f"none beside {user}", "both", VAULT)


def deep_path(v: Variables, name: str) -> Iterator[Fault]:
    """Check a directory that belongs to the collection as a whole: it must not be a system's."""
    if not DEEP_PATH.fullmatch(str(v[name])):
        expected = "an absolute path of two levels or more"
        yield Fault("path.invalid", name, expected, repr(v[name]))


def certificate(
    variable: str, chain: str, key: str, names: Iterable[str] = (), ca_path: object = ""
) -> Iterator[Fault]:
    """Check a chain of certificates, its key and the host names that it must cover (PEM).

    Args:
        ca_path: The authorities of those who will ask, if the controller has that file.
    """
    expected = "a certificate that is valid today, its intermediates, and its key"
    if CRYPTOGRAPHY_IMPORT_ERROR is not None:
        seen = "no Python library cryptography on the controller, which reads it"
        yield Fault("certificate.no_cryptography", variable, expected, seen)
        return
    labels = ("the certificate", "the key")
    try:
        known = bool(ca_path) and Path(str(ca_path)).is_file()
        trusted = [*(authorities(str(ca_path)) if known else []), *authorities()]
        given = check_given(chain.encode(), key.encode(), labels, trusted, known)
    except CertificateError as error:
        yield Fault(error.code, variable, expected, str(error).rstrip("."))
        return
    except OSError as error:
        yield Fault("certificate.authorities", "observability_ca_path", "certificates", str(error))
        return
    leaf = given.path[0]
    has = names_of(leaf)
    for name in names:
        if not covers(has, name):
            seen = f"one for {', '.join(has)}"
            yield Fault("certificate.name", variable, f"a certificate for {name}", seen)
