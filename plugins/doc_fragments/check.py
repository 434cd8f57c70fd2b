# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that check and change nothing."""

from __future__ import annotations


class ModuleDocFragment:
    """``check``: options of all check modules."""

    DOCUMENTATION = r"""
options:
  deadline:
    description:
      - Seconds for the whole module. A check without a result by then fails.
    type: float
    default: 60.0
  fail_on:
    description:
      - The status of a check that fails the task.
      - With V(never), a later M(vya.observability.check_report) decides over the results of several
        tasks.
    type: str
    default: fail
    choices: [never, fail, warn]
"""
