# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exporter of n8n has said of its run."""

from __future__ import annotations

import json
from collections.abc import Sequence

_ERROR = '"level": "error"'


def errors(lines: Sequence[str]) -> list[str]:
    """Return what a run gives as errors: lines that are no log, then its log's."""
    logged = [json.loads(line) for line in lines if line.startswith('{"time"') and _ERROR in line]
    return [line for line in lines if not line.startswith('{"time"')] + [
        str(
            entry.get("error")
            or (entry.get("exception") or entry.get("message") or "").strip().split("\n")[-1]
        )
        for entry in logged
    ]
