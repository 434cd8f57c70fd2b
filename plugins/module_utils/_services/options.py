# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `container_services`, and the services that they describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._config.kinds import KINDS, Kind
from .._docker.client import docker_argument_spec
from .._failure import Failure
from .._hidden import validated
from .._release.options import DEPLOYMENT
from .._release.options import argument_spec as release_spec
from .._release.parse import parse

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# Options of the whole call; a service cannot have its own.
SHARED = ("state_directory", *docker_argument_spec())
FREE = ("files",)


@dataclass(frozen=True)
class Service:
    """One service of the host.

    Args:
        release: Validated options of `container_release`; its state is `present`.
        kind: The server that reads the configuration; None if there is no configuration.
        config: Validated options of the kind's module.
        gated: Whether a deploy validates a new release before it goes on.
    """

    name: str
    release: dict[str, Any]
    kind: Kind | None
    config: dict[str, Any]
    gated: bool


def argument_spec() -> dict[str, Any]:
    """Return the argument spec of the module."""
    service = {
        "release": {"type": "dict", "required": True},
        "config": {"type": "dict"},
        "gated": {"type": "bool", "default": False},
    }
    return {
        "services": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": service,
        },
        "state": {
            "type": "str",
            "choices": ["present", "planned", "rehearsed"],
            "default": "present",
        },
        "private_directories": {"type": "list", "elements": "path", "default": []},
        "state_directory": dict(DEPLOYMENT["state_directory"]),
        **docker_argument_spec(),
    }


def read_services(module: AnsibleModule) -> list[Service]:
    """Return the services that the module's options describe, and hide their secrets.

    Raises:
        Failure: `services.options`, with all problems of all services, one on each line; its value
            `services` names the services.
    """
    shared = {name: module.params[name] for name in SHARED}
    services: list[Service] = []
    problems: list[tuple[str, str]] = []
    for number, given in enumerate(module.params["services"]):
        subject = str(given["release"].get("name") or f"services[{number}]")
        service, wrong = _read(module, given, shared)
        problems += [(subject, problem) for problem in wrong]
        if service and service.name in {each.name for each in services}:
            problems.append((subject, "name: it is there more than once"))
        services += [service] if service and not wrong else []
    if problems:
        lines = "".join(f"\n- {subject}: {problem}" for subject, problem in problems)
        raise Failure(
            "services.options",
            f"nothing was touched, because:{lines}",
            services=sorted({subject for subject, _problem in problems}),
        )
    return services


def _read(
    module: AnsibleModule, given: Mapping[str, Any], shared: Mapping[str, Any]
) -> tuple[Service | None, list[str]]:
    """Return one service, and what is wrong with its options."""
    own = sorted(set(given["release"]) & {"state", *SHARED})
    problems = [f"release: {name}: it is an option of the whole task" for name in own]
    release, wrong = validated(module, release_spec(), {**given["release"], **shared}, FREE)
    problems += [f"release: {problem}" for problem in wrong]
    if problems:
        return None, problems
    try:
        parse(release)
    except Failure as error:
        problems.append(f"release: {error}")
    if not given["config"]:
        return Service(release["name"], release, None, {}, given["gated"]), problems
    kind = KINDS.get(str(given["config"].get("kind")))
    if kind is None:
        seen = given["config"].get("kind")
        return None, [*problems, f"config: kind: expected one of {', '.join(KINDS)}; seen: {seen}"]
    defaults = {
        "image": release["image"],
        "container": release["name"],
        "docker_host": shared["docker_host"],
    }
    wanted = {name: value for name, value in given["config"].items() if name != "kind"}
    config, wrong = validated(module, kind.spec, {**defaults, **wanted}, FREE)
    problems += [f"config: {problem}" for problem in wrong]
    return Service(release["name"], release, kind, config, given["gated"]), problems
