# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of a container, and what in it looks like a secret.

Anyone who can run docker inspect can read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# Not KEY alone: GPG_KEY of Python's image is public. Not PWD alone: that is the directory.
_NAME = re.compile(
    r"(PASSWORD|PASSWD|PASSPHRASE|(?<=_)PASS|(?<=_)PWD|SECRET|TOKEN|CREDENTIALS?"
    r"|(API|ACCESS|ENCRYPTION|MASTER|PRIVATE|SECRET|SIGNING)_?KEY)$",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"://[^/\s:@]*:[^/\s@]+@|(^|[\s;?&,])(password|passwd|pwd|secret|token|api_?key)=[^\s;&,]",
    re.IGNORECASE,
)
# Values that say where the secret is (the last form is Grafana's), or whether there is one.
_HARMLESS = re.compile(
    r"^(|true|false|yes|no|on|off|[01]|/run/secrets/.*|\$__file\{.*\})$", re.IGNORECASE
)


def environment_of(entries: Sequence[str] | None) -> dict[str, str]:
    """Return the mapping that Docker lists as `NAME=value`."""
    pairs = (entry.partition("=") for entry in entries or [])
    return {name: value for name, _equals, value in pairs}


def exposed(environment: Mapping[str, str]) -> list[str]:
    """Return the names of variables that look like secrets by name or value, sorted."""
    return sorted(
        name
        for name, value in environment.items()
        if (_NAME.search(name) and not _HARMLESS.match(value)) or _VALUE.search(value)
    )
