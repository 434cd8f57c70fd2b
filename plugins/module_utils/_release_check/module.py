# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at the releases of a Docker host, side by side, and has each judged."""

from __future__ import annotations

import contextlib
import platform
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._check import Check, Probe, run_side_by_side
from .._docker.client import (
    DOCKER_ERRORS,
    DOCKER_IMPORT_ERROR,
    NotFound,
    client_of,
    connect,
    describe_error,
)
from .._docker.container import Container, label, running
from .._docker.environment import environment_of
from .._docker.health import NotHealthy, last_lines, mask, wait_healthy
from .._docker.images import find_image
from .._docker.labels import LABEL_NAME, LABEL_RELEASE
from .._docker.ports import read_port
from .._failure import Failure
from .._release.parse import check_name
from .._release.slots import Run, Slots, find
from .._release.store import Store
from .checks import (
    Look,
    configuration_check,
    image_check,
    looping,
    missing_check,
    reference_of,
    restarts_check,
    running_check,
    source_check,
)
from .configuration import differences, mount_roots, touched
from .ports import name_of, ports_check, public_check, read_allowed
from .secrets import SECRETS_EXPECTED, Accepted, read_accepted, secrets_check

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

_LOG_LINES = 5
_BECOME = "run the task with become: true"


def release_check_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of release_check, but for those of the doc fragments."""
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
        "public_ports": {"type": "list", "elements": "str", "default": []},
        "source_digests": {"type": "dict", "default": {}},
        "public_of_others": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
        "accepted_secrets": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "wait": {"type": "float", "default": 10.0},
        "state_directory": {"type": "path", "default": "/var/lib/vya-observability"},
    }


class _Connections:
    """One connection to the daemon for each thread that asks."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params
        self._own = threading.local()

    def client(self) -> Any:
        """This thread's.

        Raises:
            Failure: the daemon cannot be reached.
        """
        if not hasattr(self._own, "client"):
            self._own.client = client_of(self._params)
        return self._own.client


def check_releases(module: AnsibleModule) -> list[Check]:
    """All checks; ends the module when its options cannot be read, or a library is missing."""
    params = module.params
    host = params["host"] or platform.node()
    try:
        allowed = [read_allowed(text) for text in params["public_ports"]]
        accepted = [read_accepted(text) for text in params["accepted_secrets"]]
        for name in params["expected"]:
            check_name(name)
        for release in params["releases"] or []:
            check_name(release["name"])
            for port in release["ports"] or []:
                read_port(port)
    except (ValueError, Failure) as error:
        module.fail_json(msg=f"releases, expected, public_ports, accepted_secrets: {error}")
    if DOCKER_IMPORT_ERROR is not None:
        connect(module)  # says which library, and ends the module
    connections = _Connections(params)
    try:
        containers = connections.client().api.containers(all=True)
    except (Failure, *DOCKER_ERRORS) as error:
        return [_no_daemon(host, params["docker_host"], error)]
    here = _deployed(containers, params["state_directory"])
    wanted = params["releases"]
    if wanted is None:
        digests = params["source_digests"]
        wanted = [
            {"name": name, "max_restarts": 0, "source_digest": digests.get(name)}
            for name in sorted({*here, *params["expected"]})
        ]
    probes = [
        Probe(
            f"running {host} {release['name']}",
            "running and healthy",
            partial(_release, connections, host, params, release, here),
        )
        for release in wanted
    ]
    look = partial(_secrets, connections, host, params, containers, accepted)
    probes.append(Probe(f"secrets {host}", SECRETS_EXPECTED, look))
    *checks, secrets = run_side_by_side(probes, params["deadline"])
    if not wanted:
        seen = "container_release has deployed nothing here"
        checks = [Check(f"releases {host}", "skip", "every release is checked", seen)]
    declared = _declared(params, containers, wanted)
    of_others = params["public_of_others"]
    public = public_check(host, containers, declared, allowed, of_others)
    return [*checks, public, secrets]


def _no_daemon(host: str, address: str, error: BaseException) -> Check:
    start = f"expected a Docker daemon at {address}"
    text = str(error) if isinstance(error, Failure) else describe_error(error)
    seen, _colon, cause = text.replace(f"{start}, ", "").partition(": ")
    expected = f"a Docker daemon at {address}"
    fix = "systemctl status docker; journalctl -u docker"
    cause = cause.rstrip(".") or "it hangs or has ended"
    return Check(f"docker {host}", "fail", expected, seen, cause, fix)


def _secrets(
    connections: _Connections,
    host: str,
    params: Mapping[str, Any],
    containers: Sequence[Mapping[str, Any]],
    accepted: Sequence[Accepted],
) -> Check:
    """Of all containers, running or not: Docker tells the environment of each by itself."""
    environments = {}
    try:
        client = connections.client()
        for container in containers:
            with contextlib.suppress(NotFound):  # removed since they were listed
                attrs = client.api.inspect_container(container["Id"])
                environment = environment_of(attrs["Config"].get("Env"))
                environments[attrs["Name"].lstrip("/")] = environment
    except (Failure, *DOCKER_ERRORS) as error:
        failed = _no_daemon(host, params["docker_host"], error)
        return replace(failed, id=f"secrets {host}", expected=SECRETS_EXPECTED)
    return secrets_check(host, environments, accepted)


