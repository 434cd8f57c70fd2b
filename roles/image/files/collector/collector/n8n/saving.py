# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which executions of a workflow n8n keeps. What it does not keep is not there to be counted, so a
share of failed ones only means something where both successes and errors are kept."""

from __future__ import annotations

from typing import Any, NamedTuple


class Saving(NamedTuple):
    """What is kept of executions in production that succeed and that fail, and of manual ones."""

    success: bool = True
    error: bool = True
    manual: bool = True

    @property
    def label(self) -> str:
        """The value of the label ``saved``."""
        if self.success and self.error:
            return "all"
        return "success" if self.success else "error" if self.error else "none"


def saving(settings: Any, default: Saving) -> Saving:
    """As the settings of a workflow say; ``default`` where they leave it to n8n's own."""
    if not isinstance(settings, dict):
        return default
    # "all", "none" or "DEFAULT"; true, false or "DEFAULT".
    known = {"all": True, "none": False, "True": True, "False": False}

    def of(name: str, otherwise: bool) -> bool:
        return known.get(str(settings.get(name)), otherwise)

    return Saving(
        of("saveDataSuccessExecution", default.success),
        of("saveDataErrorExecution", default.error),
        of("saveManualExecutions", default.manual),
    )
