# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks say, in the Portuguese of Brazil."""

from __future__ import annotations

from . import (
    check,
    docker,
    drill,
    folder,
    grafana,
    http,
    inventory,
    metrics,
    ping,
    release_check,
    roles,
    roundtrip,
    services,
    target,
)

ROOMS = (
    check,
    services,
    ping,
    target,
    roundtrip,
    inventory,
    release_check,
    drill,
    roles,
    http,
    folder,
    docker,
    metrics,
    grafana,
)
TEXTS = {code: text for room in ROOMS for code, text in room.TEXTS.items()}
