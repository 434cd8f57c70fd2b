# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules host_traces, on the host, and traces_check, where the checks run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .._check import FAIL_ON, Ask, exit_with
from .._docker.client import DOCKER_ERRORS, docker_argument_spec, docker_failure
from .._failure import Failure, fail
from .._http.session import (
    auth_argument_spec,
    connection_argument_spec,
    session_for,
)
from .._release.options import DEPLOYMENT
from .elsewhere import Elsewhere
from .host import clear, connected, containers, note_images, traces

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

NAMES = {"type": "list", "elements": "str", "default": []}
PATHS = {"type": "list", "elements": "path", "default": []}


def host_spec() -> dict[str, Any]:
    """Return the argument spec of `host_traces`."""
    return {
        "state": {"type": "str", "choices": ["listed", "noted", "absent"], "default": "listed"},
        "names": NAMES,
        "volumes": {"type": "bool", "default": False},
        "images": {"type": "bool", "default": False},
        "directories": PATHS,
        "files": PATHS,
        "state_directory": dict(DEPLOYMENT["state_directory"]),
        **docker_argument_spec(),
    }


def elsewhere_spec() -> dict[str, Any]:
    """Return the argument spec of `traces_check`."""
    service = {
        "type": "dict",
        "options": {"url": {"type": "str", "required": True}, **auth_argument_spec()},
    }
    return {
        "names": {"type": "list", "elements": "str", "required": True},
        "locations": NAMES,
        "job": {"type": "str", "default": ".*"},
        "pushgateway": service,
        "prometheus": service,
        "grafana": service,
        "fail_on": FAIL_ON,
        **connection_argument_spec(),
    }


def run_host(module: AnsibleModule) -> None:
    """Run the module `host_traces`."""
    params, warnings = module.params, []  # type: tuple[Any, list[str]]
    try:
        client = connected(params)
        if client and params["state"] == "noted" and params["images"] and not module.check_mode:
            note_images(client, params)
        found = [*traces(client, params)]
        wanted = params["state"] == "absent"
        gone = [each for each in found if each["place"] != "volume_kept"]
        if wanted and gone and not module.check_mode:
            clear(client, params, warnings)
            found = [*traces(client, params)]
        running = containers(client) if client else {}
    except Failure as error:
        fail(module, error)
    except DOCKER_ERRORS as error:
        fail(module, docker_failure("Docker says", error))
    except OSError as error:
        fail(module, Failure("traces.os_error", str(error)))
    for warning in warnings:
        module.warn(warning)
    module.exit_json(
        changed=bool(wanted and gone),
        engine=bool(client),
        traces=found,
        containers=running,
        checks=_checks(found),
    )


def _checks(found: list[dict[str, str]]) -> list[dict[str, Any]]:
    left = [f"{each['place']} {each['name']}" for each in found if each["place"] != "volume_kept"]
    ask = Ask("traces", "host", place="host", names=[])
    return [(ask.fail("traces.left.host", found=left) if left else ask.ok(n=0)).as_data()]


def run_elsewhere(module: AnsibleModule) -> None:
    """Run the module `traces_check`."""
    started = time.monotonic()
    elsewhere = Elsewhere(session_for(module), module.params)
    checks = [*elsewhere.checks()]
    exit_with(module, checks, started, places=elsewhere.places)
