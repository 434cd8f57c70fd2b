# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the ping service, and the secrets that they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SECRETS = "/run/secrets"


def settings(v: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings, before those of ``ping_settings`` are merged over them."""
    return {
        "host": v["ping_host"],
        "source": {
            "location": v["ping_location"],
            "datacenter": v["ping_datacenter"],
            "country": v["ping_country"],
        },
        "targets": [_target(v, target) for target in v["ping_targets"]],
        "interval_seconds": float(v["ping_interval_seconds"]),
        "buffer": {"directory": "/var/lib/collector"},
        "metrics": {"port": int(v["observability_ports"].get("ping", 9101))},
    }


def secrets(v: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return path and content of each secret."""
    return [
        {"path": _key_file(target), "content": f"{target['api_key']}\n"}
        for target in v["ping_targets"]
    ]


def _target(v: Mapping[str, Any], target: Mapping[str, Any]) -> dict[str, Any]:
    ca = v["ping_ca_mounted"]
    return {
        **{name: target[name] for name in ("name", "location", "url")},
        "api_key_file": _key_file(target),
        "timeout_seconds": float(target.get("timeout_seconds") or v["ping_timeout_seconds"]),
        **({"ca_file": ca} if ca and target["url"].startswith("https:") else {}),
    }


def _key_file(target: Mapping[str, Any]) -> str:
    return f"{SECRETS}/api_key_{target['name']}"
