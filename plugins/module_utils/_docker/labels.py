# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The labels that this collection sets on containers and images."""

from __future__ import annotations

from typing import Any

LABEL_PREFIX = "io.vya.observability."

LABEL_NAME = LABEL_PREFIX + "name"
LABEL_RELEASE = LABEL_PREFIX + "release"
LABEL_CONFIG_DIGEST = LABEL_PREFIX + "config-digest"
LABEL_IMAGE_ID = LABEL_PREFIX + "image-id"
LABEL_IMAGE_REFERENCE = LABEL_PREFIX + "image-reference"
LABEL_IMAGE_DIGEST = LABEL_PREFIX + "image-digest"
LABEL_RESTART_POLICY = LABEL_PREFIX + "restart-policy"
LABELS_OF_RELEASE = (
    LABEL_NAME,
    LABEL_RELEASE,
    LABEL_CONFIG_DIGEST,
    LABEL_IMAGE_ID,
    LABEL_IMAGE_REFERENCE,
    LABEL_IMAGE_DIGEST,
    LABEL_RESTART_POLICY,
)

# For containers that run once. Values: the directory that is checked, the image's id.
LABEL_CHECK = LABEL_PREFIX + "check"
LABEL_CHECK_OLD = "vya.observability.check"
LABEL_SMOKE = LABEL_PREFIX + "smoke"
# Containers and volumes that try a backup. Value: the service's name.
LABEL_SCRATCH = LABEL_PREFIX + "scratch"

LABEL_REVISION = "org.opencontainers.image.revision"
LABEL_VERSION = "org.opencontainers.image.version"
LABEL_SOURCE = LABEL_PREFIX + "source-digest"
LABEL_BASE = LABEL_PREFIX + "base-image"
LABEL_BUILD = LABEL_PREFIX + "build"
# A Dockerfile gives this label to stages whose images are not worth keeping as a cache.
LABEL_STAGE = LABEL_PREFIX + "stage"


def labels_of(image: dict[str, Any] | None) -> dict[str, str]:
    """Return the image's labels."""
    return ((image or {}).get("Config") or {}).get("Labels") or {}
