# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What grafana_bundle knows before the first write: queries of sources that cannot be asked yet,
objects that are left as they are, data sources that are made anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle_tools import (
    DEAD,
    SETUP,
    bundle,
    coded,
    dashboard,
    did,
    failure,
    group,
    panel,
    part,
    problems,
    rule,
    run,
    source,
)

INVALID = [("query_invalid", "rule 'Bad'")]
LATER = [("query_later", "data source prom")]
TAKEN_BEFORE = [("uid_invalid", "data source Bad uid"), ("name_empty", "contact point cpe")]
PROMQL = {"httpMethod": "POST", "prometheusType": "Prometheus"}


def other(url: str, **more: Any) -> dict[str, Any]:
    """A second data source of the type prometheus."""
    return source(url, uid="other", name="Other", is_default=False, **more)


def test_another_source_of_the_type_parses_for_one_that_is_new_changed_or_down(
    grafana: Any, prometheus: str
) -> None:
    bundle(grafana, **part("folders", datasources=[other(prometheus)]))
    groups = [group(rule("r1", "Good"), rule("r2", "Bad", "up{"))]
    new = {"datasources": [source(DEAD), other(prometheus)], "rule_groups": groups}
    for check in (True, False):
        assert problems(grafana, check=check, **new) == INVALID
    # What only PromQL refuses may be MetricsQL, unless the source says which it speaks.
    groups[0]["rules"] = [rule("r1", "Good"), rule("r2", "Typed", "rate(up)")]
    foreseen = bundle(grafana, check=True, **new)
    assert coded(foreseen["notes"]) == LATER
    new["datasources"][0]["json_data"] = PROMQL
    assert problems(grafana, **new) == [("query_invalid", "rule 'Typed'")]
    groups[0]["rules"].pop()
    assert bundle(grafana, **new)["notes"] == []
    # It is on the server now, and down.
    groups[0]["rules"] = [rule("r1", "Good", "up == 0"), rule("r2", "Bad", "sum(up")]
    assert problems(grafana, rule_groups=groups) == INVALID
    groups[0]["rules"].pop()
    assert not bundle(grafana, rule_groups=groups).get("warnings")


def test_a_changed_source_parses_as_it_is_and_without_any_check_mode_says_so(
    grafana: Any, prometheus: str
) -> None:
    groups = [group(rule("r1", "Good"), rule("r2", "Bad", "up{"))]
    options = part("folders", datasources=[source(prometheus)], rule_groups=groups)
    assert coded(bundle(grafana, check=True, **options)["notes"]) == LATER
    bundle(grafana, **part("folders", datasources=[source(prometheus)]))
    options["datasources"][0]["json_data"]["timeInterval"] = "30s"
    for check in (True, False):
        assert problems(grafana, check=check, **options) == INVALID


