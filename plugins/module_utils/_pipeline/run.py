# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the modules of a validation run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._check import Check, exit_with
from .._failure import Failure, fail
from .._http.session import HttpError, Session, session_for
from .._signals import Interrupted

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def run_checks(
    module: AnsibleModule,
    check: Callable[[Session, Mapping[str, Any], float], Sequence[Check]],
) -> None:
    """The whole of a module that checks.

    `check`: takes the session, the module's options and the end of its time, of the monotonic
    clock; raises HttpError for a bad option only.
    """
    started, session = time.monotonic(), session_for(module)
    try:
        checks = check(session, module.params, started + module.params["deadline"])
    except HttpError as error:
        fail(module, error)
    exit_with(module, checks, started)


def stopped(error: Interrupted, cleaned: Iterable[Check]) -> Failure:
    """The outcome of a module that was told to stop, and what it has removed by then."""
    checks = list(cleaned)
    left = "; ".join(f"{check.id}: {check.texts['seen']}" for check in checks)
    message = f"the checks were stopped ({error}). Cleaned up: {left}"
    codes = {check.id: check.code for check in checks}
    return Failure("checks.stopped", message, by=str(error), cleaned=codes)
