# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role n8n_exporter needs."""

from __future__ import annotations

from collections.abc import Iterator

from . import rules
from .fault import VAULT, Fault

_FIELD = "[0-9*,/A-Za-z-]+"


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    exporters = v["n8n_exporter_exporters"]
    n8n, gateway = "n8n_exporter_url", "n8n_exporter_pushgateway_url"
    storage = "n8n_exporter_victoriametrics_url"
    optional = [storage, *([] if "executions" in exporters else [n8n])]
    yield from rules.urls(
        v, n8n, gateway, storage, optional=optional + ([gateway] if v[storage] else [])
    )
    yield from rules.host_name(v, "n8n_exporter_host")
    pattern = f"{_FIELD}( {_FIELD}){{4}}"
    yield from rules.matches(v, "n8n_exporter_schedule", pattern, "the five fields of cron")
    yield from rules.once("n8n_exporter_exporters", exporters)
    if "executions" in exporters and not rules.VISIBLE.fullmatch(v["n8n_exporter_api_key"]):
        seen = "empty, or with a blank or another character (not shown)"
        expected = "a key of visible ASCII characters, for executions"
        yield Fault("key.invalid", "n8n_exporter_api_key", expected, seen, VAULT)
    if "nodes" in exporters:
        for name in ("host", "user", "password"):
            variable = f"n8n_exporter_database_{name}"
            if not v[variable]:
                yield Fault("value.missing", variable, "a value, for nodes", "empty", VAULT)
    yield from rules.pair(
        v, "n8n_exporter_pushgateway_username", "n8n_exporter_pushgateway_password"
    )
