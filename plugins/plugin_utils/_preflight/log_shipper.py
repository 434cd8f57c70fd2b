# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role log_shipper needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import rules
from .fault import Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.urls(v, "log_shipper_loki_url")
    yield from rules.pair(v, "log_shipper_loki_username", "log_shipper_loki_password")
    expected = "a Go duration such as 6h"
    yield from rules.matches(v, "log_shipper_buffer", "([0-9]+(ms|[smh]))+", expected)
    # Loki takes any value; one with blanks is a mistake.
    yield from rules.matches(v, "log_shipper_host", "[A-Za-z0-9][A-Za-z0-9_.-]*", "a host's name")
    name = "log_shipper_excluded_containers"
    for pattern in v[name]:
        try:
            re.compile(pattern)
        except re.error as error:
            yield Fault("pattern.invalid", name, "regular expressions", f"{pattern!r} ({error})")
    check = str(v["log_shipper_existing_check"]).strip()
    if check and "%s" not in check:
        where, expected = "log_shipper_existing_check", "a command with %s, the file's path"
        yield Fault("value.invalid", where, expected, check)
