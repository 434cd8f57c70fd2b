# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that several check modules have in common."""

from __future__ import annotations

from typing import Any

from .._check import check_argument_spec
from .._http.session import auth_argument_spec, connection_argument_spec

Spec = dict[str, dict[str, Any]]
SERVER: Spec = {"url": {"type": "str", "required": True}, **auth_argument_spec()}
STORE: Spec = {
    **SERVER,
    "kind": {
        "type": "str",
        "choices": ["victoriametrics", "prometheus"],
        "default": "victoriametrics",
    },
    "delete_url": {"type": "str"},
}
SCRAPER: Spec = {**SERVER, "scrape_job": {"type": "str", "default": "pushgateway"}}
WAIT = {"type": "float", "default": 45.0}


def argument_spec(own: Spec) -> Spec:
    """Return the argument spec of a check module: its own options and those that all have."""
    return {**own, **connection_argument_spec(), **check_argument_spec()}
