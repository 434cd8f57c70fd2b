# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names for which Traefik gets certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def acme_services(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each name as service_check takes it: only its certificate counts, not its answer."""
    return [
        {
            "name": host,
            "url": f"https://{host}:{v['traefik_https_port']}/",
            "status": list(range(200, 600)),
        }
        for host in v["traefik_hosts"]
    ]
