# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates in Traefik's configuration: whether they fit the routers and are presented."""

from __future__ import annotations

import hashlib
import posixpath
import re
import ssl
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._certificate.chain import check_given
from .._certificate.x509 import (
    CertificateError,
    covers,
    days_left,
    days_of,
    fingerprint,
)
from .._certificate.x509 import names_of as names_in
from .._deadline import tls
from .directory import FileSet, names_of
from .options import texts
from .server import NotLoaded

# A certificate with fewer days left is warned about, or with less than this part of its life.
WARN_DAYS, WARN_PART = 14, 1 / 3
HOST_RULE = re.compile(r"(?<![A-Za-z])Host\(([^)]*)\)")
PARTS = re.compile(r"`[^`]*`|\"[^\"]*\"|[()!]|[^`\"()!]+")
QUOTED = re.compile(r"[`'\"]([^`'\"]+)[`'\"]")


@dataclass(frozen=True)
class Served:
    """A certificate of the set: its file, host names, SHA-256 digest and days left."""

    label: str
    names: tuple[str, ...]
    fingerprint: str
    days_left: float
    life: float  # in days, from its first to its last


@dataclass(frozen=True)
class Certificates:
    """The certificates that the files of a set name.

    Args:
        complete: There are no others that we cannot see: in files elsewhere in the container, or
            in files of the set that cannot be read (Go templates, TOML).
    """

    served: list[Served]
    complete: bool

    @classmethod
    def of(cls, wanted: FileSet, mount_path: str) -> Certificates:
        """Return those of a set, without duplicates.

        Raises:
            CertificateError: `certificate.file_missing`, or one of `check_given`.
        """
        found, complete = {}, not names_of(wanted, (".toml",))
        for file in names_of(wanted, (".yml", ".yaml")):
            content = wanted[file].content or b""
            parsed = texts(content)
            if not isinstance(parsed, dict):
                complete = complete and not content.strip()
                continue
            for pair in _pairs(parsed):
                certificate = _content(file, pair, "certfile", wanted, mount_path)
                key = _content(file, pair, "keyfile", wanted, mount_path)
                if certificate is None or key is None:
                    complete = False
                    continue
                chain = check_given(certificate[1], key[1], (certificate[0], key[0]))
                print_, names = fingerprint(chain.path[0]), tuple(names_in(chain.path[0]))
                first = chain.earliest()
                left, life = days_left(first), days_of(first)
                found[print_] = Served(certificate[0], names, print_, left, life)
        return cls(list(found.values()), complete)

    def warnings(self) -> list[str]:
        """Return a warning for each certificate that expires soon."""
        return [
            f"{one.label} (for {', '.join(one.names)}) expires in {one.days_left:.1f} days"
            for one in self.served
            if one.days_left < min(WARN_DAYS, one.life * WARN_PART)
        ]


def _at(content: Any, *keys: str) -> Any:
    """Return what stands below keys, which Traefik reads in any case; None if nothing does."""
    for wanted in keys:
        pairs = content.items() if isinstance(content, dict) else ()
        content = next((value for key, value in pairs if str(key).lower() == wanted), None)
    return content


def _pairs(content: Any) -> Iterator[dict[str, Any]]:
    """Yield the pairs of files; what has another shape is Traefik's to refuse."""
    listed, stores = (_at(content, "tls", key) for key in ("certificates", "stores"))
    for pair in (
        *(listed if isinstance(listed, list) else ()),
        *(_at(one, "defaultcertificate") for one in _values(stores)),
    ):
        if isinstance(pair, dict):
            yield {str(key).lower(): value for key, value in pair.items()}


def _values(content: Any) -> Iterable[Any]:
    return content.values() if isinstance(content, dict) else ()


def _content(
    file: str, pair: Mapping[str, Any], key: str, wanted: FileSet, mount_path: str
) -> tuple[str, bytes] | None:
    """Return a label and the PEM text, from the file itself or from another one of the set.

    None if it is a file elsewhere in the container, or no name at all.
    """
    value = pair.get(key, "")
    if not isinstance(value, str):
        return None
    if "-----BEGIN" in value:
        return f"{file} ({key})", value.encode()
    path = posixpath.normpath(value)
    if "{{" in value or (value and not path.startswith(f"{mount_path}/")):
        return None
    entry = wanted.get(path[len(mount_path) + 1 :])
    if entry is None or entry.content is None:
        raise CertificateError(
            "certificate.file_missing",
            f"{file}: expected {key} to name a file of the set, below {mount_path}/; "
            f"seen: {value or 'none'}.",
            option=key,
            name=value,
        )
    return path[len(mount_path) + 1 :], entry.content


