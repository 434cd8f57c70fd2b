# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a check module runs, and how it ends when it is stopped."""

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
    """Run a check module and end it.

    Args:
        check: Gets the session, the module's options and the end of its time by the monotonic
            clock. It raises HttpError for a bad option only.
    """
    started, session = time.monotonic(), session_for(module)
    try:
        checks = check(session, module.params, started + module.params["deadline"])
    except HttpError as error:
        fail(module, error)
    exit_with(module, checks, started)


def stopped(error: Interrupted, cleaned: Iterable[Check]) -> Failure:
    """Return the failure of a module that was told to stop.

    Args:
        error: What stopped it.
        cleaned: The checks of what was removed since.

    Returns:
        `checks.stopped`, with the values `by` (the signal) and `cleaned` (code by check).
    """
    checks = list(cleaned)
    left = "; ".join(f"{check.id}: {check.texts['seen']}" for check in checks)
    message = f"the checks were stopped ({error}). Cleaned up: {left}"
    codes = {check.id: check.code for check in checks}
    return Failure("checks.stopped", message, by=str(error), cleaned=codes)
