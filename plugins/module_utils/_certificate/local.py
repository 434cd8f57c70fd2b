# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module certificate_local: a certificate authority in a directory, and what it signs."""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._failure import Failure, fail
from .._folder import Folder, open_folder
from . import sign
from .x509 import (
    CertificateError,
    days_left,
    fingerprint,
    load_chain,
    load_key,
    names_of,
    not_after,
    public_bytes,
    require_cryptography,
)

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

CA_KEY, CA, KEY, SERVER = "ca.key", "ca.crt", "server.key", "server.crt"
# The authority's key, certified by the keys that it has replaced, the last one first.
BEFORE = "before.crt"
MODES = {CA_KEY: 0o600, CA: 0o644, KEY: 0o600, SERVER: 0o644, BEFORE: 0o644}
LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
DNS_NAME = re.compile(rf"^(\*\.)?({LABEL}\.)*{LABEL}$")
LONGEST_NAME = 253  # characters, DNS
LONGEST_COMMON_NAME = 64  # characters, X.520


@dataclass
class Pair:
    """A key and its certificate; each may be missing."""

    key: Any = None
    certificate: Any = None
    # Further certificates of its file.
    chain: list[Any] = field(default_factory=list)


def run_module(module: AnsibleModule) -> None:
    """Run the module `certificate_local`."""
    require_cryptography(module)
    params = module.params
    path = Path(params["path"])
    try:
        names = check_names(params)
        with ExitStack() as opened:
            folder = _opened(opened, path, None if module.check_mode else 0o755)
            ca, server = _read(folder, path, CA_KEY, CA), _read(folder, path, KEY, SERVER)
            _check_ours(path, params, ca, server)
            bridges = _bridges(folder, path, ca)
            replaced = params["replace_ca"] and ca.certificate is not None
            reasons = dict(_reasons(params, names, ca, server, bridges, replaced))
            owners = list(_wrong_owners(folder, params))
            before = _described(ca, server)
            if folder and not module.check_mode:
                if replaced:
                    bridges = _replace(folder, ca, server, bridges)
                for name, content in _make(params, names, ca, server, bridges, reasons).items():
                    _write(folder, name, content)
                _own(folder, params)
    except Failure as error:
        fail(module, error)
    except OSError as error:
        message = f"{error}. Run the task with `become: true`, or take another path."
        fail(module, CertificateError("certificate.permission", message))
    result: dict[str, Any] = {
        "changed": bool(reasons or owners),
        "reasons": [*reasons.values(), *owners],
        "ca_certificate_path": str(path / CA),
        "certificate_path": str(path / SERVER),
        "key_path": str(path / KEY),
        **_facts(ca, server),
    }
    if module._diff:
        days = {CA: params["ca_days"], SERVER: params["days"]}
        made = {
            name: f"{name}: for {', '.join(names) if name == SERVER else 'signing'}, "
            f"valid for {days[name]} days ({reason})"
            for name, reason in reasons.items()
        }
        lists = before.values(), [*{**before, **made}.values(), *owners]
        texts = ["".join(f"{line}\n" for line in lines) for lines in lists]
        headers = {"before_header": str(path), "after_header": str(path)}
        result["diff"] = {**headers, "before": texts[0], "after": texts[1]}
    module.exit_json(**result)


def check_names(params: Mapping[str, Any]) -> list[str]:
    """Return the names of the certificate, sorted.

    Raises:
        CertificateError: `certificate.renew_days`, `certificate.names` or
            `certificate.common_name`.
    """
    if not 0 < params["renew_days"] < min(params["days"], params["ca_days"]):
        raise CertificateError(
            "certificate.renew_days",
            "renew_days: expected more than 0 and fewer than days and ca_days, else each run would "
            f"renew; seen: {params['renew_days']} of {params['days']} and {params['ca_days']}.",
        )
    if not params["names"]:
        raise CertificateError(
            "certificate.names", "names: expected at least one DNS name or address; seen: none."
        )
    for name in params["names"]:
        dns = len(name) <= LONGEST_NAME and DNS_NAME.match(name)
        if not sign.address(name) and not dns:
            raise CertificateError(
                "certificate.names",
                f"names: expected DNS names and addresses; seen: {name!r}.",
                name=name,
            )
    for option in ("common_name", "ca_common_name"):
        if len(params[option] or "") > LONGEST_COMMON_NAME:
            raise CertificateError(
                "certificate.common_name",
                f"{option}: expected at most {LONGEST_COMMON_NAME} characters.",
                option=option,
            )
    return sorted({str(sign.address(name) or name.lower()) for name in params["names"]})


