# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real parts: those of the other integration tests, and groups that are removed again."""

from __future__ import annotations

from ansible_collections.vya.observability.tests.integration.checks.conftest import (
    authority,
    collector,
    gateway,
    group,
    own_servers,
    prometheus,
    proxy,
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

__all__ = [
    "authority",
    "base_image",
    "client",
    "collector",
    "gateway",
    "grafana",
    "group",
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
