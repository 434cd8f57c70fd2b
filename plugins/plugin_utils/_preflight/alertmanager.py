# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role alertmanager needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import rules
from .fault import VAULT, Fault

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# Receivers of the role's own.
_RESERVED = ("nobody", "drill")


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "alertmanager_bind_address", "alertmanager_port")
    names = ("alertmanager_url", "alertmanager_existing_url", "alertmanager_drill_webhook_url")
    yield from rules.login(v, "alertmanager_existing")
    yield from rules.urls(v, *names, optional=names[2:])
    yield from _receivers(v)
    yield from _references(v)
    yield from _smtp(v)
    if v["alertmanager_existing_config_directory"]:
        yield from rules.deep_path(v, "alertmanager_existing_config_directory")
        name = "alertmanager_existing_mount_path"
        if not re.fullmatch("/[^/]+.*", str(v[name])):
            yield Fault("path.invalid", name, "an absolute path", repr(v[name]))
        pattern = "[A-Za-z0-9][A-Za-z0-9_.-]*[.]ya?ml"
        expected = "a file name that ends in .yml or .yaml"
        yield from rules.matches(v, "alertmanager_existing_config_file", pattern, expected)


def _receivers(v: rules.Variables) -> Iterator[Fault]:
    variable = "alertmanager_receivers"
    yield from rules.once(variable, (each["name"] for each in v[variable]))
    for each in v[variable]:
        where = f"{variable}[{each['name']}]"
        if not _NAME.fullmatch(each["name"]):
            expected = "names of letters, digits, _ and -"
            yield Fault("name.invalid", variable, expected, repr(each["name"]))
        if each["name"] in _RESERVED:
            expected = f"a name other than {' and '.join(_RESERVED)}"
            yield Fault("name.reserved", variable, expected, each["name"])
        for hook in each.get("webhooks") or ():
            given = [name for name in ("url", "secret_url") if name in hook]
            if len(given) != 1:
                seen = " and ".join(given) or "neither"
                yield Fault("webhook.url", f"{where}.webhooks", "either url or secret_url", seen)
        for chat in each.get("telegram") or ():
            if chat.get("api_url"):
                yield from rules.url(f"{where}.telegram.api_url", chat["api_url"])


def _references(v: rules.Variables) -> Iterator[Fault]:
    """Yield receivers that are used but do not exist."""
    names = [each["name"] for each in v["alertmanager_receivers"]]
    used: list[tuple[str, Any]] = [
        (f"{variable}.{key}", settings.get("receiver"))
        for variable in ("alertmanager_severities", "alertmanager_hosts")
        for key, settings in v[variable].items()
    ]
    for variable, name in [
        ("alertmanager_default_receiver", v["alertmanager_default_receiver"]),
        *used,
    ]:
        if name and name not in names:
            expected = f"a receiver of alertmanager_receivers ({', '.join(names) or 'none'})"
            yield Fault("reference.unknown", variable, expected, name)
    variable = "alertmanager_routes"
    routes = list(_routes(v[variable]))
    for name in dict.fromkeys(route.get("receiver") for route in routes):
        if isinstance(name, str) and name not in (*names, *_RESERVED):
            expected = f"a receiver of alertmanager_receivers ({', '.join(names) or 'none'})"
            yield Fault("reference.unknown", variable, expected, name)
    known = [each.get("name") for each in v["alertmanager_time_intervals"]]
    for name in dict.fromkeys(str(name) for route in routes for name in _times(route)):
        if name not in known:
            expected = (
                f"a name of alertmanager_time_intervals ({', '.join(map(str, known)) or 'none'})"
            )
            yield Fault("reference.unknown", variable, expected, name)


def _routes(routes: Any) -> Iterator[Mapping[str, Any]]:
    """Yield routes and those below them; what has another shape is Alertmanager's to refuse."""
    for route in routes if isinstance(routes, (list, tuple)) else ():
        if isinstance(route, Mapping):
            yield route
            yield from _routes(route.get("routes"))


def _times(route: Mapping[str, Any]) -> Iterator[Any]:
    for key in ("mute_time_intervals", "active_time_intervals"):
        names = route.get(key)
        yield from names if isinstance(names, (list, tuple)) else ()


def _smtp(v: rules.Variables) -> Iterator[Fault]:
    smtp, variable = v["alertmanager_smtp"], "alertmanager_smtp"
    if any(each.get("emails") for each in v["alertmanager_receivers"]):
        missing = [name for name in ("smarthost", "from") if name not in smtp]
        if missing:
            expected = "smarthost and from, since a receiver has emails"
            yield Fault("smtp.incomplete", variable, expected, f"no {' and no '.join(missing)}")
    if bool(smtp.get("username")) != bool(smtp.get("password")):
        expected = "username and password, or neither"
        yield Fault("pair.incomplete", variable, expected, "one of them", VAULT)
