# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module container_release_info: what is deployed on this host."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._docker.client import DOCKER_ERRORS, connect, docker_failure
from .._docker.container import Container
from .._docker.images import find_image
from .._docker.labels import LABEL_NAME, LABEL_RELEASE
from .._docker.ports import published_ports
from .._failure import fail
from .slots import describe, find, slot_name


def run_module(module: AnsibleModule) -> None:
    """Run the module `container_release_info`."""
    client = connect(module)
    try:
        only = module.params["name"]
        names = [only] if only else _names(client)
        found = [_release(client, name) for name in names]
    except DOCKER_ERRORS as error:
        fail(module, docker_failure("Docker says", error))
    known = [item for item in found if item["current"] or item["previous"] or item["interrupted"]]
    module.exit_json(changed=False, releases=known)


def _names(client: Any) -> list[str]:
    containers = client.api.containers(all=True, filters={"label": LABEL_RELEASE})
    return sorted({container["Labels"][LABEL_NAME] for container in containers})


def _release(client: Any, name: str) -> dict[str, Any]:
    slots = find(client, name)
    return {
        "name": name,
        "current": _container(client, slots.current),
        "previous": _container(client, slots.previous),
        "interrupted": [slot_name(name, slot) for slot in slots.left()],
    }


def _container(client: Any, container: Container | None) -> dict[str, Any] | None:
    if container is None:
        return None
    state = container["State"]
    networks = container["NetworkSettings"].get("Networks") or {}
    return {
        **(describe(container) or {}),
        "running_image_id": container["Image"],
        "status": state["Status"],
        "health": (state.get("Health") or {}).get("Status", "none"),
        "restarts": container["RestartCount"],
        "exit_code": state["ExitCode"],
        "started": state["StartedAt"],
        "ports": published_ports(container),
        "networks": {name: endpoint.get("IPAddress") or "" for name, endpoint in networks.items()},
        "repo_digests": (find_image(client, container["Image"]) or {}).get("RepoDigests") or [],
    }
