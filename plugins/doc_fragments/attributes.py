# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module documents: its Python, check mode, diff mode and idempotence."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of modules that change something, and of those that only read."""

    DOCUMENTATION = r"""
options: {}
requirements:
  - Python 3.9 or newer, where the module runs
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return what would change, without changing it.
  diff_mode:
    support: full
    description: Returns what changed, or would change, with C(--diff). Secrets are not shown.
  idempotent:
    support: full
    description: A second run with the same options changes nothing.
"""

    INFO = r"""
options: {}
requirements:
  - Python 3.9 or newer, where the module runs
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