def _opened(opened: ExitStack, path: Path, make: int | None) -> Folder | None:
    """Open the directory, which nobody else may be able to change; None if it is missing."""
    try:
        return opened.enter_context(open_folder(path, make))
    except FileNotFoundError:
        return None


def _there(folder: Folder | None) -> list[str]:
    return [name for name in folder.names() if name in MODES] if folder else []


def _read(folder: Folder | None, path: Path, key: str, certificate: str) -> Pair:
    pair, there = Pair(), _there(folder)
    if folder and key in there:
        pair.key = load_key(folder.read(key), str(path / key))
    if folder and certificate in there:
        chain = load_chain(folder.read(certificate), str(path / certificate))
        pair.certificate, pair.chain = chain[0], chain[1:]
        hint = "restore the right key, or move the files away. Nothing was changed."
        if pair.key is None:
            raise CertificateError(
                "certificate.key_missing",
                f"{path / certificate} is there without {key}: {hint}",
                name=path / certificate,
            )
        if public_bytes(pair.key) != public_bytes(pair.certificate):
            raise CertificateError(
                "certificate.other_key",
                f"{path / certificate} does not match {key}: {hint}",
                name=path / certificate,
            )
    return pair


def _check_ours(path: Path, params: Mapping[str, Any], ca: Pair, server: Pair) -> None:
    """Refuse certificates that come from another authority.

    Raises:
        CertificateError: `certificate.no_authority` or `certificate.other_issuer`.
    """
    hint = "take another path, or move the files away. Nothing was changed."
    ours = sign.name_of(params["ca_common_name"])
    if ca.certificate is not None:
        if not sign.is_authority(ca.certificate, ca.key):
            raise CertificateError(
                "certificate.no_authority",
                f"{path / CA}: expected a certificate authority with an EC key; seen: "
                f"{ca.certificate.subject.rfc4514_string()}, which is not one: {hint}",
                name=path / CA,
            )
        ours = ca.certificate.subject
    if server.certificate is not None and server.certificate.issuer != ours:
        raise CertificateError(
            "certificate.other_issuer",
            f"{path / SERVER}: expected a certificate issued by {ours.rfc4514_string()}; seen: "
            f"issued by {server.certificate.issuer.rfc4514_string()}: {hint}",
            name=path / SERVER,
        )


def _bridges(folder: Folder | None, path: Path, ca: Pair) -> list[Any]:
    """Return what leads from the authority to those that it has replaced, until it ends."""
    if folder is None or BEFORE not in _there(folder) or ca.key is None:
        return []
    found = load_chain(folder.read(BEFORE), str(path / BEFORE))
    # A run that was killed may have left one of a key that was never used.
    ours = public_bytes(found[0]) == public_bytes(ca.key)
    return [one for one in found if days_left(one) > 0] if ours else []


def _replace(folder: Folder, ca: Pair, server: Pair, bridges: list[Any]) -> list[Any]:
    """Give the authority a new key, which the old one certifies, and take the server's key away.

    Its clients trust the server all the time, whichever of the two they know. Each step leaves
    files that belong together, so a run that is killed is finished by the next one.
    """
    subject, key, days = ca.certificate.subject, sign.new_key(), days_left(ca.certificate)
    bridges = [sign.sign_authority(subject, key, days, ca.key), *bridges]
    _write(folder, BEFORE, b"".join(sign.certificate_pem(one) for one in bridges))
    for name in (SERVER, KEY, CA):
        folder.remove(name)
    _write(folder, CA_KEY, sign.key_pem(key))
    ca.key, server.key = key, None
    return bridges


def _write(folder: Folder, name: str, content: bytes) -> None:
    folder.write(name, content, MODES[name], (os.geteuid(), os.getegid()))


