# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""grafana_bundle: what it makes, that it makes it once, and what a cut leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._grafana.registry import NAMES

from .bundle_tools import (
    HOOK_PASSWORD,
    PASSWORD,
    SETUP,
    WHOLE,
    bundle,
    dashboard,
    did,
    failure,
    panel,
    part,
    problems,
    run,
    source,
    whole,
)


def test_check_mode_foresees_what_the_run_does_and_the_next_does_nothing(grafana: Any) -> None:
    foreseen = bundle(grafana, check=True, **whole())
    assert grafana.recorder.writes == []
    made = bundle(grafana, **whole())
    assert made["changed"]
    assert foreseen["changes"] == made["changes"]
    assert foreseen["diff"] == made["diff"]
    assert did(made, "created") == {
        "folders": ["f1"],
        "datasources": ["logs", "prom"],
        "dashboards": ["d1", "d2"],
        "templates": ["t1"],
        "mute_timings": ["night"],
        "contact_points": ["cp1", "cp2"],
        "rule_groups": ["f1/g1"],
        "rules": ["r1", "r2"],
    }
    grafana.recorder.forget()
    for check in (True, False):
        again = bundle(grafana, check=check, **whole())
        assert (again["changed"], again["changes"], again["diff"]) == (False, [], [])
    assert grafana.recorder.writes == []


def test_unchanged_dashboards_cost_one_request_each_and_six(grafana: Any) -> None:
    many = [{"folder": "f1", "content": dashboard(f"n{n}", f"N {n}")} for n in range(12)]
    bundle(grafana, **part(*SETUP, dashboards=many))
    grafana.recorder.forget()
    again = bundle(grafana, dashboards=many)
    assert not again["changed"]
    assert again["requests"] == len(grafana.recorder.requests) <= len(many) + 6
    connections = {request.connection for request in grafana.recorder.requests}
    assert len(connections) <= 8


def test_a_section_that_is_not_given_is_not_touched(grafana: Any) -> None:
    bundle(grafana, **whole())
    result = bundle(grafana, prune=True, **part("folders"))
    assert list(result["objects"]) == ["folders"]
    assert not result["changed"]


@pytest.mark.parametrize(
    ("section", "change", "path"),
    [
        ("folders", {"title": "Renamed"}, "title"),
        ("datasources", {"json_data": {"httpMethod": "GET"}}, "json_data.httpMethod"),
        ("datasources", {"name": "Renamed"}, "name"),
        ("datasources", {"is_default": False}, "is_default"),
        ("contact_points", {"disable_resolve_message": True}, "disable_resolve_message"),
        ("contact_points", {"name": "ops renamed"}, "name"),
        ("mute_timings", {"time_intervals": [{"months": ["1:3"]}]}, "time_intervals[0].months"),
    ],
)
def test_a_change_shows_what_differs_and_no_more(
    grafana: Any, section: str, change: dict[str, Any], path: str
) -> None:
    given = whole()
    del given["notification_policy"]
    bundle(grafana, **given)
    given[section][0].update(change)
    foreseen = bundle(grafana, check=True, **given)
    result = bundle(grafana, **given)
    assert foreseen["diff"] == result["diff"]
    (difference,) = result["diff"]
    assert path in json.loads(difference["after"])
    assert len(json.loads(difference["after"])) <= 2
    assert not bundle(grafana, **given)["changed"]


def test_a_dashboard_is_changed_moved_and_compared_without_version_and_id(grafana: Any) -> None:
    bundle(grafana, **whole())
    moved = {"content": dashboard("d1", "One, moved", id=99, version=77, tags=["vya"])}
    result = bundle(grafana, dashboards=[moved])
    after = json.loads(result["diff"][0]["after"])
    assert after == {"dashboard.title": "One, moved", "folder": ""}
    held = grafana.api("GET", "/api/dashboards/uid/d1")
    assert held["meta"].get("folderUid", "") == ""
    assert "vya-observability" in held["dashboard"]["tags"]
    assert not bundle(grafana, dashboards=[moved])["changed"]


def test_a_dashboard_of_another_is_taken_over_without_a_change(grafana: Any) -> None:
    given = part(*SETUP, dashboards=[{"folder": "f1", "content": dashboard("d1", "One")}])
    bundle(grafana, **part(*SETUP))
    body = {"dashboard": dashboard("d1", "One"), "folderUid": "f1"}
    grafana.api("POST", "/api/dashboards/db", body)
    assert not bundle(grafana, prune=True, **given)["changed"]


def test_titles_pass_from_one_dashboard_to_another(grafana: Any) -> None:
    bundle(grafana, **whole())
    items = [
        {"content": dashboard("d1", "Two")},
        {"content": dashboard("d2", "Three")},
        {"content": dashboard("d3", "Four")},
    ]
    bundle(grafana, dashboards=items)
    assert not bundle(grafana, dashboards=items)["changed"]
    swapped = [{"content": dashboard("d1", "Three")}, {"content": dashboard("d2", "Two")}]
    grafana.recorder.forget()
    code, values = failure(grafana, dashboards=swapped)
    assert (code, values["steps"]) == (
        "grafana.names_exchanged",
        ["update dashboard d1", "update dashboard d2"],
    )
    assert grafana.recorder.writes == []


def test_what_cannot_be_emptied_is_made_anew(grafana: Any) -> None:
    bundle(grafana, datasources=[source(user="reader", with_credentials=True)])
    bundle(grafana, datasources=[source()])
    assert not bundle(grafana, datasources=[source()])["changed"]
    assert grafana.api("GET", "/api/datasources/uid/prom")["user"] == ""