def check_hosts(
    routers: Mapping[str, Any], certificates: Certificates, resolved: Collection[str] = ()
) -> list[str]:
    """Return warnings about hosts without a certificate.

    Args:
        routers: As Traefik shows them, by name.
        resolved: Names for which Traefik has certificates made; it presents them on any router.

    Raises:
        CertificateError: `certificate.other_names`: no certificate is valid for a router's host.
    """
    warnings: list[str] = []
    for name, router in routers.items() if certificates.complete else ():
        tls = router.get("tls")
        if tls is None or tls.get("certResolver"):
            continue
        for host in hosts_of(router.get("rule") or ""):
            if any(covers(list(one.names), host) for one in certificates.served):
                continue
            if covers(list(resolved), host):
                continue
            if certificates.served:
                names = ", ".join(sorted({n for one in certificates.served for n in one.names}))
                raise CertificateError(
                    "certificate.other_names",
                    f"router {name}: expected a certificate for {host}; seen: certificates for "
                    f"{names or 'no name at all'}. Clients would refuse the one that is presented.",
                    router=name,
                    host=host,
                )
            warnings.append(
                f"router {name}: no certificate for {host} is in the set; Traefik presents one "
                "that it made itself, unless it gets one elsewhere"
            )
    return warnings


def resolved_names(routers: Mapping[str, Any]) -> set[str]:
    """Return the names for which routers have certificates made by a resolver.

    Args:
        routers: As Traefik shows them, by name.
    """
    found: set[str] = set()
    for router in routers.values():
        tls = router.get("tls") or {}
        if tls.get("certResolver"):
            for domain in tls.get("domains") or ():
                found |= {str(domain.get("main")), *map(str, domain.get("sans") or ())}
            found |= set() if tls.get("domains") else {*hosts_of(router.get("rule") or "")}
    return found


def hosts_of(rule: str) -> list[str]:
    """Return the names in the `Host` matchers of a router's rule that are not negated."""
    kept = "".join(_affirmed(rule))
    return [host for group in HOST_RULE.findall(kept) for host in QUOTED.findall(group)]


def _affirmed(rule: str) -> Iterator[str]:
    """Yield the parts of a rule that are not negated: neither a matcher nor a group after `!`."""
    depth, negated, until = 0, False, -1  # until: the depth at which a negated group ends
    for part in PARTS.findall(rule):
        if part == "!":
            negated = until < 0 and not negated
            continue
        if part == "(":
            until = depth if negated and until < 0 else until
            depth += 1
        if until < 0 and not negated:
            yield part
        if part == ")":
            depth -= 1
            if depth == until:
                negated, until = False, -1


def presented(address: str, served: list[Served], timeout: float) -> None:
    """Make a TLS handshake for each name of the set.

    Args:
        address: `host:port`.
        timeout: Seconds for each handshake.

    Raises:
        NotLoaded: `server.no_tls`, or `server.other_certificate`: it is not one of the set.
    """
    host, _colon, port = address.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Which certificate is asked here, not whether it is trusted.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for name in sorted({name for one in served for name in one.names}):
        if ":" in name or name.replace(".", "").isdecimal():
            continue  # an address is never sent as the server's name
        asked = name.replace("*", "any", 1)
        right = [one for one in served if covers(list(one.names), asked)]
        try:
            with tls(context, host, int(port), asked, timeout) as secure:
                der = secure.getpeercert(binary_form=True) or b""
        except (OSError, ValueError) as error:
            raise NotLoaded(
                "server.no_tls",
                f"no TLS handshake with {address} for {asked}: {error}.",
                settles=True,
                address=address,
                name=asked,
            ) from error
        seen = hashlib.sha256(der).hexdigest()
        if seen not in {one.fingerprint for one in right}:
            raise NotLoaded(
                "server.other_certificate",
                f"{address} presents another certificate for {asked} (SHA-256 {seen[:16]}…) than "
                f"{' or '.join(one.label for one in right)} ({right[0].fingerprint[:16]}…).",
                settles=True,
                name=asked,
                fingerprint=seen,
            )
