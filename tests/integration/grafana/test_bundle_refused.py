# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of grafana_bundle: all of it named in one error, and nothing written."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .bundle_tools import (
    DEAD,
    SETUP,
    bundle,
    coded,
    dashboard,
    failure,
    group,
    panel,
    part,
    problems,
    rule,
    source,
    whole,
)

RESAMPLE = {"type": "resample", "window": "1m", "downsampler": "last", "upsampler": "pad"}
UNKNOWN = {"type": "prometheus", "uid": "nowhere"}
VARIABLE = {"name": "job", "type": "query", "datasource": UNKNOWN}
BELOW = {"evaluator": {"type": "below", "params": [1]}}
NEVER = {
    "name": "x",
    "time_intervals": [{"times": [{"start_time": "25:00", "end_time": "06:00"}]}],
}


def one(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"dashboards": [{"content": content, **more}]}


def changed_rule(**changes: Any) -> dict[str, Any]:
    return {"rule_groups": [group({**rule("r1", "Down"), **changes})]}


def expression(ref: str, **changes: Any) -> dict[str, Any]:
    """Rule r1 with one of its expressions changed."""
    data = copy.deepcopy(rule("r1", "Down")["data"])
    for query in data:
        if query["refId"] == ref:
            query.update({k: v for k, v in changes.items() if k != "model"})
            query["model"].update(changes.get("model", {}))
    return changed_rule(data=data)


def folder(uid: str, **more: Any) -> dict[str, Any]:
    return {"uid": uid, "title": uid, **more}


def point(**changes: Any) -> dict[str, Any]:
    base = {"uid": "x1", "name": "x", "type": "webhook", "settings": {"url": DEAD}}
    return {"contact_points": [{**base, **changes}]}


def policy(**changes: Any) -> dict[str, Any]:
    route = {"receiver": "ops", **changes}
    return {"notification_policy": {"receiver": "ops", "routes": [route]}}


