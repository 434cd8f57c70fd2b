# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of grafana_bundle: all of it named in one error, and nothing written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.tests.integration.grafana.bundle_tools import (
    DEAD,
    SETUP,
    bundle,
    dashboard,
    group,
    panel,
    part,
    rule,
    source,
    try_bundle,
    whole,
)

RESAMPLE = {"type": "resample", "window": "1m", "downsampler": "last", "upsampler": "pad"}
UNKNOWN = {"type": "prometheus", "uid": "nowhere"}


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


def point(**changes: Any) -> dict[str, Any]:
    base = {"uid": "x1", "name": "x", "type": "webhook", "settings": {"url": DEAD}}
    return {"contact_points": [{**base, **changes}]}


def policy(**changes: Any) -> dict[str, Any]:
    route = {"receiver": "ops", **changes}
    return {"notification_policy": {"receiver": "ops", "routes": [route]}}


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "dashboard: a list": (one({"panels": 1, "title": "x", "uid": "x"}), "panels is not a list"),
    "dashboard: no title": (one({"uid": "x", "panels": []}), "it has no title"),
    "dashboard: no uid": (one({"title": "x", "panels": []}), "uid None is not"),
    "dashboard: no panels": (one({"uid": "x", "title": "x"}), "it has no panels"),
    "dashboard: newer form": (one({"kind": "Dashboard", "spec": {}}), "newer API"),
    "dashboard: long uid": (one(dashboard("u" * 41, "x")), "is not 1 to 40 letters"),
    "dashboard: bad uid": (one(dashboard("bad uid!", "x")), "is not 1 to 40 letters"),
    "dashboard: folder": (one(dashboard("x", "x"), folder="no"), "folder 'no' is neither"),
    "dashboard: uid twice": (
        {"dashboards": [{"content": dashboard("x", t)} for t in "ab"]},
        "uid 'x' is given 2 times",
    ),
    "dashboard: title twice": (
        {"dashboards": [{"content": dashboard(u, "Same")} for u in "ab"]},
        "title 'Same' is given 2 times in folder 'General'",
    ),
    "dashboard: title of the server": (
        one(dashboard("new", "One"), folder="f1"),
        "its title 'One' is taken in that folder by dashboard d1",
    ),
    "dashboard: title of a folder": (one(dashboard("new", "Collectors")), "is that of folder f1"),
    "panel: undeclared source": (
        one(dashboard("x", "x", panel("Up", source=UNKNOWN))),
        "panel 'Up': data source 'nowhere' is neither in the bundle nor on the server",
    ),
    "panel in a row: undeclared source": (
        one(dashboard("x", "x", {"type": "row", "panels": [panel("In", source=UNKNOWN)]})),
        "panel 'In': data source 'nowhere'",
    ),
    "panel: source of another type": (
        one(dashboard("x", "x", panel("Up", source={"type": "loki", "uid": "prom"}))),
        "data source 'prom' is of type 'prometheus', it asks for 'loki'",
    ),
    "panel: input without value": (
        one(dashboard("x", "x", panel("Up", source={"uid": "${DS_PROM}"}))),
        "the variable ${DS_PROM}, which the dashboard does not have",
    ),
    "variable: undeclared source": (
        one(
            dashboard(
                "x",
                "x",
                templating={"list": [{"name": "job", "type": "query", "datasource": UNKNOWN}]},
            )
        ),
        "variable job: data source 'nowhere'",
    ),
    "folder: parent": (
        {"folders": [{"uid": "a", "title": "a", "parent_uid": "no"}]},
        "its parent no does not exist",
    ),
    "folder: inside itself": (
        {
            "folders": [
                {"uid": "a", "title": "a", "parent_uid": "b"},
                {"uid": "b", "title": "b", "parent_uid": "a"},
            ]
        },
        "it is inside itself",
    ),
    "folder: uid": ({"folders": [{"uid": "a b", "title": "a"}]}, "is not 1 to 40 letters"),
    "folder: title": ({"folders": [{"uid": "a", "title": " "}]}, "the title is empty"),
    "folder: title taken": (
        {"folders": [{"uid": "a", "title": "Collectors"}]},
        "its title 'Collectors' is taken by folder f1",
    ),
    "source: uid": ({"datasources": [source(uid="bad uid!")]}, "is not 1 to 40 letters"),
    "source: type": ({"datasources": [source(type="nope")]}, "the server has no plugin 'nope'"),
    "source: name taken": (
        {"datasources": [source(uid="other", is_default=False)]},
        "its name 'Prometheus' is taken by data source prom",
    ),
    "source: two defaults": (
        {"datasources": [source(), source(uid="b", name="b")]},
        "prom, b are all is_default",
    ),
    "source: null secret": (
        {"datasources": [source(secure_json_data={"none": None})]},
        "secure_json_data.none is null",
    ),
    "group: folder": (
        {"rule_groups": [group(rule("r1", "x"), folder="no")]},
        "folder 'no' is neither",
    ),
    "group: interval": (
        {"rule_groups": [group(rule("r1", "Down"), interval_seconds=65)]},
        "interval_seconds is 65, not a multiple of 10",
    ),
    "group: empty": ({"rule_groups": [group()]}, "it has no rules"),
    "group: twice": (
        {"rule_groups": [group(rule("r1", "Down")), group(rule("r2", "Down too"))]},
        "group 'f1/g1' is given 2 times",
    ),
    "rule: uid twice": (
        {"rule_groups": [group(rule("r1", "a"), rule("r1", "b"))]},
        "rules: uid 'r1' is given 2 times",
    ),
    "rule: title twice": (
        {"rule_groups": [group(rule("r1", "a")), group(rule("r2", "a"), name="g2")]},
        "title 'a' is given 2 times in folder 'f1'",
    ),
    "rule: title of the server": (
        {"rule_groups": [group(rule("r9", "Down"), name="g2")]},
        "its title is taken in folder 'f1' by rule r1",
    ),
    "rule: of another": (
        {"rule_groups": [group(rule("own", "By hand"), name="g2")]},
        "its uid own is that of rule 'By hand' in group f1/theirs, which does not carry our mark",
    ),
    "rule: no title": (changed_rule(title=""), "the title is empty"),
    "rule: no uid": (changed_rule(uid=None), "uid None is not"),
    "rule: for": (changed_rule(**{"for": "soon"}), "for is 'soon', not a duration"),
    "rule: state": (changed_rule(noDataState="Nope"), "noDataState is 'Nope'"),
    "rule: no queries": (changed_rule(data=[]), "data is not a list of queries"),
    "rule: condition": (changed_rule(condition="Z"), "its condition 'Z' refers to nothing"),
    "rule: source": (expression("A", datasourceUid="no"), "data source 'no' of query A is neither"),
    "rule: reference": (
        expression("B", model={"expression": "Q"}),
        "expression B refers to 'Q', which it does not have",
    ),
    "rule: math": (
        expression("B", model={"type": "math", "expression": "$A + ${Q}"}),
        "expression B refers to 'Q'",
    ),
    "rule: math syntax": (
        expression("B", model={"type": "math", "expression": "($A"}),
        "expression B does not parse: brackets",
    ),
    "rule: reducer": (expression("B", model={"reducer": "avg"}), "the reducer 'avg', not one of"),
    "rule: evaluator": (
        expression("C", model={"conditions": [{"evaluator": {"type": "below", "params": [1]}}]}),
        "the evaluator 'below', not one of",
    ),
    "rule: circle": (expression("B", model={"expression": "C"}), "B needs C needs B"),
    "rule: query type": (
        expression("A", model={"queryType": 5}),
        "query A has the queryType 5, which is no text",
    ),
    "rule: series": (
        expression("B", model=RESAMPLE),
        "its condition 'C' gets time series and takes numbers",
    ),
    "rule: time range": (
        expression("A", relativeTimeRange={"from": 0, "to": 0}),
        "query A: relativeTimeRange from 0 to 0",
    ),
    "rule: long title": (changed_rule(title="x" * 191), "more than 190 characters"),
    "rule: keeps last": (changed_rule(execErrState="KeepLast"), "does not know KeepLast"),
    "rule: paused": (changed_rule(isPaused=True), "cannot pause a rule"),
    "point: no url": (point(settings={}), "type webhook needs the setting url"),
    "point: slack": (point(type="slack", settings={}), "type slack needs the setting url or token"),
    "point: secret in the open": (
        point(settings={"url": DEAD, "password": "in-the-open"}),
        "the setting password is a secret; give it in secure_settings",
    ),
    "point: null secret": (
        point(secure_settings={"password": None}),
        "secure_settings.password is null",
    ),
    "point: name": (point(name=""), "the name is empty"),
    "point: uid": (point(uid="a b"), "is not 1 to 40 letters"),
    "policy: receiver": (policy(receiver="nobody"), "contact point 'nobody' does not exist"),
    "policy: timing": (policy(mute_time_intervals=["no"]), "mute timing 'no' does not exist"),
    "policy: matcher": (policy(matchers=["severity"]), "is not of the form name=value"),
    "policy: duration": (policy(group_wait="soon"), "group_wait is 'soon'"),
    "timing: hour": (
        {
            "mute_timings": [
                {
                    "name": "x",
                    "time_intervals": [{"times": [{"start_time": "25:00", "end_time": "26:00"}]}],
                }
            ]
        },
        "'25:00' is not a time of day",
    ),
    "template: braces": ({"templates": [{"name": "x", "template": "{{ .A }"}]}, "1 times {{"),
    "organisation: name": ({"organization": "Other"}, "expected 'Other', these credentials"),
}