def test_the_default_passes_to_another_data_source(grafana: Any) -> None:
    second = source(uid="second", name="Second", is_default=False)
    bundle(grafana, datasources=[source(), second])
    given = [source(is_default=False), {**second, "is_default": True}]
    bundle(grafana, datasources=given)
    assert not bundle(grafana, datasources=given)["changed"]
    given.reverse()
    given[0]["is_default"], given[1]["is_default"] = False, True
    bundle(grafana, datasources=given)
    assert not bundle(grafana, datasources=given)["changed"]


def test_the_first_source_of_an_organisation_is_the_default_only_if_asked_for(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana("12.4.0")
    number = server.add_org("Fresh")
    given = {"org_id": number, "datasources": [source(is_default=False)]}
    assert bundle(server, **given)["changed"]
    assert not bundle(server, **given)["changed"]
    given["datasources"].append(source(uid="second", name="Second", is_default=True))
    bundle(server, **given)
    assert not bundle(server, **given)["changed"]


def test_secrets_are_written_when_they_changed_and_only_then(grafana: Any) -> None:
    given = part("datasources", "contact_points")
    bundle(grafana, **given)
    given["datasources"][0]["secure_json_data"]["basicAuthPassword"] = "new-password-1"
    given["contact_points"][0]["secure_settings"]["password"] = "new-password-2"
    foreseen = bundle(grafana, check=True, **given)
    changed = bundle(grafana, **given)
    assert foreseen["changes"] == changed["changes"]
    assert did(changed, "updated") == {"datasources": ["prom"], "contact_points": ["cp1"]}
    shown = json.dumps(changed["diff"])
    assert "secret basicAuthPassword" in shown
    assert "secret password" in shown
    assert "new-password" not in shown
    sent = json.dumps([request.body for request in grafana.recorder.writes])
    assert "new-password-1" in sent
    assert "new-password-2" in sent
    grafana.recorder.forget()
    assert not bundle(grafana, **given)["changed"]
    # Another change sends no secret.
    given["datasources"][0]["json_data"]["timeInterval"] = "30s"
    given["contact_points"][0]["settings"]["username"] = "v"
    bundle(grafana, **given)
    sent = json.dumps([request.body for request in grafana.recorder.writes])
    assert "new-password" not in sent
    assert not bundle(grafana, **given)["changed"]
    again = bundle(grafana, rewrite_secrets=True, **given)
    assert did(again, "updated") == {"datasources": ["prom"], "contact_points": ["cp1"]}


def test_no_two_fingerprints_of_one_secret_are_alike(grafana: Any) -> None:
    pair = part("datasources")["datasources"]
    pair[1] = {**pair[0], "uid": "second", "name": "Second", "is_default": False}
    bundle(grafana, datasources=pair)
    prints = {
        grafana.api("GET", f"/api/datasources/uid/{item['uid']}")["jsonData"]["secretsFingerprint"]
        for item in pair
    }
    assert len(prints) == 2
    assert all(text.startswith("scrypt:15:8:1:") for text in prints)


def test_files_and_directories_are_read_and_inputs_put_in(grafana: Any, tmp_path: Path) -> None:
    bundle(grafana, **part(*SETUP))
    content = dashboard("d1", "One", panel("Up", source="${DS_PROMETHEUS}"), __inputs=[])
    (tmp_path / "one.json").write_text(json.dumps(content))
    (tmp_path / "two.json").write_text(json.dumps(dashboard("d2", "Two")))
    items = [{"folder": "f1", "path": str(tmp_path), "inputs": {"DS_PROMETHEUS": "prom"}}]
    result = bundle(grafana, dashboards=items)
    assert did(result, "created") == {"dashboards": ["d1", "d2"]}
    held = grafana.api("GET", "/api/dashboards/uid/d1")["dashboard"]
    assert held["panels"][0]["datasource"]["uid"] == "prom"
    assert not bundle(grafana, dashboards=items)["changed"]


def test_an_export_changes_nothing_there_and_makes_all_elsewhere(
    grafana: Any, make_grafana: Callable[..., Any], tmp_path: Path
) -> None:
    given = whole()
    bundle(grafana, **given)
    # Somebody else's: made by hand, without mark and provenance.
    grafana.api("POST", "/api/dashboards/db", {"dashboard": dashboard("own", "By hand")})
    hand = {"uid": "cph", "name": "hand", "type": "email", "settings": {"addresses": "b@c.d"}}
    path = "/api/v1/provisioning/contact-points"
    grafana.api("POST", path, hand, X_Disable_Provenance="true")
    export = run(grafana, "grafana_bundle_info", directory=str(tmp_path))
    assert export["changed"]
    assert not run(grafana, "grafana_bundle_info", directory=str(tmp_path))["changed"]
    assert PASSWORD not in (tmp_path / "bundle.json").read_text()
    for found in (
        json.loads((tmp_path / "bundle.json").read_text()),
        run(grafana, "grafana_bundle_info")["bundle"],
    ):
        same = bundle(grafana, prune=True, **found)
        assert (same["changes"], same["changed"]) == ([], False)
    other = make_grafana()
    assert ("secret_missing", "data source prom") in problems(other, **found)
    by_uid = {item["uid"]: item for item in found["datasources"] + found["contact_points"]}
    by_uid["prom"]["secure_json_data"]["basicAuthPassword"] = PASSWORD
    by_uid["cp1"]["secure_settings"]["password"] = HOOK_PASSWORD
    made = bundle(other, **found)
    assert did(made, "created")["dashboards"] == ["d1", "d2", "own"]
    assert did(made, "created")["rules"] == ["r1", "r2"]
    assert not bundle(other, **found)["changed"]


def test_the_sample_is_whole() -> None:
    assert set(WHOLE) == set(NAMES)
