# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `container_services`, and the services that they describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._certificate.options import ARGUMENT_SPEC as CERTIFICATE
from .._config.kinds import KINDS, Kind
from .._docker.client import docker_argument_spec
from .._failure import Failure
from .._hidden import validated
from .._release.options import DEPLOYMENT
from .._release.options import argument_spec as release_spec
from .._release.parse import check_name, parse

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# Options of the whole call; a service cannot have its own.
SHARED = ("state_directory", *docker_argument_spec())
FREE = ("files",)
SERVICE = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "release": {"type": "dict", "required": True},
    "certificate": {"type": "dict"},
    "config": {"type": "dict"},
    "gated": {"type": "bool", "default": False},
}


@dataclass(frozen=True)
class Service:
    """One service of the host.

    Args:
        state: `present` or `absent`.
        release: Validated options of `container_release`, without the state.
        certificate: Validated options of `certificate_local`; None if it needs no certificate.
        kind: The server that reads the configuration; None if there is no configuration.
        config: Validated options of the kind's module.
        gated: Whether a deploy validates a new release before it goes on.
    """

    name: str
    state: str
    release: dict[str, Any]
    certificate: dict[str, Any] | None
    kind: Kind | None
    config: dict[str, Any]
    gated: bool

    @property
    def is_provable(self) -> bool:
        """Return whether the server can be asked what it has loaded."""
        return bool(self.config.get("url")) and self.config.get("reload") != "never"


def argument_spec() -> dict[str, Any]:
    """Return the argument spec of the module."""
    return {
        "services": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": SERVICE,
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
    services, problems = read(module.params["services"], shared, module.no_log_values)
    if problems:
        lines = "".join(f"\n- {subject}: {problem}" for subject, problem in problems)
        raise Failure(
            "services.options",
            f"nothing was touched, because:{lines}",
            services=sorted({subject for subject, _problem in problems}),
        )
    return services


def read(
    given: Sequence[Mapping[str, Any]], shared: Mapping[str, Any], hidden: set[str]
) -> tuple[list[Service], list[tuple[str, str]]]:
    """Return services, and what is wrong with the others: the service's name, and a sentence.

    Args:
        given: As the option `services`, with the defaults of its suboptions.
        shared: Options of the whole call.
        hidden: Gets the secrets.
    """
    services: list[Service] = []
    problems: list[tuple[str, str]] = []
    for number, each in enumerate(given):
        subject = str(each["release"].get("name") or f"services[{number}]")
        service, wrong = _read(each, shared, hidden)
        problems += [(subject, problem) for problem in wrong]
        if service and service.name in {each.name for each in services}:
            problems.append((subject, "name: it is there more than once"))
        services += [service] if service and not wrong else []
    return services, problems


def _read(
    given: Mapping[str, Any], shared: Mapping[str, Any], hidden: set[str]
) -> tuple[Service | None, list[str]]:
    """Return one service, and what is wrong with its options."""
    own = sorted(set(given["release"]) & {"state", *SHARED})
    problems = [f"release: {name}: it is an option of the whole task" for name in own]
    release, wrong = validated(hidden, release_spec(), {**given["release"], **shared}, FREE)
    problems += [f"release: {problem}" for problem in wrong]
    if problems:
        return None, problems
    name, state, gated = release["name"], given["state"], given["gated"]
    try:
        check_name(name)
        if state == "present":
            parse(release)
    except Failure as error:
        problems.append(f"release: {error}")
    certificate = None
    if given.get("certificate") and state == "present":
        certificate, wrong = validated(hidden, CERTIFICATE, given["certificate"])
        problems += [f"certificate: {problem}" for problem in wrong]
    if not given["config"] or state == "absent":
        return Service(name, state, release, certificate, None, {}, gated), problems
    kind = KINDS.get(str(given["config"].get("kind")))
    if kind is None:
        seen = given["config"].get("kind")
        return None, [*problems, f"config: kind: expected one of {', '.join(KINDS)}; seen: {seen}"]
    defaults = {
        "image": release["image"],
        "container": name,
        "docker_host": shared["docker_host"],
    }
    wanted = {option: value for option, value in given["config"].items() if option != "kind"}
    config, wrong = validated(hidden, kind.spec, {**defaults, **wanted}, FREE)
    problems += [f"config: {problem}" for problem in wrong]
    return Service(name, state, release, certificate, kind, config, gated), problems
