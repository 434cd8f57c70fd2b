# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module traefik_config: one aside loads the set, and the running one must serve the same."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._certificate.x509 import (
    CRYPTOGRAPHY_IMPORT_ERROR,
    CertificateError,
    require_cryptography,
)
from .._http.answer import understood
from .._http.session import HttpError, Session
from . import transaction
from .aside import CLOSED, Aside, Unjudged, started
from .connection import Connection, connection
from .directory import YAML_LIKE, ConfigError, FileSet, names_of
from .rehearsal import Rehearsal, Words
from .server import POLL, NotLoaded, prove_within
from .traefik_certificates import Certificates, check_hosts, presented, resolved_names
from .traefik_objects import (
    RAW,
    arguments_for,
    faults_of,
    log_entries,
    own,
    received,
    said_of,
    twice,
)

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

SETTLE = 6.0  # seconds: Traefik waits 2 s between two configurations
TRIAL = 20.0  # seconds that the one aside may take to load the set
FIRST_PORT = 10000  # its first entry point
LOAD_FAILED = ("file configs", "Cannot start the provider", "Error while building configuration")
ENTRY_POINTS = [{"name": str, "address": str, "http?": dict}]
VERSION = {"Version": str}


def run_module(module: AnsibleModule) -> None:
    """Run the module `traefik_config`."""
    if not module.check_mode:
        require_cryptography(module)
    mount_path = module.params["mount_path"].rstrip("/")

    def examine(wanted: FileSet) -> None:
        if not names_of(wanted, YAML_LIKE):
            raise ConfigError(
                "config.no_yaml_file", "files: expected at least one YAML file; seen: none."
            )
        if CRYPTOGRAPHY_IMPORT_ERROR:
            module.warn("not judged: the certificates, as Python's cryptography is not there yet")
            return
        try:
            certificates = Certificates.of(wanted, mount_path)
        except CertificateError as error:
            raise ConfigError(error.code, f"certificates: {error}", **error.values) from error
        for warning in certificates.warnings():
            module.warn(warning)

    at = connection(module, mount_path)
    rehearsal = TraefikRehearsal(module, mount_path, at)
    server = TraefikServer(at, rehearsal, module.params["tls_address"]) if at else None
    transaction.run(module, examine, rehearsal.check, server)


def words_of_server(session: Session, url: str) -> tuple[Words, Mapping[str, Any]]:
    """Return what a Traefik says that it has loaded from files, and its whole answer.

    Source: Traefik API, GET /api/version and /api/rawdata.
    """
    version = session.get_json(f"{url}/api/version", VERSION)["Version"]
    raw = session.get_json(f"{url}/api/rawdata", RAW)
    return {"version": version, "objects": said_of(raw)}, raw


class TraefikRehearsal(Rehearsal):
    """A Traefik without providers but files, with the entry points of the running one."""

    program = "traefik"
    templates = True
    settling = SETTLE - 1

    def _rehearse(self, wanted: FileSet, staging: Path, new: bool) -> Words:
        command = [
            self.program,
            f"--providers.file.directory={self._mount_path}",
            "--api.insecure=true",
            "--api.dashboard=false",
            "--global.checknewversion=false",
            "--global.sendanonymoususage=false",
            "--log.level=DEBUG",
            "--log.format=json",
            *self._entry_points(),
        ]
        container = self._at.container if self._at else None
        record = (container.record() if container else None) or {}
        with started(
            self._params,
            command,
            "--entrypoints.traefik.address={}",
            staging,
            self._mount_path,
            environment=list(record.get("Config", {}).get("Env") or []),  # files may ask for it
        ) as aside:
            log = self._wait(aside)
            words, raw = words_of_server(aside.session, aside.url)
        faults = faults_of(raw, alone=True)
        if faults:
            raise self._refused("\n".join(faults))
        again = twice(log)
        if again:
            raise ConfigError(
                "config.twice",
                f"{again[1]}: {again[0]} is in another file as well; Traefik would ignore one.",
                name=again[0],
            )
        if new:
            self._certify(wanted, raw)
        return words

    def _entry_points(self) -> list[str]:
        """Return arguments for the entry points of the running server, else of the options.

        Source: Traefik API, GET /api/entrypoints.
        """
        points: list[Mapping[str, Any]] = [
            {"name": name, "address": ""} for name in self._params["entry_points"]
        ]
        more: list[str] = []
        if self._at:
            try:
                url = f"{self._at.url}/api/entrypoints"
                points = self._at.session.get_json(url, ENTRY_POINTS, retries=0)
                more = arguments_for(points)
            except HttpError:
                pass
        addresses = [
            f"--entrypoints.{point['name']}.address=:{FIRST_PORT + index}"
            f"{'/udp' if point['address'].endswith('/udp') else ''}"
            for index, point in enumerate(points)
            if point["name"] != "traefik"
        ]
        return [*addresses, *more]

    def _wait(self, aside: Aside) -> str:
        """Return its log once it has loaded all that it has read."""
        deadline = time.monotonic() + TRIAL
        seen = "it has not read the files"
        while time.monotonic() < deadline:
            aside.container.reload()
            log = aside.log()
            if aside.container.status == "exited" or any(words in log for words in LOAD_FAILED):
                raise self._refused(_worst(log))
            names = received(log)
            if names is not None:
                try:
                    objects = own(aside.session.get_json(f"{aside.url}/api/rawdata", RAW))
                    loaded = {(section, name) for section in objects for name in objects[section]}
                    if {n for n in names if not _derived(n, loaded)} <= loaded:
                        return log
                    seen = "it has not loaded what it has read"
                except (HttpError, OSError) as error:
                    seen = str(error)
                    if isinstance(error, OSError):
                        deadline = min(deadline, time.monotonic() + CLOSED)
            time.sleep(POLL / 2)
        raise Unjudged(f"a traefik of {self._params['image']} started aside: {seen}")

    def _refused(self, says: str) -> ConfigError:
        return ConfigError(
            "config.refused",
            f"Traefik refuses the configuration; nothing was written to {self._params['path']}. "
            f"One of {self._params['image']}, started aside with it, says:\n{says}",
            program="traefik",
            output=says,
        )

    def _certify(self, wanted: FileSet, raw: Mapping[str, Any]) -> None:
        if self._params.get("certificate_foreseen"):
            return
        certificates = Certificates.of(wanted, self._mount_path)
        try:
            resolved = resolved_names({**self._running_routers(), **(raw.get("routers") or {})})
            warnings = check_hosts(own(raw)["routers"], certificates, resolved)
        except CertificateError as error:
            raise ConfigError(error.code, f"certificates: {error}", **error.values) from error
        for warning in warnings:
            self._module.warn(warning)

    def _running_routers(self) -> Mapping[str, Any]:
        """Return the running server's routers, also of other providers; empty if there is none.

        Source: Traefik API, GET /api/rawdata.
        """
        if self._at is None:
            return {}
        try:
            raw = self._at.session.get_json(f"{self._at.url}/api/rawdata", RAW, retries=0)
        except HttpError:
            return {}
        found: Mapping[str, Any] = raw.get("routers") or {}
        return found

    def _blind(self, wanted: FileSet, places: list[str]) -> str:  # noqa: ARG002
        if self._at and not self._at.container:
            for name in names_of(wanted, YAML_LIKE):
                if b"{{" in (wanted[name].content or b""):
                    return f"{name} has Go templates, which depend on the server's environment"
        return ""


