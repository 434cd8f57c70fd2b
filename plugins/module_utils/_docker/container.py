# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""One container, by its name: inspect it, change its limits, remove it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._failure import Failure
from .client import NotFound

Container = dict[str, Any]


def inspect(client: Any, name: str) -> Container | None:
    """Return the container with exactly this name, or None; Docker also accepts parts of an id.

    Source: Docker Engine API, GET /containers/NAME/json.
    """
    try:
        container = client.api.inspect_container(name)
    except NotFound:
        return None
    return container if container["Name"] == f"/{name}" else None


def name_of(listed: Mapping[str, Any]) -> str:
    """Return the name of a container in Docker's list; one that is being removed has none."""
    return str((listed.get("Names") or ["?"])[0]).lstrip("/")


def label(container: Container | None, key: str) -> str | None:
    """Return one label's value, or None."""
    return ((container or {}).get("Config", {}).get("Labels") or {}).get(key)


def running(container: Container | None) -> bool:
    """Return whether its process runs; a paused one does not count, a restarting one does."""
    return bool(container and container["State"]["Running"] and not container["State"]["Paused"])


def remove(client: Any, container: Container | None) -> None:
    """Remove a container, running or not, with its anonymous volumes; it may be gone."""
    if container:
        try:
            client.api.remove_container(container["Id"], force=True, v=True)
        except NotFound:
            return


def update(client: Any, container_id: str, body: dict[str, Any]) -> None:
    """Change a container in place: docker-py's own method knows neither NanoCpus nor PidsLimit.

    Source: Docker Engine API, POST /containers/ID/update.

    Args:
        body: Fields of `HostConfig`.

    Raises:
        Failure: `docker.refused`.
    """
    api = client.api
    url = f"{api.base_url}/v{api.api_version}/containers/{container_id}/update"
    response = api.post(url, json=body, timeout=api.timeout)
    if not response.ok:
        raise Failure("docker.refused", f"docker update was refused: {response.text.strip()}")
