# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real parts: those of the other integration tests, and groups that are removed again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.tests.integration.checks.conftest import (
    authority,
    collector,
    gateway,
    own_servers,
    prometheus,
    proxy,
    push,
    servers,
    storage,
)
from ansible_collections.vya.observability.tests.integration.container_release.conftest import (
    client,
    images,
    release,
    served,
)
from ansible_collections.vya.observability.tests.integration.grafana.conftest import grafana
from ansible_collections.vya.observability.tests.integration.image_build.conftest import (
    base_image,
    name,
    options,
    registry,
    source,
    task,
)

from .tools import TEXT

__all__ = [
    "authority",
    "base_image",
    "client",
    "collector",
    "gateway",
    "grafana",
    "images",
    "name",
    "options",
    "own_servers",
    "prometheus",
    "proxy",
    "registry",
    "release",
    "served",
    "servers",
    "source",
    "storage",
    "task",
]


@pytest.fixture
def group(gateway: str) -> Iterator[Callable[..., dict[str, Any]]]:
    """Push a group to the shared gateway; it is removed after the test."""
    pushed = []

    def make(job: str = "", instance: str = "", text: str = TEXT) -> dict[str, Any]:
        instance = instance or f"h{uuid.uuid4().hex[:8]}"
        job = job or f"job_{instance}"
        assert push(gateway, job, instance, text) == 200
        pushed.append(f"{gateway}/metrics/job/{job}/instance/{instance}")
        return {"host": instance, "job": job}

    yield make
    for url in pushed:
        requests.delete(url, timeout=5)
