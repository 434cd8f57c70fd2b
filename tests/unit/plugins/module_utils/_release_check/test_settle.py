# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release that has just been started is watched until it has settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._release_check.settle import (
    settled_check,
)

from .tools import container, look


def at(seconds_ago: float) -> str:
    return f"{datetime.now(UTC) - timedelta(seconds=seconds_ago):%Y-%m-%dT%H:%M:%S.%f}Z"


def watched(settle: float, ago: float = 1, restarts: int = 0, **state: Any) -> str:
    start = at(ago)
    first = container(state={"StartedAt": start})
    later = container(restarts=restarts, state={"StartedAt": start, **state})
    client = SimpleNamespace(api=SimpleNamespace(inspect_container=lambda _id: later))
    check = settled_check(look(first), client, settle)
    return f"{check.status} {check.code}" if check else ""


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ({}, "pass settled.ok"),
        ({"restarts": 1}, "fail settled.restarted"),
        ({"Restarting": True}, "fail settled.restarted"),
        ({"Running": False, "ExitCode": 3}, "fail settled.ended"),
        ({"OOMKilled": True}, "fail settled.out_of_memory"),
        ({"StartedAt": at(0)}, "fail settled.started_again"),
        ({"Health": {"Status": "unhealthy"}}, "fail settled.unhealthy"),
    ],
)
def test_what_happens_meanwhile(later: dict[str, Any], outcome: str) -> None:
    assert watched(1.6, **later) == outcome


def test_what_has_run_for_long_is_not_watched() -> None:
    assert watched(30, ago=31, restarts=1) == ""
    assert watched(0, ago=0, restarts=1) == ""