@pytest.fixture
def full(grafana: Any) -> Any:
    """A server with the whole sample, and a rule that somebody made by hand."""
    bundle(grafana, **whole())
    body = {**rule("own", "By hand"), "folderUID": "f1", "ruleGroup": "theirs"}
    body |= {"orgID": 1, "noDataState": "NoData", "execErrState": "Error"}
    grafana.api("POST", "/api/v1/provisioning/alert-rules", body)
    grafana.recorder.forget()
    return grafana


def test_each_is_named_and_nothing_is_written(full: Any) -> None:
    told = [try_bundle(full, **options) for options, _text in BAD.values()]
    missing = [
        (name, refused.get("msg"))
        for (name, (_options, text)), refused in zip(BAD.items(), told, strict=True)
        if not (refused.get("failed") and text in refused["msg"] and not refused["changed"])
    ]
    assert missing == []
    assert full.recorder.writes == []


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
    refused = try_bundle(full, **options)
    assert refused["problems"] == try_bundle(full, check=True, **options)["problems"]
    assert len(refused["problems"]) == 6
    for text in (
        "data source 'nowhere'",
        "broken.json: not JSON",
        "none.json",
        "condition 'Z'",
        "interval_seconds is 7",
        "needs the setting addresses",
    ):
        assert text in refused["msg"]
    assert full.recorder.writes == []