def _derived(name: tuple[str, str], loaded: set[tuple[str, str]]) -> bool:
    """Return whether Traefik has made routers of its own of this one, by their entry points."""
    return any(one[0] == name[0] and one[1].endswith(f"-{name[1]}") for one in loaded)


def _worst(log: str) -> str:
    """Return what a log says that is wrong, or all of it."""
    found = [
        f"{entry['message']}: {entry['error']}" if entry.get("error") else str(entry["message"])
        for entry in log_entries(log)
        if entry.get("level") in ("error", "fatal", "panic")
    ]
    return "\n".join(found) or log


class TraefikServer:
    """The running Traefik; see `server.Server`. It watches the directory by itself."""

    def __init__(self, at: Connection, rehearsal: Rehearsal, tls_address: str | None) -> None:
        self._at, self._rehearsal, self._tls_address = at, rehearsal, tls_address

    def absent(self, patience: float) -> str:
        """Return why no server that reads the directory answers; empty if one does."""
        return self._at.absent("/api/version", patience)

    def reload(self) -> None:
        """Touch the files, so that Traefik sees a change even if it missed one.

        It watches the directory itself, not those below it.
        """
        self._at.directory.touch()

    def installed(self) -> None:
        """Take note that the set that was checked is in place."""
        self._rehearsal.installed()

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Compare what Traefik serves with what one aside makes of the set.

        Source: Traefik API, GET /api/rawdata and /api/certificates.

        Returns:
            The names in each section, for example `routers`, `certificates` (SHA-256 digests) and
            `warnings`.

        Raises:
            NotLoaded: `server.other_config`, `server.faults`, `server.certificate_missing`,
                `server.no_tls` or `server.other_certificate`.
        """
        return prove_within(patience, lambda: self._prove_now(wanted), SETTLE)

    def _prove_now(self, wanted: FileSet) -> dict[str, Any]:
        with understood(self._at.url):
            return self._contents(wanted)

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        words, raw = words_of_server(self._at.session, self._at.url)
        warnings = self._rehearsal.judge(wanted, words)
        faults = faults_of(raw)
        if faults:
            raise NotLoaded(
                "server.faults",
                f"Traefik at {self._at.url} loaded what it cannot serve: {'; '.join(faults)}.",
                settles=True,
                faults=faults,
            )
        certificates = Certificates.of(wanted, self._at.mount_path)
        self._prove_certificates(certificates)
        return {
            **{section: sorted(bodies) for section, bodies in words["objects"].items()},
            "certificates": sorted(one.fingerprint for one in certificates.served),
            "warnings": warnings,
        }

    def _prove_certificates(self, certificates: Certificates) -> None:
        served = certificates.served
        answer = self._at.session.get(f"{self._at.url}/api/certificates", expected=(200, 404))
        if answer.status == 200:  # 3.7 and newer
            known = {one.get("certFingerprint") for one in answer.json([{"certFingerprint?": str}])}
            for one in served:
                if one.fingerprint not in known:
                    raise NotLoaded(
                        "server.certificate_missing",
                        f"Traefik at {self._at.url} has not loaded {one.label}.",
                        settles=True,
                        name=one.label,
                    )
        if self._tls_address:
            presented(self._tls_address, served, self._at.session.options.timeout)
