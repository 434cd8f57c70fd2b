# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is printed while a drill runs."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.action.alert_drill import line_of

WAIT: dict[str, Any] = {"alert": "Some", "hop": "firing", "since": 0.0, "until": 60.0}


def test_what_is_waited_for_and_what_is_away() -> None:
    line = line_of({"waits": [WAIT], "failed": ""})
    assert all(said in line for said in ("Some", "firing", ":00:00", ":01:00"))
    assert "GET http://a" in line_of({"waits": [WAIT], "failed": "GET http://a"})
    assert line_of({"waits": [], "failed": ""}) == ""


def test_many_alerts_fit_on_a_line() -> None:
    waits = [{**WAIT, "alert": f"Alert{number}"} for number in range(30)]
    line = line_of({"waits": waits, "failed": ""})
    assert "Alert2" in line
    assert "Alert3" not in line
    assert "27" in line
