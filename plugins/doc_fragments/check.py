# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that check and change nothing."""

from __future__ import annotations


class ModuleDocFragment:
    """``check``: options of all check modules; ``check.fail_on``: of others that check, too."""

    FAIL_ON = r"""
options:
  fail_on:
    description:
      - The status of a check that fails the task. V(warn) includes V(fail).
      - With V(never), a later M(vya.observability.check_report) decides over the results of several
        tasks.
    type: str
    default: fail
    choices: [never, fail, warn]
"""
    DOCUMENTATION: str = f"""{FAIL_ON}
  deadline:
    description:
      - Seconds for the whole module. A check without a result by then fails.
    type: float
    default: 60.0
"""
