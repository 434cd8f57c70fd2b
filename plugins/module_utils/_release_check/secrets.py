# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether the environments of containers contain secrets; of releases and of all others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from .._check import Ask, Check
from .._docker.environment import exposed
from .._texts.text import text


class Accepted(NamedTuple):
    """Shell patterns for the names of a container and of a variable."""

    container: str
    variable: str

    def permits(self, container: str, variable: str) -> bool:
        """Return whether both names match."""
        return fnmatchcase(container, self.container) and fnmatchcase(variable, self.variable)


def read_accepted(given: str) -> Accepted:
    """Return what `CONTAINER:VARIABLE` describes; both may be shell patterns.

    Raises:
        ValueError: It is something else.
    """
    match = re.match(r"^([^:\s]+):([^:\s]+)$", given)
    if not match:
        raise ValueError(f"expected CONTAINER:VARIABLE, got {given!r}")
    return Accepted(match[1], match[2])


def secrets_check(
    host: str, environments: Mapping[str, Mapping[str, str]], accepted: Sequence[Accepted]
) -> Check:
    """Judge whether environments contain secrets. It shows names of variables, never values.

    Args:
        environments: The variables of each container, by its name.
    """
    fine: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for container, environment in sorted(environments.items()):
        for variable in exposed(environment):
            known = any(one.permits(container, variable) for one in accepted)
            (fine if known else wrong).append((container, variable))
    ask = Ask("secrets", host, containers=len(environments))
    if wrong:
        return ask.warn("exposed", variables=_listed(wrong), first=":".join(wrong[0]))
    return ask.ok(accepted=_listed(fine) or text("none"))


def _listed(found: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{container} {variable}" for container, variable in found]
