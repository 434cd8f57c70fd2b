# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a variable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

VAULT = "Put secrets in the vault: ansible-vault edit group_vars/all/vault.yml, in your inventory"


@dataclass(frozen=True)
class Fault:
    """Something that must be corrected before a deploy.

    Args:
        code: What is wrong, for programs: a subject, a dot and a state (``port.invalid``).
        variable: Where; an entry of a list or dictionary as ``collector_databases[n8n].password``.
        expected: What would be right.
        seen: What was found; never the value of a secret.
        fix: The next step, if it is not to correct the variable.
        where: File and line that set the variable, if Ansible knows it.
        host: The host whose variable it is, if that is another than the one that was asked.
        through: The variable in which it was found, if `variable` is what that is made of.
    """

    code: str
    variable: str
    expected: str
    seen: str
    fix: str = ""
    where: str = ""
    through: str = ""
    host: str = ""

    @property
    def message(self) -> str:
        """Return what is wrong, as a sentence."""
        place = f" ({self.where})" if self.where else ""
        return f"{self.variable}{place}: expected {self.expected}; seen: {self.seen}."


def unreadable(variable: str, reason: str) -> Fault:
    """Return the fault of a variable that Ansible cannot evaluate."""
    braces = re.search("(?i)syntax error|template error", reason)
    fix = "If another program is to read its braces, mark the text with !unsafe" if braces else ""
    return Fault("variable.unreadable", variable, "a value", reason, fix)


def some(names: Sequence[str], at_most: int = 5) -> str:
    """Return names as a text; of many, the first and how many there are."""
    more = len(names) - at_most
    return ", ".join(names[:at_most]) + (f" and {more} more" if more > 0 else "")
