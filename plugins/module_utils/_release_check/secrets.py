# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret in the environment of a container, of a release or of a foreign one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from .._check import Check
from .._docker.environment import exposed

SECRETS_EXPECTED = "no container has a secret in its environment"


class Accepted(NamedTuple):
    """Shell patterns of a container's name and of a variable's."""

    container: str
    variable: str

    def permits(self, container: str, variable: str) -> bool:
        """Whether both are meant."""
        return fnmatchcase(container, self.container) and fnmatchcase(variable, self.variable)


def read_accepted(text: str) -> Accepted:
    """`CONTAINER:VARIABLE`, both may be shell patterns.

    Raises:
        ValueError: it is something else.
    """
    match = re.match(r"^([^:\s]+):([^:\s]+)$", text)
    if not match:
        raise ValueError(f"expected CONTAINER:VARIABLE, got {text!r}")
    return Accepted(match[1], match[2])


def secrets_check(
    host: str, environments: Mapping[str, Mapping[str, str]], accepted: Sequence[Accepted]
) -> Check:
    """Of each container's environment; names variables, never values."""
    fine: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for container, environment in sorted(environments.items()):
        for variable in exposed(environment):
            known = any(one.permits(container, variable) for one in accepted)
            (fine if known else wrong).append((container, variable))
    check_id = f"secrets {host}"
    if not wrong:
        number = len(environments)
        seen = "none in 1 container" if number == 1 else f"none in {number} containers"
        seen += f"; accepted: {_listed(fine)}" if fine else ""
        return Check(check_id, "pass", SECRETS_EXPECTED, seen)
    cause = "everyone who may run docker inspect reads them, and whoever is sent its output"
    fix = (
        "give the program a file (*_FILE, secrets of container_release) and change the secret, or "
        f"add {wrong[0][0]}:{wrong[0][1]} to accepted_secrets"
    )
    return Check(check_id, "warn", SECRETS_EXPECTED, _listed(wrong), cause, fix)


def _listed(found: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{container} {variable}" for container, variable in found)