LAST = (99, 0)
FIRST = "dashboards[0]"
NEW = f"dashboard new ({FIRST})"
# Options, and the code and the object of the problem that is found.
BAD: list[tuple[dict[str, Any], str, str]] = [
    (one({"panels": 1, "title": "x", "uid": "x"}), "dashboard_bad_panels", FIRST),
    (one({"uid": "x", "panels": []}), "dashboard_no_title", FIRST),
    (one({"title": "x", "panels": [], "uid": 1}), "uid_invalid", f"{FIRST}: dashboard 'x'"),
    (one({"uid": "new", "title": "x"}), "dashboard_no_panels", FIRST),
    (one({"kind": "Dashboard", "spec": {}}), "dashboard_newer_form", FIRST),
    (one(dashboard("u" * 41, "x")), "uid_invalid", f"{FIRST}: dashboard 'x'"),
    (one(dashboard("bad uid!", "x")), "uid_invalid", f"{FIRST}: dashboard 'x'"),
    (one(dashboard("new", "x"), folder="no"), "folder_unknown", NEW),
    (
        {"dashboards": [{"content": dashboard("x", t)} for t in "ab"]},
        "given_twice",
        "dashboards",
    ),
    (
        {"dashboards": [{"content": dashboard(u, "Same")} for u in "ab"]},
        "given_twice",
        "dashboards in folder General",
    ),
    (one(dashboard("new", "One"), folder="f1"), "title_taken", NEW),
    (one(dashboard("new", "Collectors")), "dashboard_title_of_folder", NEW),
    *(
        (one(dashboard("new", "x", *panels, **more)), code, "dashboard new")
        for code, panels, more in (
            ("source_unknown", [panel("Up", source=UNKNOWN)], {}),
            ("source_unknown", [{"type": "row", "panels": [panel("In", source=UNKNOWN)]}], {}),
            ("source_type_other", [panel("Up", source={"type": "loki", "uid": "prom"})], {}),
            ("source_variable_unknown", [panel("Up", source={"uid": "${DS_PROM}"})], {}),
            ("source_unknown", [], {"templating": {"list": [VARIABLE]}}),
        )
    ),
    *(
        ({"folders": folders}, code, what)
        for code, what, *folders in (
            ("folder_parent_unknown", "folder a", folder("a", parent_uid="no")),
            (
                "folder_inside_itself",
                "folder b",
                folder("a", parent_uid="b"),
                folder("b", parent_uid="a"),
            ),
            ("uid_invalid", "folder a b", folder("a b")),
            ("title_empty", "folder a", folder("a", title=" ")),
            ("title_taken", "folder a", folder("a", title="Collectors")),
        )
    ),
    *(
        ({"datasources": sources}, code, what)
        for code, what, *sources in (
            ("uid_invalid", "data source Prometheus", source(uid="bad uid!")),
            ("source_type_unknown", "data source prom", source(type="nope")),
            ("source_name_taken", "data source other", source(uid="other", is_default=False)),
            ("source_defaults", "datasources", source(), source(uid="b", name="b")),
            ("secret_missing", "data source prom", source(secure_json_data={"none": None})),
        )
    ),
    *(
        ({"rule_groups": groups}, code, what)
        for code, what, *groups in (
            ("folder_unknown", "rule group no/g1", group(rule("r1", "x"), folder="no")),
            (
                "group_interval",
                "rule group f1/g1",
                group(rule("r1", "Down"), interval_seconds=65),
            ),
            ("group_empty", "rule group f1/g1", group()),
            (
                "given_twice",
                "rule_groups",
                group(rule("r1", "Down")),
                group(rule("r2", "Down too")),
            ),
            ("given_twice", "rules", group(rule("r1", "a"), rule("r1", "b"))),
            (
                "given_twice",
                "rules in folder f1",
                group(rule("r1", "a")),
                group(rule("r2", "a"), name="g2"),
            ),
            ("title_taken", "rule 'Down'", group(rule("r9", "Down"), name="g2")),
            ("rule_of_another", "rule 'By hand'", group(rule("own", "By hand"), name="g2")),
        )
    ),
    (changed_rule(title=""), "title_empty", "rule 'r1'"),
    (changed_rule(title="x" * 191), "rule_long_title", f"rule '{'x' * 191}'"),
    *(
        (options, code, "rule 'Down'")
        for code, options in (
            ("uid_invalid", changed_rule(uid=None)),
            ("duration_invalid", changed_rule(**{"for": "soon"})),
            ("rule_state", changed_rule(noDataState="Nope")),
            ("rule_no_data", changed_rule(data=[])),
            ("rule_condition", changed_rule(condition="Z")),
            ("rule_source_unknown", expression("A", datasourceUid="no")),
            ("rule_reference", expression("B", model={"expression": "Q"})),
            (
                "rule_reference",
                expression("B", model={"type": "math", "expression": "$A + ${Q}"}),
            ),
            ("math_brackets", expression("B", model={"type": "math", "expression": "($A"})),
            ("expression_value", expression("B", model={"reducer": "avg"})),
            ("expression_value", expression("C", model={"conditions": [BELOW]})),
            ("rule_circle", expression("B", model={"expression": "C"})),
            ("rule_query_type", expression("A", model={"queryType": 5})),
            ("rule_series", expression("B", model=RESAMPLE)),
            ("rule_range", expression("A", relativeTimeRange={"from": 0, "to": 0})),
            ("version_too_old", changed_rule(execErrState="KeepLast")),
            ("version_too_old", changed_rule(isPaused=True)),
        )
    ),
    *(
        (options, code, "contact point x1")
        for code, options in (
            ("point_setting_missing", point(settings={})),
            ("point_setting_missing", point(type="slack", settings={})),
            ("point_secret_open", point(settings={"url": DEAD, "password": "in-the-open"})),
            ("secret_missing", point(secure_settings={"password": None})),
            ("name_empty", point(name="")),
        )
    ),
    (point(uid="a b"), "uid_invalid", "contact point a b"),
    *(
        (policy(**changes), code, "notification policy")
        for code, changes in (
            ("receiver_unknown", {"receiver": "nobody"}),
            ("timing_unknown", {"mute_time_intervals": ["no"]}),
            ("policy_matcher", {"matchers": ["severity"]}),
            ("duration_invalid", {"group_wait": "soon"}),
        )
    ),
    ({"mute_timings": [NEVER]}, "timing_clock", "mute timing x"),
    ({"templates": [{"name": "x", "template": "{{ .A }"}]}, "template_braces", "template x"),
    ({"organization": "Other"}, "organization_other", "organization"),
]


