# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine leaves out changes nothing.

Recorded answers of Docker 20.10; since Docker 25 some fields are gone, and empty ones are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config.container import (
    ServerContainer,
)
from ansible_collections.vya.observability.plugins.module_utils._docker import arp, engine, health
from ansible_collections.vya.observability.plugins.module_utils._docker.container import (
    label,
    name_of,
    running,
)
from ansible_collections.vya.observability.plugins.module_utils._docker.images import image_digest
from ansible_collections.vya.observability.plugins.module_utils._docker.labels import (
    LABEL_IMAGE_REFERENCE,
    labels_of,
)
from ansible_collections.vya.observability.plugins.module_utils._docker.ports import published_ports
from ansible_collections.vya.observability.plugins.module_utils._release import info, slots, volumes
from ansible_collections.vya.observability.plugins.module_utils._release.inspected import unlike
from ansible_collections.vya.observability.plugins.module_utils._release_check import (
    image as release_image,
)
from ansible_collections.vya.observability.plugins.module_utils._release_check import look, ports

GONE = {
    *("Bridge", "HairpinMode", "LinkLocalIPv6Address", "LinkLocalIPv6PrefixLen"),
    *("SecondaryIPAddresses", "SecondaryIPv6Addresses", "SandboxKey", "GraphDriver", "Parent"),
    *("Container", "ContainerConfig", "VirtualSize", "DockerVersion", "Author", "Comment"),
    *("KernelMemory", "KernelMemoryTCP", "Domainname", "OnBuild", "Platform"),
}
ID = f"sha256:{'a' * 64}"
ENDPOINT = {
    "IPAMConfig": None,
    "Links": None,
    "Aliases": ["app", "0123456789ab"],
    "NetworkID": "n1",
    "EndpointID": "",
    "Gateway": "",
    "IPAddress": "",
    "IPPrefixLen": 0,
    "IPv6Gateway": "",
    "MacAddress": "",
    "DriverOpts": None,
}
CONTAINER: dict[str, Any] = {
    "Id": "0123456789ab",
    "Created": "2026-11-24T20:39:02.076618481Z",
    "Path": "/bin/app",
    "Args": [],
    "State": {
        "Status": "exited",
        "Running": False,
        "Paused": False,
        "Restarting": False,
        "OOMKilled": False,
        "Dead": False,
        "Pid": 0,
        "ExitCode": 3,
        "Error": "",
        "StartedAt": "2026-11-24T20:39:03.076618481Z",
        "FinishedAt": "2026-11-24T20:40:03.076618481Z",
        "Health": None,
    },
    "Image": ID,
    "Name": "/app",
    "RestartCount": 0,
    "ExecIDs": None,
    "HostConfig": {
        "Binds": None,
        "NetworkMode": "net",
        "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}], "81/tcp": []},
        "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
        "VolumesFrom": None,
        "CapAdd": None,
        "CapDrop": None,
        "ExtraHosts": None,
        "GroupAdd": None,
        "PidMode": "",
        "Privileged": False,
        "PublishAllPorts": False,
        "SecurityOpt": None,
        "Memory": 0,
        "Devices": [],
        "Ulimits": None,
        "LogConfig": {"Type": "json-file", "Config": {}},
        "KernelMemory": 0,
    },
    "GraphDriver": {"Data": {"MergedDir": "/x"}, "Name": "overlay2"},
    "Mounts": [],
    "Config": {
        "Hostname": "0123456789ab",
        "Domainname": "",
        "User": "",
        "ExposedPorts": {"80/tcp": {}},
        "Env": [],
        "Cmd": None,
        "Image": ID,
        "Volumes": None,
        "WorkingDir": "",
        "Entrypoint": None,
        "OnBuild": None,
        "Labels": {},
    },
    "NetworkSettings": {
        "Bridge": "",
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "SandboxKey": "",
        "Ports": {},
        "SecondaryIPAddresses": None,
        "EndpointID": "",
        "Gateway": "",
        "IPAddress": "",
        "MacAddress": "",
        "Networks": {"net": ENDPOINT},
    },
}
IMAGE: dict[str, Any] = {
    "Id": ID,
    "RepoTags": [],
    "RepoDigests": [],
    "Parent": "",
    "Comment": "",
    "Created": "",
    "Container": "",
    "ContainerConfig": {"Labels": None},
    "DockerVersion": "",
    "Author": "",
    "Config": {"Env": None, "Cmd": None, "Labels": None, "Volumes": None, "Entrypoint": None},
    "VirtualSize": 1,
    "GraphDriver": {"Data": None, "Name": "overlay2"},
}
LISTED: dict[str, Any] = {
    "Id": "0123456789ab",
    "Names": ["/app"],
    "Labels": {},
    "Ports": [{"IP": "", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}],
}
NOTHING_LISTED: dict[str, Any] = {"Id": "1", "Names": None, "Labels": None, "Ports": []}


def lean(value: Any) -> Any:
    """An answer without what is gone or empty; numbers and truth values remain."""
    if isinstance(value, dict):
        kept = {key: lean(one) for key, one in value.items() if key not in GONE}
        return {key: one for key, one in kept.items() if one not in (None, "", [], {})}
    return [lean(one) for one in value] if isinstance(value, list) else value


def engine_of(container: Any = None, image: Any = None, network: Any = None) -> Any:
    """A client whose engine answers so."""
    api = SimpleNamespace(
        inspect_container=lambda _name: container,
        inspect_image=lambda _name: image,
        inspect_network=lambda _name: network,
    )
    return SimpleNamespace(api=api)


def taken(listed: Any) -> list[Any]:
    """The ports that strangers hold."""
    wanted = {"address": "127.0.0.1", "port": 8080}
    return list(engine._taken([listed], [wanted], []))


READERS: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "described": (CONTAINER, slots.describe),
    "policy": (CONTAINER, slots._policy),
    "info": (CONTAINER, lambda c: info._container(engine_of(image=lean(IMAGE)), c)),
    "published": (CONTAINER, published_ports),
    "published now": (CONTAINER, lambda c: ports._published(c, set())),
    "reference": (CONTAINER, look.reference_of),
    "label": (CONTAINER, lambda c: label(c, LABEL_IMAGE_REFERENCE)),
    "running": (CONTAINER, running),
    "ended": (CONTAINER, health._ended),
    "health": (CONTAINER, health._docker_status),
    "last check": (CONTAINER, health._last_check),
    "announced": (CONTAINER, lambda c: arp.announce(engine_of(c), "x")),
    "owners": (CONTAINER, lambda c: volumes.own_volumes(c, {})),
    "unlike": (
        CONTAINER,
        lambda c: list(unlike({"Image": ID, "HostConfig": {"NetworkMode": "net"}}, c, {})),
    ),
    "fit": (
        {**CONTAINER, "State": {**CONTAINER["State"], "Running": True}},
        lambda c: ServerContainer(engine_of(c, IMAGE), "app").unfit(Path("/x"), "/y", "app:1"),
    ),
    "digest": (IMAGE, lambda i: image_digest(i, "app:1")),
    "labels": (IMAGE, labels_of),
    "made": (IMAGE, look.made),
    "names": (IMAGE, release_image._names),
    "healthcheck": (IMAGE, lambda i: health.has_healthcheck(i.get("Config") or {})),
    "listed": (LISTED, name_of),
    "nameless": (NOTHING_LISTED, name_of),
    "taken": (LISTED, taken),
    "nothing taken": (NOTHING_LISTED, taken),
    "public": (LISTED, ports._public),
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_left_out_is_empty(name: str) -> None:
    answer, read = READERS[name]
    assert read(lean(answer)) == read(answer)
