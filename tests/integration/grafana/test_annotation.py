# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""grafana_annotation: one mark, made once."""

from __future__ import annotations

from typing import Any

import pytest

from .bundle_tools import dashboard, run

NAME = "grafana_annotation"


def marks(grafana: Any) -> list[dict[str, Any]]:
    """All marks with the tag C(deploy)."""
    found: list[dict[str, Any]] = grafana.api("GET", "/api/annotations?tags=deploy&type=annotation")
    return found


def test_with_a_key_it_is_made_once_and_updated(grafana: Any) -> None:
    options = {"text": "collector 1 on wf001", "tags": ["deploy"], "key": "release:wf001-1"}
    foreseen = run(grafana, NAME, check=True, **options)
    assert foreseen["changed"]
    assert marks(grafana) == []
    made = run(grafana, NAME, **options)
    assert made["changed"]
    assert made["diff"] == foreseen["diff"]
    assert not run(grafana, NAME, **options)["changed"]
    assert not run(grafana, NAME, check=True, **options)["changed"]
    (held,) = marks(grafana)
    assert sorted(held["tags"]) == ["deploy", "release:wf001-1"]
    changed = run(grafana, NAME, **{**options, "text": "collector 1 on wf001, done"})
    assert changed["changed"]
    (again,) = marks(grafana)
    assert (again["id"], again["time"]) == (held["id"], held["time"])
    assert again["text"] == "collector 1 on wf001, done"


def test_with_a_time_the_same_is_made_once(grafana: Any) -> None:
    options = {"text": "v1", "tags": ["deploy", "wf001"], "time": "2026-01-01T00:00:00Z"}
    assert run(grafana, NAME, **options)["changed"]
    assert not run(grafana, NAME, **options)["changed"]
    assert not run(grafana, NAME, **{**options, "time": "1767225600"})["changed"]
    assert run(grafana, NAME, **{**options, "text": "v2"})["changed"]
    assert run(grafana, NAME, **{**options, "tags": ["deploy"]})["changed"]
    assert len(marks(grafana)) == 3


def test_one_that_lasts_and_one_on_a_panel(grafana: Any) -> None:
    lasts = {"text": "x", "tags": ["deploy"], "time": "1760000000", "time_end": "1760000060"}
    assert run(grafana, NAME, **lasts)["changed"]
    assert not run(grafana, NAME, **lasts)["changed"]
    longer = {**lasts, "time_end": "1760000090"}
    assert run(grafana, NAME, key="k", **lasts)["changed"]
    assert run(grafana, NAME, key="k", **longer)["changed"]
    assert {one["timeEnd"] for one in marks(grafana)} == {1760000060000, 1760000090000}
    grafana.api("POST", "/api/dashboards/db", {"dashboard": dashboard("d1", "One")})
    panel = {"text": "on a panel", "time": "1760000000", "dashboard_uid": "d1", "panel_id": 1}
    assert run(grafana, NAME, **panel)["changed"]
    assert not run(grafana, NAME, **panel)["changed"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"time": "yesterday"}, "grafana.time_invalid"),
        ({"time": "2", "time_end": "1"}, "grafana.times_exchanged"),
        ({"key": "deploy:wf001:1"}, "grafana.tag_invalid"),  # would be cut to deploy:wf001
        ({"tags": ["deploy"], "key": "deploy:1"}, "grafana.tag_name_twice"),  # never found again
    ],
)
def test_bad_times_and_tags_are_refused(grafana: Any, options: Any, code: str) -> None:
    assert run(grafana, NAME, **{"text": "x", **options})["code"] == code
    assert grafana.recorder.requests == []
