# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module traefik_config: try the set in a temporary Traefik, compare it with what is served."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._certificate.x509 import CertificateError, require_cryptography
from .._http.answer import understood
from .._http.session import HttpError, Options, Session
from . import transaction
from .connection import Connection, connection
from .container import connect, one_off, text
from .directory import ConfigError, FileSet
from .server import POLL, NotLoaded, prove_within
from .traefik_certificates import Served, certificates_of, check_hosts, presented
from .traefik_objects import RAW, Objects, documents, faults_of, mismatch, missing, objects_of

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

SETTLE = 6.0  # seconds: Traefik waits 2 s between two configurations
TRIAL = 20.0  # seconds that the temporary Traefik may take to load the set
API_PORT = 8099  # API of that Traefik, apart from all entry points
FIRST_PORT = 10000  # its first entry point
LOAD_FAILED = ("file configs", "Cannot start the provider", "Error while building configuration")


def run_module(module: AnsibleModule) -> None:
    """Run the module `traefik_config`."""
    require_cryptography(module)
    params = module.params
    mount_path = params["mount_path"].rstrip("/")

    def examine(wanted: FileSet) -> None:
        try:
            parsed = documents(wanted)
            served = certificates_of(parsed, wanted, mount_path)
            warnings = check_hosts(objects_of(parsed), served)
        except CertificateError as error:
            raise ConfigError(error.code, f"certificates: {error}", **error.values) from error
        for warning in warnings:
            module.warn(warning)

    def validate(wanted: FileSet, staging: Path) -> None:
        _try_out(params, objects_of(documents(wanted)), staging, mount_path)

    at = connection(module, mount_path)
    server = TraefikServer(at, params["tls_address"]) if at else None
    transaction.run(module, examine, validate, server)


def _try_out(params: Mapping[str, Any], wanted: Objects, staging: Path, mount_path: str) -> None:
    """Load the set into a temporary Traefik without traffic.

    Raises:
        ConfigError: `config.refused`: Traefik cannot use the set.
    """
    command = [
        "traefik",
        f"--providers.file.directory={mount_path}",
        "--api.insecure=true",
        "--api.dashboard=false",
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.level=ERROR",
        f"--entrypoints.traefik.address=:{API_PORT}",
        *(
            f"--entrypoints.{name}.address=:{FIRST_PORT + index}"
            for index, name in enumerate(params["entry_points"])
        ),
    ]
    port = f"{API_PORT}/tcp"
    with (
        one_off(
            connect(params["docker_host"]),
            params["image"],
            command,
            staging,
            mount_path,
            Path(params["path"]),
            (params["owner"], params["group"]),
            network_mode="bridge",
            ports={port: ("127.0.0.1", None)},
        ) as container,
        Session(Options(timeout=2, retries=0)) as session,
    ):
        deadline = time.monotonic() + TRIAL
        problem = "it did not start"
        while time.monotonic() < deadline:
            time.sleep(POLL / 2)
            container.reload()
            log = text(container.logs())
            if container.status == "exited" or any(words in log for words in LOAD_FAILED):
                raise _refused(params, log)
            bound = (container.ports or {}).get(port)
            if not bound:
                continue
            try:
                url = f"http://127.0.0.1:{bound[0]['HostPort']}/api/rawdata"
                loaded = session.get_json(url, RAW)
            except HttpError as error:
                problem = str(error)
                continue
            absent = missing(wanted, loaded)
            if not absent:
                faults = faults_of(wanted, loaded, alone=True)
                if faults:
                    raise _refused(params, "\n".join(faults))
                return
            problem = f"not loaded: {', '.join(absent)}"
        raise _refused(params, f"after {TRIAL:g} s: {problem}\n{text(container.logs())}")


def _refused(params: Mapping[str, Any], says: str) -> ConfigError:
    return ConfigError(
        "config.refused",
        f"Traefik refuses the configuration; nothing was written to {params['path']}. A Traefik of "
        f"its own, in {params['image']} with the entry points {', '.join(params['entry_points'])}, "
        f"says:\n{says}",
        program="traefik",
        output=says,
    )


class TraefikServer:
    """The running Traefik; see `server.Server`. It watches the directory by itself."""

    def __init__(self, at: Connection, tls_address: str | None) -> None:
        self._at, self._tls_address = at, tls_address

    def absent(self, patience: float) -> str:
        """Return why no server that reads the directory answers; empty if one does."""
        return self._at.absent("/api/version", patience)

    def reload(self) -> None:
        """Touch the YAML files, so that Traefik sees a change even if it missed one.

        It watches the directory itself, not those below it.
        """
        self._at.directory.touch()

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Compare what Traefik serves with the set.

        Source: Traefik API, GET /api/rawdata and /api/certificates.

        Returns:
            The names in each section, for example `routers`, and `certificates` (SHA-256 digests).

        Raises:
            NotLoaded: `server.other_config`, `server.faults`, `server.certificate_missing`,
                `server.no_tls` or `server.other_certificate`.
        """
        return prove_within(patience, lambda: self._prove_now(wanted), SETTLE)

    def _prove_now(self, wanted: FileSet) -> dict[str, Any]:
        with understood(self._at.url):
            return self._contents(wanted)

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        parsed = documents(wanted)
        objects, url = objects_of(parsed), self._at.url
        loaded = self._at.session.get_json(f"{url}/api/rawdata", RAW)
        problem = mismatch(objects, loaded, self._at.mount_path)
        if problem:
            raise NotLoaded(
                "server.other_config",
                f"Traefik at {url} runs another configuration than {self._at.directory.path}: "
                f"{problem}. Likely it does not watch this directory, or its own log says why it "
                "kept the old one.",
                settles=True,
                url=url,
                differences=problem,
            )
        faults = faults_of(objects, loaded)
        if faults:
            raise NotLoaded(
                "server.faults",
                f"Traefik at {url} loaded what it cannot serve: {'; '.join(faults)}.",
                settles=True,
                faults=faults,
            )
        served = certificates_of(parsed, wanted, self._at.mount_path)
        self._prove_certificates(served)
        return {
            **{section: sorted(bodies) for section, bodies in objects.items() if bodies},
            "certificates": sorted(one.fingerprint for one in served),
        }

    def _prove_certificates(self, served: list[Served]) -> None:
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
