# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module container_services: several services of a host, one after the other, in one run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._docker.client import client_of, describe_error
from .._failure import Failure, fail
from .._folder import open_folder
from .._release.module import converge
from .._release.store import kept_in
from .._signals import ending
from .options import Service, read_services
from .part import Part, ended

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def run_module(module: AnsibleModule) -> None:
    """Run the module `container_services`."""
    with ending():
        module.exit_json(**services_in_state(module, module.params["state"]))


def services_in_state(module: AnsibleModule, state: str) -> dict[str, Any]:
    """Ensure the state of the services, and return what the module returns; fail it if one fails.

    Args:
        module: A module with the options of `container_services`.
        state: The option of the same name, which the module need not have.
    """
    run = _Run(module, module.check_mode or state == "planned")
    try:
        services = read_services(module)
        for path in module.params["private_directories"]:
            run.make_private(path)
        if state == "planned":
            _plan(run, services)
        else:
            for service in services:
                run.ensure(service, state)
    except Failure as error:
        fail(module, error, **run.result(state))
    for warning in dict.fromkeys(run.warnings):
        module.warn(warning)
    return run.result(state)


def _plan(run: _Run, services: list[Service]) -> None:
    """Foresee what each service needs; tell all that prevents it at once."""
    failures = []
    for service in services:
        try:
            run.ensure(service, "present")
        except Failure as error:
            failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise Failure(
            "services.refused",
            "\n".join(map(str, failures)),
            codes=[error.code for error in failures],
            services=[error.values["service"] for error in failures],
        )


