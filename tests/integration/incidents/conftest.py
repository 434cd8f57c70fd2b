# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real parts: those of the other integration tests, and groups that are removed again."""

from __future__ import annotations

from ..checks.conftest import (
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
from ..container_release.conftest import client, images, release, served
from ..grafana.conftest import grafana
from ..image_build.conftest import base_image, name, options, registry, source, task

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
