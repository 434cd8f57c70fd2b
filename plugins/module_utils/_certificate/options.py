# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module certificate_local."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "path": {"type": "path", "required": True},
    "names": {"type": "list", "elements": "str", "required": True},
    "common_name": {"type": "str"},
    "ca_common_name": {"type": "str", "default": "vya.observability local CA"},
    "days": {"type": "int", "default": 365},
    "ca_days": {"type": "int", "default": 3650},
    "renew_days": {"type": "int", "default": 30},
    "replace_ca": {"type": "bool", "default": False},
    "owner": {"type": "int"},
    "group": {"type": "int"},
}
