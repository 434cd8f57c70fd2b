# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks say, in English: the catalogue that every other language follows."""

from __future__ import annotations

from . import (
    check,
    docker,
    drill,
    folder,
    grafana,
    http_errors,
    inventory,
    logs,
    metrics,
    ping,
    playbooks,
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
    logs,
    release_check,
    drill,
    roles,
    http_errors,
    folder,
    docker,
    metrics,
    grafana,
    playbooks,
)
TEXTS = {code: text for room in ROOMS for code, text in room.TEXTS.items()}