@pytest.fixture
def full(grafana: Any) -> Any:
    """A server with the whole sample, and a rule that somebody made by hand."""
    bundle(grafana, **whole())
    body = {**rule("own", "By hand"), "folderUID": "f1", "ruleGroup": "theirs"}
    body |= {"orgID": 1, "noDataState": "NoData", "execErrState": "Error"}
    grafana.api("POST", "/api/v1/provisioning/alert-rules", body)
    grafana.recorder.forget()
    return grafana


# What servers take from a version on.
TAKEN = {
    ("given_twice", "dashboards in folder General"): (11, 3),
    ("title_taken", NEW): (11, 3),
    ("dashboard_title_of_folder", NEW): (11, 3),
    ("title_taken", "folder a"): (11, 3),
    ("given_twice", "rules in folder f1"): (12, 0),
    ("title_taken", "rule 'Down'"): (12, 0),
    ("version_too_old", "rule 'Down'"): (12, 0),
}


def test_each_is_found_and_nothing_is_written(full: Any) -> None:
    found = [
        (code, what, problems(full, **options))
        for options, code, what in BAD
        if full.release < TAKEN.get((code, what), LAST)
    ]
    assert [one for one in found if one[:2] not in one[2]] == []


def test_all_are_named_in_one_error(full: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{not json")
    options = part(
        "notification_policy",
        dashboards=[
            {"content": dashboard("x", "x", panel("Up", source=UNKNOWN))},
            {"path": str(tmp_path)},
            {"path": str(tmp_path / "none.json")},
        ],
        rule_groups=[group(rule("r1", "Down", condition="Z"), interval_seconds=7)],
        contact_points=[{"uid": "x", "name": "x", "type": "email", "settings": {}}],
    )
    found = problems(full, **options)
    assert found == problems(full, check=True, **options)
    assert sorted(found) == [
        ("file_unreadable", str(tmp_path / "broken.json")),
        ("file_unreadable", str(tmp_path / "none.json")),
        ("group_interval", "rule group f1/g1"),
        ("point_setting_missing", "contact point x"),
        ("rule_condition", "rule 'Down'"),
        ("source_unknown", "dashboard x"),
    ]


INVALID = [("query_invalid", "rule 'Bad'")]


def test_a_rule_that_does_not_parse_is_found_before_the_first_write(
    grafana: Any, prometheus: str
) -> None:
    bundle(grafana, **part("folders", datasources=[source(prometheus)]))
    groups = [group(rule("r1", "Good", "rate(up[$__interval])"), rule("r2", "Bad", "up{"))]
    for check in (True, False):
        assert problems(grafana, check=check, rule_groups=groups) == INVALID


def test_with_a_new_data_source_it_is_found_before_the_first_rule(
    grafana: Any, prometheus: str
) -> None:
    groups = [group(rule("r1", "Good"), rule("r2", "Bad", "up{"))]
    options = part("folders", datasources=[source(prometheus)], rule_groups=groups)
    code, values = failure(grafana, **options)
    assert (code, coded(values["problems"])) == ("grafana.bundle_refused", INVALID)
    assert "create data source prom" in values["written"]
    written = " ".join(request.path for request in grafana.recorder.writes)
    assert "alert-rules" not in written
    assert "rule-groups" not in written


def test_a_data_source_that_is_down_is_a_warning_for_its_rules(full: Any) -> None:
    result = bundle(full, rule_groups=[group(rule("r1", "Down", "vector(2)"))])
    assert coded(result["notes"]) == [("query_unsure", "data source prom")]
    assert len(result["warnings"]) == 1


def test_a_write_that_grafana_refuses_is_named(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana()
    bundle(server, **part(*SETUP))
    server.recorder.fail(400, method="POST", path="dashboards/db", body={"message": "no, thanks"})
    code, values = failure(server, dashboards=[{"content": dashboard("x", "x")}])
    assert (code, values["step"], values["written"]) == (
        "http.status.400",
        "create dashboard x",
        [],
    )
    assert "no, thanks" in values["seen"]
