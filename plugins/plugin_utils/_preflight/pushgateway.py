# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role pushgateway needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import rules
from .fault import Fault

_BCRYPT = re.compile(r"\$2[aby]\$[0-9]{2}\$.{53}")


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "pushgateway_bind_address", "pushgateway_port")
    yield from rules.urls(v, "pushgateway_url")
    certificate, key = "pushgateway_tls_certificate", "pushgateway_tls_key"
    yield from rules.pair(v, certificate, key)
    if v[certificate] and v[key]:
        ca_path = v.get(rules.CA_PATH)
        yield from rules.certificate(certificate, v[certificate], v[key], ca_path=ca_path)
    users = v["pushgateway_basic_auth_users"]
    for name, value in users.items():
        if not _BCRYPT.fullmatch(str(value)):
            where = f"pushgateway_basic_auth_users.{name}"
            step = "Make one with: htpasswd -nbBC 10 NAME PASSWORD"
            yield Fault("hash.invalid", where, "a bcrypt hash", "another text (not shown)", step)
    # Otherwise the deploy would end with a gateway that refuses its own collectors.
    name = "observability_pushgateway_username"
    if users and v[name] not in users:
        expected = f"one of pushgateway_basic_auth_users ({', '.join(users)})"
        step = "Collectors, Prometheus and the validation authenticate with it"
        yield Fault("reference.unknown", name, expected, repr(v[name]), step)
