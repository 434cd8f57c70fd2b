# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn a `Spec` into the body of Docker's `POST /containers/create`, with the module's labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .._docker.images import image_digest
from .._docker.labels import (
    LABEL_CONFIG_DIGEST,
    LABEL_IMAGE_DIGEST,
    LABEL_IMAGE_ID,
    LABEL_IMAGE_REFERENCE,
    LABEL_NAME,
    LABEL_RELEASE,
    LABEL_RESTART_POLICY,
)
from .._docker.ports import Port
from .fields import in_request, put
from .options import CONTAINER
from .spec import Spec, Volume


def container_config(
    spec: Spec, image: dict[str, Any], release: str, mounts: Path
) -> dict[str, Any]:
    """Return the body that creates the container that serves.

    Source: Docker Engine API, POST /containers/create.

    Args:
        image: The image as Docker inspects it.
        release: Id of the release.
        mounts: Where the release's files are on the host.
    """
    body: dict[str, Any] = {
        # By id: the tag may move meanwhile, but the image that was proven is the one that runs.
        "Image": image["Id"],
        "Labels": _labels(spec, image, release),
        "ExposedPorts": {_exposed(port): {} for port in spec.ports},
        "HostConfig": {
            "PortBindings": _bindings(spec.ports),
            "Mounts": _mounts(spec, mounts),
            **({"NetworkMode": next(iter(spec.networks))} if spec.networks else {}),
        },
        # Docker 20.10 takes one network here; the others are connected before the start.
        "NetworkingConfig": {"EndpointsConfig": dict(list(endpoints(spec).items())[:1])},
    }
    for name, option in CONTAINER.items():
        value = option.write(spec.settings[name])
        for field in filter(None, (option.field, option.also)):
            if value is not None:
                put(body, in_request(field), value)
    return body


def endpoints(spec: Spec) -> dict[str, dict[str, Any]]:
    """Return for each network the names by which other containers find this one (`Aliases`).

    One that is to take over beside the old one has its name only as a container's name: a rename
    gives that away without a disconnection.
    """
    name = {spec.name} if spec.drain is None else set()
    return {
        network: {"Aliases": sorted({*name, *aliases})}
        for network, aliases in spec.networks.items()
    }


def rehearsal_config(
    spec: Spec, image: dict[str, Any], release: str, mounts: Path
) -> dict[str, Any]:
    """Return the same container without risk: nothing published, no name on networks, no data.

    In the host's network, or another container's, it would want the ports of the one that serves.
    """
    config = container_config(spec, image, release, mounts)
    host = config["HostConfig"]
    if spec.settings["network_mode"] not in (None, "none"):
        del host["NetworkMode"]
    config["ExposedPorts"] = host["PortBindings"] = {}
    host["RestartPolicy"] = {"Name": "no"}
    config["NetworkingConfig"] = {"EndpointsConfig": {name: {} for name in list(spec.networks)[:1]}}
    host["Mounts"] = [_harmless(mount) for mount in host["Mounts"]]
    if spec.rehearsal.entrypoint is not None:
        config["Entrypoint"], config["Cmd"] = spec.rehearsal.entrypoint, spec.rehearsal.command
    elif spec.rehearsal.command is not None:
        config["Cmd"] = spec.rehearsal.command
    return config


def _harmless(mount: dict[str, Any]) -> dict[str, Any]:
    if mount["ReadOnly"]:
        return mount
    source = Path(mount["Source"])
    if mount["Type"] == "bind" and source.exists() and not source.is_dir():
        return {**mount, "ReadOnly": True}
    return {"Type": "volume", "Target": mount["Target"], "ReadOnly": False}


def _labels(spec: Spec, image: dict[str, Any], release: str) -> dict[str, str]:
    return {
        LABEL_NAME: spec.name,
        LABEL_RELEASE: release,
        LABEL_CONFIG_DIGEST: spec.digest(),
        LABEL_IMAGE_ID: image["Id"],
        LABEL_IMAGE_REFERENCE: spec.image,
        LABEL_IMAGE_DIGEST: image_digest(image, spec.image),
        LABEL_RESTART_POLICY: spec.settings["restart_policy"],
    }


def _exposed(port: Port) -> str:
    return f"{port.container}/{port.protocol}"


def _bindings(ports: list[Port]) -> dict[str, list[dict[str, str]]]:
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in ports:
        binding = {"HostIp": port.address, "HostPort": str(port.host)}
        bindings.setdefault(_exposed(port), []).append(binding)
    return bindings


def _propagated(volume: Volume) -> dict[str, Any]:
    return {"BindOptions": {"Propagation": volume.propagation}} if volume.propagation else {}


def _mounts(spec: Spec, mounts: Path) -> list[dict[str, Any]]:
    files = [
        {"Type": "bind", "Source": f"{mounts}{f.path}", "Target": f.path, "ReadOnly": True}
        for f in spec.files
    ]
    volumes = [
        {
            "Type": "bind" if volume.on_host else "volume",
            "Source": volume.source,
            "Target": volume.target,
            "ReadOnly": volume.read_only,
            **_propagated(volume),
        }
        for volume in spec.volumes
    ]
    return files + volumes
