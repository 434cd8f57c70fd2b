# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VAULT = "Put secrets in the vault: ansible-vault edit inventories/NAME/group_vars/all/vault.yml"


@dataclass(frozen=True)
class Fault:
    """Something that must be corrected before a deploy.

    Args:
        code: What is wrong, for programs: a subject, a dot and a state (``port.invalid``).
        variable: Where; an entry of a list or dictionary as ``collector_databases[n8n].password``.
        expected: What would be right.
        seen: What was found; never the value of a secret.
        fix: The next step, if it is not to correct the variable.
    """

    code: str
    variable: str
    expected: str
    seen: str
    fix: str = ""

    @property
    def message(self) -> str:
        """Return what is wrong, as a sentence."""
        return f"{self.variable}: expected {self.expected}; seen: {self.seen}."


def told(faults: Sequence[Fault]) -> str:
    """Return all faults as one text, with each next step once."""
    steps = dict.fromkeys(f"{fault.fix}." for fault in faults if fault.fix)
    return " ".join([*(fault.message for fault in faults), *steps])
