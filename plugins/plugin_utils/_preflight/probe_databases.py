# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role probe_databases needs."""

from __future__ import annotations

from collections.abc import Iterator

from . import rules
from .fault import VAULT, Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    ports = ("probe_databases_postgresql_port", "probe_databases_mariadb_port")
    yield from rules.listens(v, "probe_databases_bind_address", *ports)
    expected = "at least 16 letters, digits, - and _"
    pattern = "[A-Za-z0-9_-]{16,}"
    yield from rules.matches(v, "probe_databases_password", pattern, expected, secret=True)
    name = "probe_databases_admin_password"
    if len(v[name]) < 16:
        expected, seen = "at least 16 characters", f"{len(v[name])} characters"
        yield Fault("password.weak", name, expected, seen, VAULT)
    for name in ("probe_databases_user", "probe_databases_database"):
        yield from rules.matches(v, name, "[a-z_][a-z0-9_]*", "a plain lower case name")