def test_what_is_broken_on_the_server_and_unchanged_is_a_warning(grafana: Any) -> None:
    bundle(grafana, **part(*SETUP))
    api = grafana.api
    lost = {"uid": "lost", "title": "Lost", "panels": [panel("Gone", source="nowhere")]}
    api("POST", "/api/dashboards/db", {"dashboard": lost, "folderUid": "f1"})
    api("POST", "/api/dashboards/db", {"dashboard": {"uid": "bare", "title": "Bare"}})
    for uid, provenance in (("own", {}), ("free", {"X_Disable_Provenance": "true"})):
        own = {**rule(uid, uid.title()), "folderUID": "f1", "ruleGroup": "g", "orgID": 1}
        own |= {"noDataState": "NoData", "execErrState": "Error", "condition": "Z"}
        api("POST", "/api/v1/provisioning/alert-rules", own, **provenance)
    careless = grafana.release < (12, 0)
    if careless:  # later ones take neither
        bad = {"name": "Bad uid", "uid": "bad uid", "type": "loki", "access": "proxy"}
        api("POST", "/api/datasources", bad)
        point = {"uid": "cpe", "name": "", "type": "email", "settings": {"addresses": "a@b.c"}}
        api("POST", "/api/v1/provisioning/contact-points", point)
    exported = run(grafana, "grafana_bundle_info")["bundle"]
    grafana.recorder.forget()
    same = bundle(grafana, **exported)
    assert (same["changed"], same["changes"]) == (False, [])
    assert grafana.recorder.writes == []
    assert {
        ("source_unknown", "dashboard lost"),
        ("rule_condition", "rule 'Own'"),
        ("group_mixed_provenance", "rule group f1/g"),
        *(TAKEN_BEFORE if careless else ()),
    } <= set(coded(same["notes"]))
    assert "dashboard_no_panels" in [note["code"] for note in same["notes"]]
    assert len(same["warnings"]) == len(same["notes"])
    # What is to be written must be right.
    (item,) = [one for one in exported["dashboards"] if one["content"]["uid"] == "lost"]
    item["content"]["title"] = "Lost still"
    assert problems(grafana, **exported) == [("source_unknown", "dashboard lost")]


def test_a_data_source_that_is_made_anew_is_foreseen_shown_and_counted(grafana: Any) -> None:
    secret = {"secure_json_data": {"token": "a-token"}}
    bundle(grafana, datasources=[source(user="reader", **secret)])
    before = grafana.api("GET", "/api/datasources/uid/prom")["id"]
    grafana.recorder.forget()
    code, values = failure(grafana, max_deletions=0, datasources=[source(**secret)])
    assert (code, values["deletions"]) == ("grafana.too_many_deletions", ["datasources prom"])
    for kept in ({"secure_json_data": {"token": None}}, {}):
        _code, values = failure(grafana, datasources=[source(**kept)])
        (lost,) = values["problems"]
        assert lost["code"] == "source_loses_secrets"
        assert lost["values"] == {"emptied": ["user"], "lost": ["token"]}
    assert grafana.recorder.writes == []
    foreseen = bundle(grafana, check=True, datasources=[source(**secret)])
    made = bundle(grafana, datasources=[source(**secret)])
    assert foreseen["changes"] == made["changes"]
    assert foreseen["diff"] == made["diff"]
    assert did(made, "recreated") == {"datasources": ["prom"]}
    assert did(made, "updated") == {}
    held = grafana.api("GET", "/api/datasources/uid/prom")
    assert (held["user"], held["secureJsonFields"]) == ("", {"token": True})
    assert held["id"] != before
    assert not bundle(grafana, datasources=[source(**secret)])["changed"]


def test_the_requests_of_a_whole_bundle_that_is_unchanged(
    grafana: Any, make_grafana: Callable[..., Any]
) -> None:
    """What the role gives: folder, data sources, dashboards, rules, contact point and policy."""
    sources = [
        source(),
        source(uid="vm", name="VM", is_default=False),
        {"uid": "logs", "name": "Logs", "type": "loki", "url": DEAD},
        {"uid": "am", "name": "AM", "type": "alertmanager", "url": DEAD},
    ]
    point = {"uid": "mail", "name": "ops", "type": "email", "settings": {"addresses": "a@b.c"}}
    given = part(
        "folders",
        datasources=sources,
        dashboards=[{"folder": "f1", "content": dashboard(f"n{n}", f"N {n}")} for n in range(6)],
        rule_groups=[group(rule("r1", "A"), rule("r2", "B"))],
        contact_points=[point],
        notification_policy={"receiver": "ops"},
    )
    later = make_grafana("11.6.0", whole_groups=True, nested_folders=True, free_provenance=True)
    for server in (grafana, later):
        more = server.release >= (11, 0)  # the list of folders at the top
        bundle(server, prune=True, **given)
        again = bundle(server, prune=True, **given)
        assert not again["changed"]
        assert again["requests"] == 6 + 6 + more
