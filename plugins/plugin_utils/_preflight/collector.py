# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role collector needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import rules
from .fault import VAULT, Fault

# Where the role puts its own files in the container.
_OWN = re.compile(
    r"/etc/collector/(collector[.]json|ca[.]crt)"
    r"|/run/secrets/(api_keys|pushgateway_password|database_.*)"
)


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "collector_bind_address", "collector_api_port")
    address, port = "collector_metrics_bind_address", "collector_metrics_port"
    yield from rules.listens(v, address, port, private=True)
    if str(v["collector_api_port"]) == str(v[port]):
        expected = "another port than collector_api_port"
        yield Fault("port.twice", port, expected, str(v[port]))
    names = ("collector_url", "collector_pushgateway_url", "collector_victoriametrics_url")
    yield from rules.urls(v, *names, optional=names[2:])
    yield from rules.host_name(v, "collector_host")
    yield from rules.host(v, "collector_ca_host")
    expected = "the host's region, such as usa: a lower case letter, then letters, digits, _ and -"
    yield from rules.matches(v, "collector_region", "[a-z][a-z0-9_-]*", expected)
    yield from rules.not_ours(v, "collector_region")
    yield from rules.once(
        "collector_databases", (each["name"] for each in v["collector_databases"])
    )
    yield from _extra_paths(v)
    yield from _secrets(v)


def _extra_paths(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong with the user's own files in the container."""
    known: list[str] = []
    for name in ("collector_extra_files", "collector_extra_secrets"):
        for path in (str(each["path"]) for each in v[name]):
            if not path.startswith("/"):
                yield Fault("path.invalid", name, "absolute paths", path)
            if _OWN.fullmatch(path):
                yield Fault("path.reserved", name, "paths that the role does not use itself", path)
            if path in known:
                yield Fault("name.twice", name, "each path once", path)
            known.append(path)


def _secrets(v: rules.Variables) -> Iterator[Fault]:
    keys = [str(key) for key in v["collector_api_keys"]]
    if len(keys) not in (1, 2):
        expected = "one key, or two while it is rotated"
        yield Fault("key.count", "collector_api_keys", expected, f"{len(keys)} keys", VAULT)
    elif len(set(keys)) < len(keys):
        yield Fault("key.twice", "collector_api_keys", "keys that differ", "the same key twice")
    if any(len(key) < 16 or not rules.VISIBLE.fullmatch(key) for key in keys):
        expected = "keys of at least 16 visible ASCII characters"
        seen = "a shorter one, or one with a blank or another character (not shown)"
        yield Fault("key.weak", "collector_api_keys", expected, seen, VAULT)
    yield from rules.pair(v, "collector_pushgateway_username", "collector_pushgateway_password")
    for each in v["collector_databases"]:
        if not each["password"]:
            where = f"collector_databases[{each['name']}].password"
            yield Fault("password.missing", where, "a password", "none", VAULT)
