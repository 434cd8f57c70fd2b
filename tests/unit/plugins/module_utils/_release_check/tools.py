# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release as Docker shows it."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._docker.labels import LABEL_PREFIX
from ansible_collections.vya.observability.plugins.module_utils._release.slots import Slots
from ansible_collections.vya.observability.plugins.module_utils._release_check.look import Look

OLD, NEW = (f"sha256:{letter * 64}" for letter in "ab")
TAG = "example/app:1.0"
SOURCE = f"{LABEL_PREFIX}source-digest"


def image(digest: str, source: str = "", **more: Any) -> dict[str, Any]:
    return {
        "Id": digest,
        "Created": "2026-11-24T20:37:25.076618481Z",
        "Config": {"Labels": {SOURCE: source} if source else {}},
        "RepoTags": [TAG],
        "RepoDigests": [],
        **more,
    }


def container(runs: str = OLD, created: str = "2026-11-24T20:39:02Z", **more: Any) -> Any:
    """As Docker's inspect has it; `more`: labels of the deploy, state."""
    labels = {"image-id": OLD, "image-reference": TAG, "release": "r1", **more.pop("labels", {})}
    state = {
        "Status": "running",
        "Running": True,
        "Paused": False,
        "Restarting": False,
        "OOMKilled": False,
        "ExitCode": 0,
        "Pid": 0,
        "StartedAt": "2026-11-24T20:39:03.1Z",
        "Health": {"Status": "healthy"},
        **more.pop("state", {}),
    }
    return {
        "Id": "c1",
        "Name": "/app",
        "Image": runs,
        "Created": created,
        "RestartCount": more.pop("restarts", 0),
        "State": state,
        "Config": {
            "Image": runs,
            "Labels": {f"{LABEL_PREFIX}{k}": v for k, v in labels.items() if v},
        },
        "HostConfig": {"PortBindings": {}, "Memory": 64 << 20},
        "NetworkSettings": {"Ports": {}},
        **more,
    }


def look(current: Any = None, named: Any = None, previous: Any = None, **more: Any) -> Look:
    current = current or container()
    given = {"image": image(OLD), "named": named or {TAG: image(OLD)}, **more}
    return Look("h", "app", Slots(current=current, previous=previous), current, **given)