def _deployed(containers: Sequence[Mapping[str, Any]], state_directory: str) -> list[str]:
    """Names of releases: of containers, and of what is kept on disk for those that are gone."""
    labels = [container.get("Labels") or {} for container in containers]
    names = {each[LABEL_NAME] for each in labels if LABEL_NAME in each and LABEL_RELEASE in each}
    directory = Path(state_directory) / "releases"
    with contextlib.suppress(OSError):  # not there, or not for us to read: each release says so
        found = [path.name for path in directory.iterdir() if path.is_dir()]
        names |= {name for name in found if Store(state_directory, name).releases()}
    return sorted(names)


def _declared(
    params: Mapping[str, Any],
    containers: Sequence[Mapping[str, Any]],
    wanted: Sequence[Mapping[str, Any]],
) -> dict[str, list[str]]:
    """Per container the ports it may publish: those of the options, else those of its deploy.

    Not those that it has, for somebody may have made it by hand.
    """
    found = {each["name"]: each["ports"] for each in wanted if each.get("ports") is not None}
    for container in containers:
        labels, name = container.get("Labels") or {}, name_of(container)
        if name not in found and LABEL_NAME in labels:
            store = Store(params["state_directory"], labels[LABEL_NAME])
            with contextlib.suppress(OSError):  # each release says so
                options = store.record(labels.get(LABEL_RELEASE)).get("options", {})
                found[name] = options.get("ports", [])
    return found


def _release(
    connections: _Connections,
    host: str,
    params: dict[str, Any],
    wanted: Mapping[str, Any],
    here: list[str],
) -> list[Check]:
    """All checks of one release."""
    name = wanted["name"]
    try:
        client = connections.client()
        run = Run(client, name, params, True, Store(params["state_directory"], name))
        slots = find(client, name)
        if slots.current is None:
            return [missing_check(host, name, slots, name in here, here)]
        look = _look(run, host, slots, slots.current, wanted.get("image"))
        return _judge(run, look, wanted)
    except (Failure, *DOCKER_ERRORS) as error:
        failed = _no_daemon(host, params["docker_host"], error)
        return [replace(failed, id=f"running {host} {name}")]


def _look(run: Run, host: str, slots: Slots, current: Container, wanted: str | None) -> Look:
    references = [reference_of(current), *([wanted] if wanted else [])]
    adopted = False
    with contextlib.suppress(PermissionError):  # the configuration's check says so
        adopted = run.store.noted_policy(current["Id"]) is not None
    return Look(
        host=host,
        name=run.name,
        slots=slots,
        current=current,
        image=find_image(run.client, current["Image"]),
        named={reference: find_image(run.client, reference) for reference in references},
        adopted=adopted,
    )


def _judge(run: Run, look: Look, wanted: Mapping[str, Any]) -> list[Check]:
    current, most = look.current, wanted["max_restarts"]
    try:
        changed = touched(run.store, current, mount_roots(current["State"]["Pid"]))
        configuration = configuration_check(look, _different(run, look, changed))
        # The log may have a secret that is on disk no more.
        unknown = any(text.startswith("secret ") for text in changed)
        hidden = None if unknown else run.store.secrets()
    except PermissionError as error:
        expected, cause = "as deployed", "the files of a release are for root alone"
        configuration = look.check("configuration", "fail", expected, str(error), cause, _BECOME)
        hidden = None
    unhealthy = _unhealthy(run, current)
    ended = bool(unhealthy) and not running(current) and not looping(current, most)
    log = _log(run, current, hidden) if ended or looping(current, most) else ""
    unhealthy = unhealthy if hidden is None else mask(unhealthy, hidden)
    if hidden is None:
        unhealthy = unhealthy.partition("; its healthcheck said")[0]
    checks = [
        running_check(look, unhealthy, log if ended else ""),
        image_check(look, wanted.get("image")),
    ]
    if wanted.get("source_digest"):
        checks.append(source_check(look, wanted["source_digest"]))
    checks += [configuration, restarts_check(look, most, log), _ports(look, wanted.get("ports"))]
    return checks


def _different(run: Run, look: Look, changed: list[str]) -> list[str]:
    if not label(look.current, LABEL_RELEASE):
        return []
    return differences(run, look.current, look.image, changed)


def _unhealthy(run: Run, current: Container) -> str:
    """Why it does not count as healthy; empty when it does. One just started is waited for."""
    state = current["State"]
    if running(current) and (state.get("Health") or {}).get("Status") == "healthy":
        return ""
    try:
        wait_healthy(
            run.client, current["Id"], run.params["wait"], restarts=current["RestartCount"]
        )
    except NotHealthy as error:
        return str(error)
    return ""


def _log(run: Run, current: Container, hidden: list[str] | None) -> str:
    if hidden is None or not label(current, LABEL_RELEASE):
        return "; its log is not shown, for its secrets are not known"
    lines = mask(last_lines(run.client, current["Id"], _LOG_LINES), hidden).splitlines()
    return "; last log lines: " + " / ".join(line.strip() for line in lines)


def _ports(look: Look, declared: Sequence[str] | None) -> Check:
    check_id = f"ports {look.host} {look.name}"
    if not running(look.current):
        return Check(check_id, "skip", "published ports are served", "it does not run")
    return ports_check(check_id, look.current, declared)
