# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector's settings, and the secrets that they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SECRETS = "/run/secrets"


def settings(v: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings, before those of ``collector_settings`` are merged over them."""
    ca, storage = v["collector_ca_mounted"], v["collector_victoriametrics_url"]
    username, writer = v["collector_pushgateway_username"], v["collector_victoriametrics_username"]
    return {
        "host": v["collector_host"],
        "region": v["collector_region"],
        "location": v["collector_location"],
        "api": {
            "port": int(v["observability_ports"]["collector_api"]),
            "keys_file": f"{SECRETS}/api_keys",
        },
        "metrics": {"port": int(v["observability_ports"]["collector_metrics"])},
        "databases": [_database(database) for database in v["collector_databases"]],
        "pushgateway": {
            "url": v["collector_pushgateway_url"],
            "interval_seconds": float(v["collector_pushgateway_interval_seconds"]),
            "timeout_seconds": float(v["collector_pushgateway_timeout_seconds"]),
            **({"ca_file": ca} if ca else {}),
            **(
                {"username": username, "password_file": f"{SECRETS}/pushgateway_password"}
                if username
                else {}
            ),
        },
        "victoriametrics": {
            "url": storage,
            "spool_directory": "/var/lib/collector/spool",
            **(
                {"username": writer, "password_file": f"{SECRETS}/victoriametrics_password"}
                if writer
                else {}
            ),
        }
        if storage
        else None,
    }


def secrets(v: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return path and content of each secret."""
    found = {"api_keys": "".join(f"{key}\n" for key in v["collector_api_keys"])}
    if v["collector_pushgateway_username"]:
        found["pushgateway_password"] = v["collector_pushgateway_password"]
    if v["collector_victoriametrics_url"] and v["collector_victoriametrics_username"]:
        found["victoriametrics_password"] = v["collector_victoriametrics_password"]
    for database in v["collector_databases"]:
        found[f"database_{database['name']}"] = database["password"]
    return [{"path": f"{SECRETS}/{name}", "content": content} for name, content in found.items()]


def _database(database: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in database.items() if name != "password"}
    if "port" in shown:
        shown["port"] = int(shown["port"])
    return {**shown, "password_file": f"{SECRETS}/database_{database['name']}"}
