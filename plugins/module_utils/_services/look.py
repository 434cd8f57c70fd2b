# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module host_plan: the engine, the images and the services of a host, in one look."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .._docker.client import connect, docker_argument_spec
from .._docker.engine import engine_facts
from .._image.look import look_at_images
from .module import services_in_state
from .options import argument_spec as services_spec

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# Stands for the image with the key that follows, in a service's `image`.
IMAGE = "image of "
ENGINE = {
    "python_modules": {"type": "list", "elements": "str", "default": []},
    "ports": {"type": "list", "elements": "dict", "default": []},
    "containers": {"type": "list", "elements": "str", "default": []},
}


def argument_spec() -> dict[str, Any]:
    """Return the argument spec of the module."""
    services = services_spec()
    return {
        "engine": {"type": "dict", "apply_defaults": True, "options": ENGINE},
        "images": {"type": "dict", "default": {}},
        "optional_images": {"type": "list", "elements": "str", "default": []},
        "files": {"type": "list", "elements": "path", "default": []},
        **{name: services[name] for name in ("services", "private_directories", "state_directory")},
        **docker_argument_spec(),
    }


def run_module(module: AnsibleModule) -> NoReturn:
    """Run the module `host_plan`."""
    params = module.params
    asked = params["engine"]
    facts = engine_facts(
        params["docker_host"],
        params["timeout"],
        0,
        asked["python_modules"],
        asked["ports"],
        asked["containers"],
    )
    result: dict[str, Any] = {
        "engine": facts,
        "files": {path: _digest(path) for path in params["files"]},
        "images": {},
        "pending": [],
        "services": {},
    }
    wrong = facts["daemon"]["error"] or facts["python_missing"] or facts["ports_taken"]
    settled = not wrong
    if settled:
        found = look_at_images(connect(module), params["images"], module.no_log_values)
        result["images"] = found
        settled = not any(
            image.get("changed") or (image.get("failed") and key not in params["optional_images"])
            for key, image in found.items()
        )
    if settled:
        references = {f"{IMAGE}{key}": image.get("reference") for key, image in found.items()}
        for service in params["services"]:
            release = service["release"]
            release["image"] = references.get(release.get("image"), release.get("image"))
        planned = services_in_state(module, "planned")
        result.update({name: planned[name] for name in ("pending", "services", "releases")})
    options = {**params, "images": list(params["images"]), "services": list(result["services"])}
    invocation = {"module_args": options}
    module.exit_json(changed=False, settled=settled, invocation=invocation, **result)


def _digest(path: str) -> str | None:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return None
