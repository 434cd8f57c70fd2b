# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._fleet.inventory import Fleet

ROOT = Path(__file__).parents[5]
COLLECTOR: dict[str, Any] = {
    "collector_url": "https://api.example.com",
    "collector_api_keys": ["a key"],
    "collector_pushgateway_interval_seconds": 60,
    "collector_databases": [{"name": "n8n", "host": "postgresql", "password": "not shown"}],
    "collector_container_name": "prod-collector-api",
    "collector_victoriametrics_url": "http://192.0.2.9:8428",
}
EXPORTER: dict[str, Any] = {
    "n8n_exporter_exporters": ["executions", "nodes"],
    "n8n_exporter_schedule": "*/3 * * * *",
    "n8n_exporter_victoriametrics_url": "",
}


def fleet(**groups: Mapping[str, Mapping[str, Any]]) -> Fleet:
    """Return a fleet of these groups: variables by host. A host may be in several."""
    known: dict[str, dict[str, Any]] = {}
    for hosts in groups.values():
        for host, variables in hosts.items():
            defaults = {"inventory_hostname": host, "observability_services": []}
            known.setdefault(host, defaults).update(variables)
    return Fleet({group: list(hosts) for group, hosts in groups.items()}, known.__getitem__)
