# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role prometheus needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._alerts.files import alerts
from . import rules
from .fault import Fault
from .names import key_faults
from .options import option_faults

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_WRITE_PATH = re.compile(r"https?://[^/]+/.*")


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "prometheus_bind_address", "prometheus_port")
    write, runbooks = "prometheus_remote_write_url", "prometheus_runbook_url"
    names = ("prometheus_url", write, runbooks, "prometheus_existing_url")
    yield from rules.login(v, "prometheus_existing")
    yield from rules.urls(v, *names, optional=[write])
    if v[write] and not _WRITE_PATH.fullmatch(v[write]):
        yield Fault("url.no_path", write, "a URL with a path", rules.shown(v[write]))
    if v[runbooks].endswith("/"):
        yield Fault("url.slash", runbooks, "no slash at its end", v[runbooks])
    yield from rules.targets(v, "prometheus_pushgateway_target")
    optional = ("prometheus_traefik_target", "prometheus_alertmanager_targets")
    yield from rules.targets(v, *optional, optional=optional)
    yield from rules.pair(v, "prometheus_pushgateway_username", "prometheus_pushgateway_password")
    yield from rules.pair(v, "prometheus_remote_write_username", "prometheus_remote_write_password")
    for name in v["prometheus_targets"]:
        if not _NAME.fullmatch(name):
            expected = "names of letters, digits, _, . and -"
            yield Fault("name.invalid", "prometheus_targets", expected, repr(name))
    for name in v["prometheus_rules"]:
        if name.startswith("vya-"):
            expected = "no name that begins with vya-"
            yield Fault("name.reserved", "prometheus_rules", expected, name)
    yield from _alerts(v["prometheus_alerts"])
    if v["prometheus_existing_rules_directory"]:
        yield from rules.deep_path(v, "prometheus_existing_rules_directory")


def _alerts(changed: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Yield changes of alerts that there are not, or that are of another type."""
    known, variable = alerts(), "prometheus_alerts"
    yield from key_faults(variable, known, changed)
    for name in known.keys() & changed.keys():
        settings = changed[name]
        values = known[name].get("values", {})
        options: dict[str, dict[str, Any]] = {
            "enabled": {"type": "bool"},
            "severity": {"choices": ["info", "warning", "critical"]},
            "for": {"type": "str"},
            **{key: {"type": value["type"]} for key, value in values.items()},
        }
        spec = {variable: {"type": "dict", "options": {name: {"type": "dict", "options": options}}}}
        yield from option_faults(spec, [variable], {variable: {name: settings}})
        lasts = settings.get("for", "0m") if isinstance(settings, Mapping) else "0m"
        yield from rules.duration(f"{variable}.{name}.for", lasts)
