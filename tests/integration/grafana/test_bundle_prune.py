# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What grafana_bundle deletes: only what carries the mark, and never more than allowed."""

from __future__ import annotations

from typing import Any

from .bundle_tools import DEAD, bundle, dashboard, did, failure, part, problems, rule, source, whole

NOTHING: dict[str, Any] = {
    "folders": [],
    "datasources": [],
    "dashboards": [],
    "rule_groups": [],
    "contact_points": [],
    "mute_timings": [],
    "templates": [],
    "notification_policy": {"receiver": "hand"},
}


def by_hand(grafana: Any) -> None:
    """Objects of somebody else."""
    api = grafana.api
    api(
        "POST", "/api/datasources", {"name": "Own", "uid": "own", "type": "loki", "access": "proxy"}
    )
    body = {"dashboard": {"uid": "own", "title": "Own", "panels": [], "tags": ["other-mark"]}}
    api("POST", "/api/dashboards/db", body)
    hand = {"uid": "cph", "name": "hand", "type": "email", "settings": {"addresses": "b@c.d"}}
    api("POST", "/api/v1/provisioning/contact-points", hand)
    api("PUT", "/api/v1/provisioning/templates/own", {"template": "{{ define `own` }}x{{ end }}"})
    own = {**rule("own", "Own"), "folderUID": "f1", "ruleGroup": "own", "orgID": 1}
    own |= {"noDataState": "NoData", "execErrState": "Error"}
    api("POST", "/api/v1/provisioning/alert-rules", own)


def test_ours_go_theirs_stay(grafana: Any) -> None:
    bundle(grafana, **whole())
    by_hand(grafana)
    kept = bundle(grafana, **NOTHING)
    assert did(kept, "deleted") == {}
    grafana.recorder.forget()
    code, values = failure(grafana, prune=True, **NOTHING)
    assert (code, values["most"]) == ("grafana.too_many_deletions", 5)
    assert len(values["deletions"]) == 9
    assert "dashboards d1" in values["deletions"]
    assert grafana.recorder.writes == []
    foreseen = bundle(grafana, check=True, prune=True, max_deletions=9, **NOTHING)
    gone = bundle(grafana, prune=True, max_deletions=9, **NOTHING)
    assert foreseen["changes"] == gone["changes"]
    assert did(gone, "deleted") == {
        "datasources": ["logs", "prom"],
        "dashboards": ["d1", "d2"],
        "templates": ["t1"],
        "contact_points": ["cp1", "cp2"],
        "rules": ["r1", "r2"],
    }
    for path in (
        "/api/datasources/uid/own",
        "/api/dashboards/uid/own",
        "/api/v1/provisioning/templates/own",
        "/api/v1/provisioning/alert-rules/own",
        "/api/folders/f1",
    ):
        assert grafana.try_api("GET", path).ok, path
    assert not bundle(grafana, prune=True, **NOTHING)["changed"]


def test_another_mark_is_another_bundle(grafana: Any) -> None:
    bundle(grafana, mark="first", **part("datasources"))
    second = [source(uid="second", name="Second", is_default=False)]
    result = bundle(grafana, mark="second", prune=True, datasources=second)
    assert did(result, "deleted") == {}
    result = bundle(grafana, mark="first", prune=True, datasources=[])
    assert did(result, "deleted") == {"datasources": ["logs", "prom"]}


def test_a_new_dashboard_takes_the_title_of_one_that_goes(grafana: Any) -> None:
    bundle(grafana, **whole())
    items = [{"folder": "f1", "content": dashboard("d9", "One")}]
    if grafana.release < (11, 3):
        taken = [("title_taken", "dashboard d9 (dashboards[0])")]
        assert problems(grafana, dashboards=items) == taken
    result = bundle(grafana, prune=True, dashboards=items)
    assert did(result, "created") == {"dashboards": ["d9"]}
    assert did(result, "deleted") == {"dashboards": ["d1", "d2"]}


def test_a_data_source_that_goes_is_not_there_for_panels(grafana: Any) -> None:
    bundle(grafana, **whole())
    options = part("dashboards", datasources=[source(DEAD, uid="new", name="New")])
    found = problems(grafana, prune=True, **options)
    assert found == [("source_unknown", "dashboard d1"), ("source_unknown", "dashboard d2")]


def test_a_contact_point_in_use_is_not_deleted(grafana: Any) -> None:
    bundle(grafana, **whole())
    found = problems(grafana, prune=True, contact_points=[])
    assert sorted(found) == [("point_in_use", f"contact point {uid}") for uid in ("cp1", "cp2")]