def test_a_rule_that_does_not_parse_is_found_before_the_first_write(
    grafana: Any, prometheus: str
) -> None:
    bundle(grafana, **part("folders", datasources=[source(prometheus)]))
    grafana.recorder.forget()
    groups = [group(rule("r1", "Good", "rate(up[$__interval])"), rule("r2", "Bad", "up{"))]
    for check in (True, False):
        refused = try_bundle(grafana, check=check, rule_groups=groups)
        assert "rule 'Bad': query A does not parse" in refused["msg"]
        assert "Good" not in refused["msg"]
    assert grafana.recorder.writes == []


def test_with_a_new_data_source_it_is_found_before_the_first_rule(
    grafana: Any, prometheus: str
) -> None:
    groups = [group(rule("r1", "Good"), rule("r2", "Bad", "up{"))]
    options = part("folders", datasources=[source(prometheus)], rule_groups=groups)
    refused = try_bundle(grafana, **options)
    assert "rule 'Bad': query A does not parse" in refused["msg"]
    assert not any("alert-rules" in request.path for request in grafana.recorder.writes)
    assert not any("rule-groups" in request.path for request in grafana.recorder.writes)


def test_a_data_source_that_is_down_is_a_warning_for_its_rules(full: Any) -> None:
    result = bundle(full, rule_groups=[group(rule("r1", "Down", "vector(2)"))])
    assert "could not be parsed beforehand" in json.dumps(result["warnings"])


def test_a_type_of_grafana_that_refuses_is_told(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana()
    bundle(server, **part(*SETUP))
    server.recorder.fail(400, method="POST", path="dashboards/db", body={"message": "no, thanks"})
    refused = try_bundle(server, dashboards=[{"content": dashboard("x", "x")}])
    assert "create dashboard x" in refused["msg"]
    assert "no, thanks" in refused["msg"]
    assert "Nothing was written" in refused["msg"]
