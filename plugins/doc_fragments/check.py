# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that check and change nothing."""

from __future__ import annotations


class ModuleDocFragment:
    """C(check): what all check modules have in common."""

    DOCUMENTATION = r"""
options:
  deadline:
    description:
      - Seconds for the whole module. A probe that has no result by then is a failed check.
    type: float
    default: 60.0
  fail_on:
    description:
      - Which status of a check fails the task.
      - V(never) leaves that to a later M(vya.observability.check_report), which takes the results
        of several tasks.
    type: str
    default: fail
    choices: [never, fail, warn]
"""
