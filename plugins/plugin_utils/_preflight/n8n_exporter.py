# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role n8n_exporter needs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from ...module_utils._release.readers import read_memory
from . import rules
from .fault import VAULT, Fault

_FIELD = "[0-9*,/A-Za-z-]+"
# As the collector itself computes it: collector/n8n/memory.py.
_DEFAULTS = {
    "executions": {"workflows": 1000},
    "nodes": {"data_bytes": 1048576, "nodes": 1000},
}
_BASE = {"executions": 68 << 20, "nodes": 56 << 20}
_FACTORS = {"workflows": 12 << 10, "data_bytes": 28, "nodes": 9 << 10}


def needed(exporter: str, limits: dict[str, Any]) -> int:
    """Return the bytes that a run may need, 0 if the settings are not numbers."""
    values = {name: limits.get(name, value) for name, value in _DEFAULTS[exporter].items()}
    if not all(isinstance(value, int) for value in values.values()):
        return 0
    return _BASE[exporter] + sum(_FACTORS[name] * value for name, value in values.items())


def _memory(v: rules.Variables) -> Iterator[Fault]:
    name = "n8n_exporter_memory"
    seen = str(v[name] or "")
    try:
        usable = read_memory(seen) or math.inf
    except ValueError:
        return  # told with those of other roles
    # It stands in a command line, too, which a blank would end.
    if not re.fullmatch("[0-9.]+[bkmg]?b?", seen.lower()):
        yield Fault("value.invalid", name, "a size such as 256m", repr(v[name]))
        return
    for exporter in v["n8n_exporter_exporters"]:
        settings = v[f"n8n_exporter_{exporter}_settings"]
        limits = settings.get("limits") if isinstance(settings, dict) else None
        wanted = needed(exporter, limits if isinstance(limits, dict) else {})
        if wanted > usable:
            caps = " and ".join(f"limits.{each}" for each in _DEFAULTS[exporter])
            expected = f"at least {-(-wanted >> 20)}m, for {caps} of {exporter}"
            yield Fault("value.invalid", name, expected, seen)


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
    yield from rules.host(v, "n8n_exporter_ca_host")
    pattern = f"{_FIELD}( {_FIELD}){{4}}"
    yield from rules.matches(v, "n8n_exporter_schedule", pattern, "the five fields of cron")
    yield from rules.once("n8n_exporter_exporters", exporters)
    yield from _memory(v)
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