class _Run:
    """One run of the module, and what it has done so far."""

    def __init__(self, module: AnsibleModule, check_mode: bool) -> None:
        self.module = module
        self.check_mode = check_mode
        self.warnings: list[str] = []
        self._done: dict[str, dict[str, Any]] = {}
        self._diff: list[dict[str, Any]] = []
        self._made: list[str] = []
        client = partial(client_of, module.params, snapshot=check_mode)
        self._client = lru_cache(maxsize=None)(client)

    def result(self, state: str) -> dict[str, Any]:
        """Return what the module returns, also if a service has failed."""
        changed = [name for name, service in self._done.items() if service["changed"]]
        planned = state == "planned"
        options = {**self.module.params, "services": list(self._done)}
        return {
            # The options themselves are long, and have secrets.
            "invocation": {"module_args": options},
            "changed": not planned and bool(changed or self._made),
            "pending": [
                name
                for name, service in self._done.items()
                if planned and self._is_pending(service)
            ],
            "services": self._done,
            **({"releases": kept_in(self.module.params["state_directory"])} if planned else {}),
            **({"diff": self._diff} if self.module._diff and not planned else {}),
        }

    def _is_pending(self, service: Mapping[str, Any]) -> bool:
        opened = bool(self._made and service["config"])  # others may enter its directory
        return bool(service["changed"] or not service["validated"] or service["unproven"] or opened)

    def make_private(self, path: str) -> None:
        """Ensure that a directory exists and that only root enters it."""
        try:
            with suppress(FileNotFoundError):
                status = Path(path).stat()
                if (status.st_uid, status.st_mode & 0o777) == (os.geteuid(), 0o700):
                    return
            self._made.append(path)
            if self.check_mode:
                return
            with open_folder(path, make=0o700, trusted=False) as folder:
                os.fchown(folder.fd, os.geteuid(), os.getegid())
                os.fchmod(folder.fd, 0o700)
        except OSError as error:
            raise Failure("services.directory", f"{path}: {describe_error(error)}") from error

    def ensure(self, service: Service, state: str) -> None:
        """Ensure the state of one service, and note the result.

        Raises:
            Failure: One of `container_release` or of the kind's module; its value `service` names
                the service.
        """
        started = time.monotonic()
        try:
            certificate = self._certificate(service, state)
            # The container that is about to be replaced may not understand the configuration.
            replaced = service.kind and self._converged(service, "present", True)["changed"]
            later: dict[str, Any] = {"reload": "deferred"} if replaced else {}
            if certificate and certificate["changed"]:
                # Where it is only foreseen, the one that is there has other names.
                later["certificate_foreseen"] = self.check_mode or state == "rehearsed"
            config = self._config(service, foresee=state == "rehearsed", **later)
            try:
                release = self._released(service, state)
            except (Failure, SystemExit) as error:
                if state == "present":
                    self._restore(service, error)
                raise
            if config and not config["proven"] and not self.check_mode and state == "present":
                config = _joined(config, self._proven(service, release) or {})
        except Failure as error:
            error.values.setdefault("service", service.name)
            raise
        parts = [part for part in (certificate, config) if part]
        for part in (*parts, release):
            shown = part.pop("diff", [])
            self._diff += shown if isinstance(shown, list) else [shown]
        self.warnings += release.pop("warnings")
        self._done[service.name] = {
            **release,
            "changed": any(part["changed"] for part in (*parts, release)),
            "certificate": certificate,
            "config": config,
            "validated": self._validated(service, release["release"]),
            "unproven": bool(config and not config["proven"] and service.is_provable),
            "seconds": round(time.monotonic() - started, 3),
        }

    def _certificate(self, service: Service, state: str) -> dict[str, Any] | None:
        """Ensure the certificate that the configuration takes; None if it takes none."""
        if service.certificate is None:
            return None
        check_mode = self.check_mode or state == "rehearsed"
        part = Part(self.module, service.certificate, check_mode, self.warnings)
        try:
            # Few hosts have one; with its libraries it takes a quarter of the others' time.
            from .._certificate.local import run_module as ensure_certificate

            return ended(ensure_certificate, part)
        except Failure as error:
            if not self.check_mode or error.code != "certificate.no_cryptography":
                raise
            self.warnings.append(f"not judged: the certificate of {service.name} ({error})")
            return {"changed": True, "reasons": [], "unjudged": str(error)}

    def _proven(self, service: Service, release: Mapping[str, Any]) -> dict[str, Any] | None:
        """Prove that the new container has loaded the configuration; else, put both back."""
        if not service.is_provable:
            return None
        try:
            return self._config(service, reload="required")
        except Failure as error:
            # The configuration is back already; a container that was not swapped has reloaded it.
            if release["downtime_seconds"] is None or not release["previous"]:
                raise
            try:
                self._converged(service, "rolled_back", False)
            except Failure as second:
                said = f"{error} The previous container was not put back: {second}"
                raise Failure(error.code, said, **error.values) from second
            said = f"{error} The previous container is back."
            raise Failure(error.code, said, **error.values) from error

    def _restore(self, service: Service, error: BaseException) -> None:
        """Restore the configuration: the old container must find what it knows if it restarts.

        Raises:
            Failure: That of the service, if the restoration has failed, too.
        """
        try:
            self._config(service, state="restored")
        except Failure as second:
            if not isinstance(error, Failure):
                raise
            said = f"{error} Its previous configuration was not restored: {second}"
            raise Failure(error.code, said, **error.values) from second

    def _config(
        self, service: Service, foresee: bool = False, **options: Any
    ) -> dict[str, Any] | None:
        """Do the work of the configuration's module; None if the service has no configuration."""
        if not service.kind:
            return None
        params = {**service.config, **options}
        part = Part(self.module, params, self.check_mode or foresee, self.warnings)
        try:
            return ended(service.kind.run, part)
        except Failure as error:
            raise Failure(error.code, f"{service.name}: {error}", **error.values) from error

    def _released(self, service: Service, state: str) -> dict[str, Any]:
        if service.state == "absent":
            return self._converged(service, "absent", self.check_mode or state == "rehearsed")
        if state == "rehearsed" and service.kind:
            # Its rehearsal would read the configuration that is still to be written.
            return self._converged(service, "present", True)
        return self._converged(service, state, self.check_mode)

    def _converged(self, service: Service, state: str, check_mode: bool) -> dict[str, Any]:
        params = {**service.release, "state": state}
        client: Callable[[], Any] = self._client
        coming = service.config.get("path") if check_mode else None
        return converge(params, check_mode, client, coming)

    def _validated(self, service: Service, release: dict[str, Any] | None) -> bool:
        """Return whether the release that serves does not wait for the validation of a deploy."""
        if not service.gated or release is None:
            return not service.gated
        marker = Path(service.release["state_directory"], f"{service.name}.proven")
        with suppress(FileNotFoundError):
            return marker.read_text(encoding="utf-8").strip() == release["id"]
        return False


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the result of an installation and of its later proof, if there was one."""
    if not second:
        return first
    return {
        **first,
        **{name: second[name] for name in ("proven", "unproven", "loaded")},
        "changed": first["changed"] or second["changed"],
        "reloaded": first["reloaded"] or second["reloaded"],
        "seconds": {**first["seconds"], **second["seconds"]},
        "diff": [*first.get("diff", []), *second.get("diff", [])],
    }