def _reasons(
    params: Mapping[str, Any],
    names: list[str],
    ca: Pair,
    server: Pair,
    bridges: list[Any],
    replaced: bool,
) -> Iterator[tuple[str, str]]:
    """Yield which certificates must be created, and why."""
    least = params["renew_days"]
    if ca.certificate is None:
        yield CA, "there is no certificate authority"
    elif replaced:
        yield CA, "the certificate authority is replaced"
    elif days_left(ca.certificate) < least:
        yield CA, f"the certificate authority has {days_left(ca.certificate):.1f} days left"
    if server.certificate is None:
        yield SERVER, "there is no server certificate"
    elif sorted(names_of(server.certificate)) != names:
        yield SERVER, "the names changed"
    elif sign.common_name_of(server.certificate.subject) != _common_name(params):
        yield SERVER, "the common name changed"
    elif replaced or ca.key is None or not sign.signed_by(server.certificate, ca.key):
        yield SERVER, "the certificate authority changed"
    elif server.chain != bridges:
        yield SERVER, "what leads to the authority before changed"
    elif days_left(server.certificate) < least:
        yield SERVER, f"the server certificate has {days_left(server.certificate):.1f} days left"


def _common_name(params: Mapping[str, Any]) -> str:
    return (params["common_name"] or params["names"][0])[:LONGEST_COMMON_NAME]


def _make(
    params: Mapping[str, Any],
    names: list[str],
    ca: Pair,
    server: Pair,
    bridges: list[Any],
    reasons: Mapping[str, str],
) -> dict[str, bytes]:
    """Sign what must be signed; return the files to write, in this order.

    Keys that are there stay: a run that is killed between two files leaves pairs that match, and
    clients that trust the authority still trust it after its renewal.
    """
    files = {}
    for pair, name in ((ca, CA_KEY), (server, KEY)):
        if pair.key is None:
            pair.key = sign.new_key()
            files[name] = sign.key_pem(pair.key)
    if CA in reasons:
        name = sign.name_of(params["ca_common_name"])
        subject = name if ca.certificate is None else ca.certificate.subject
        ca.certificate = sign.sign_authority(subject, ca.key, params["ca_days"])
        files[CA] = sign.certificate_pem(ca.certificate)
    if SERVER in reasons:
        subject, issuer = sign.name_of(_common_name(params)), ca.certificate.subject
        server.certificate = sign.sign_server(
            subject, names, server.key, params["days"], issuer, ca.key
        )
        files[SERVER] = b"".join(map(sign.certificate_pem, (server.certificate, *bridges)))
    return files


def _wanted_owners(
    folder: Folder | None, params: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Yield existing files with mode, owner and group; only our user may read the CA's key."""
    for name in _there(folder):
        status = folder.status(name)  # type: ignore[union-attr]
        owner, group = params["owner"], params["group"]
        if name == CA_KEY:
            owner, group = os.geteuid(), None
        owner = status.st_uid if owner is None else owner
        yield name, (MODES[name], owner, status.st_gid if group is None else group)


def _wrong_owners(folder: Folder | None, params: Mapping[str, Any]) -> Iterator[str]:
    for name, (mode, owner, group) in _wanted_owners(folder, params):
        status = folder.status(name)  # type: ignore[union-attr]
        if (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) != (mode, owner, group):
            yield f"{name}: mode {mode:04o}, owner {owner}:{group}"


def _own(folder: Folder, params: Mapping[str, Any]) -> None:
    for name, (mode, owner, group) in _wanted_owners(folder, params):
        handle = folder.open(name, os.O_RDONLY)
        try:
            os.fchown(handle, owner, group)
            os.fchmod(handle, mode)
        finally:
            os.close(handle)


def _described(ca: Pair, server: Pair) -> dict[str, str]:
    """Return one line per certificate."""
    lines = {}
    for name, pair in ((CA, ca), (SERVER, server)):
        if pair.certificate is not None:
            about = ", ".join(names_of(pair.certificate)) or "signing"
            lines[name] = f"{name}: for {about}, valid until {not_after(pair.certificate):%Y-%m-%d}"
    return lines


def _facts(ca: Pair, server: Pair) -> dict[str, Any]:
    """Return the module's facts about the certificates; in check mode, about existing ones."""
    facts: dict[str, Any] = {}
    for prefix, pair in (("ca_", ca), ("", server)):
        certificate = pair.certificate
        there = certificate is not None
        facts |= {
            f"{prefix}certificate": sign.certificate_pem(certificate).decode() if there else "",
            f"{prefix}fingerprint": fingerprint(certificate) if there else "",
            f"{prefix}not_after": f"{not_after(certificate):%Y-%m-%dT%H:%M:%SZ}" if there else "",
            f"{prefix}days_left": math.floor(days_left(certificate)) if there else 0,
        }
    return facts
