# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module says of check mode, diff and idempotence."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of a module that changes something, and of one that only looks."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and says what a run would change, without changing it.
  diff_mode:
    support: full
    description: Returns what changed, or would change, with C(--diff). Secrets are not shown.
  idempotent:
    support: full
    description: A second run with the same options changes nothing.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Changes nothing, so it does the same in C(check_mode).
  diff_mode:
    support: N/A
    description: Changes nothing, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
"""
