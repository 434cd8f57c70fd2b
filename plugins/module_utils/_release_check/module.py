# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module release_check: look at the releases of a Docker host in parallel, and judge them."""

from __future__ import annotations

import contextlib
import platform
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._check import Ask, Check, Probe, run_side_by_side
from .._docker.client import (
    DOCKER_ERRORS,
    DOCKER_IMPORT_ERROR,
    NotFound,
    client_of,
    connect,
)
from .._docker.container import name_of
from .._docker.environment import environment_of
from .._docker.labels import LABEL_NAME, LABEL_RELEASE
from .._docker.ports import read_port
from .._failure import Failure, fail
from .._release.parse import check_name
from .._release.store import Store, kept_in
from .._release.unwanted import unwanted, unwanted_checks
from .ports import public_check, read_allowed
from .release import check_release, no_daemon
from .secrets import Accepted, read_accepted, secrets_check
from .written import keys_readable

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def release_check_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of release_check without those of the doc fragments."""
    return {
        "host": {"type": "str"},
        "releases": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "image": {"type": "str"},
                "source_digest": {"type": "str"},
                "ports": {"type": "list", "elements": "str"},
                "max_restarts": {"type": "int", "default": 0},
            },
        },
        "expected": {"type": "list", "elements": "str", "default": []},
        "wanted": {"type": "list", "elements": "str"},
        "public_ports": {"type": "list", "elements": "str", "default": []},
        "source_digests": {"type": "dict", "default": {}},
        "public_of_others": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
        "accepted_secrets": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "wait": {"type": "float", "default": 10.0},
        "settle": {"type": "float", "default": 0.0},
        "state_directory": {"type": "path", "default": "/var/lib/vya-observability"},
    }


class _Connections:
    """One connection to the daemon for each thread that asks."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params
        self.docker_host = params["docker_host"]
        self._own = threading.local()

    def client(self) -> Any:
        """Return this thread's client.

        Raises:
            Failure: The daemon cannot be reached.
        """
        if not hasattr(self._own, "client"):
            self._own.client = client_of(self._params)
        return self._own.client


def check_releases(module: AnsibleModule) -> list[Check]:
    """Return all checks.

    It ends the module if its options cannot be read (`release_check.option`), or if a library is
    missing.
    """
    params = module.params
    host = params["host"] or platform.node()
    try:
        allowed = [read_allowed(each) for each in params["public_ports"]]
        accepted = [read_accepted(each) for each in params["accepted_secrets"]]
        for name in params["expected"]:
            check_name(name)
        for release in params["releases"] or []:
            check_name(release["name"])
            for port in release["ports"] or []:
                read_port(port)
    except (ValueError, Failure) as error:
        options = "releases, expected, public_ports, accepted_secrets"
        fail(module, Failure("release_check.option", f"{options}: {error}", reason=str(error)))
    if DOCKER_IMPORT_ERROR is not None:
        connect(module)  # says which library, and ends the module
    connections = _Connections(params)
    try:
        containers = connections.client().api.containers(all=True)
    except (Failure, *DOCKER_ERRORS) as error:
        ask = Ask("docker", host, docker_host=params["docker_host"])
        return [no_daemon(ask, connections.docker_host, error)]
    kept = kept_in(params["state_directory"])
    here = _deployed(containers, kept)
    wanted = params["releases"]
    known = [*(params["wanted"] or ()), *params["expected"]]
    # Those of another state directory are another inventory's.
    if params["wanted"] is None:
        of_others, kept = [], []
    else:
        of_others = unwanted(sorted({*here}.difference(kept)), known)
    if wanted is None:
        digests = params["source_digests"]
        wanted = [
            {"name": name, "max_restarts": 0, "source_digest": digests.get(name)}
            for name in sorted(
                {*here, *params["expected"]}.difference(of_others, unwanted(kept, known))
            )
        ]
    probes = [
        Probe(
            Ask("running", f"{host} {release['name']}"),
            partial(check_release, connections.client, host, params, release, here),
        )
        for release in wanted
    ]
    look = partial(_secrets, connections, host, containers, accepted)
    probes.append(Probe(Ask("secrets", host), look))
    *checks, secrets = run_side_by_side(probes, params["deadline"])
    if not wanted:
        checks = [Ask("releases", host).skip("none")]
    if of_others:
        ask = Ask("releases", host, directory=params["state_directory"])
        checks.append(ask.skip("of_others", releases=of_others))
    declared = _declared(params, containers, wanted)
    public = public_check(host, containers, declared, allowed, params["public_of_others"])
    readable = keys_readable(Path(params["state_directory"]) / "certificates")
    keys = [Ask("keys", host).fail("readable", files=readable)] if readable else []
    return [*checks, *unwanted_checks(host, kept, known), *keys, public, secrets]


def _secrets(
    connections: _Connections,
    host: str,
    containers: Sequence[Mapping[str, Any]],
    accepted: Sequence[Accepted],
) -> Check:
    """Check the environments of all containers, running or not; Docker shows them one by one."""
    environments = {}
    try:
        client = connections.client()
        for container in containers:
            with contextlib.suppress(NotFound):  # removed since they were listed
                attrs = client.api.inspect_container(container["Id"])
                environment = environment_of(attrs["Config"].get("Env"))
                environments[attrs["Name"].lstrip("/")] = environment
    except (Failure, *DOCKER_ERRORS) as error:
        return no_daemon(Ask("secrets", host), connections.docker_host, error)
    return secrets_check(host, environments, accepted)


def _deployed(containers: Sequence[Mapping[str, Any]], kept: Sequence[str]) -> list[str]:
    """Return the names of releases: of containers, and of files whose containers are gone.

    Args:
        kept: Names of releases that have files.
    """
    labels = [container.get("Labels") or {} for container in containers]
    names = {each[LABEL_NAME] for each in labels if LABEL_NAME in each and LABEL_RELEASE in each}
    return sorted({*names, *kept})


def _declared(
    params: Mapping[str, Any],
    containers: Sequence[Mapping[str, Any]],
    wanted: Sequence[Mapping[str, Any]],
) -> dict[str, list[str]]:
    """Return the ports that each container may publish: of the options, else of its deploy.

    The ports that it has do not count: somebody may have created it by hand.
    """
    found = {each["name"]: each["ports"] for each in wanted if each.get("ports") is not None}
    for container in containers:
        labels, name = container.get("Labels") or {}, name_of(container)
        if name not in found and LABEL_NAME in labels:
            store = Store(params["state_directory"], labels[LABEL_NAME])
            with contextlib.suppress(OSError, Failure):  # each release says so
                options = store.record(labels.get(LABEL_RELEASE)).get("options", {})
                found[name] = options.get("ports", [])
    return found
