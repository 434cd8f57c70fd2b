# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What grafana_bundle knows before the first write: queries of sources that cannot be asked yet,
objects that are left as they are, data sources that are made anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ansible_collections.vya.observability.tests.integration.grafana.bundle_tools import (
    DEAD,
    SETUP,
    bundle,
    dashboard,
    did,
    group,
    panel,
    part,
    rule,
    run,
    source,
    try_bundle,
)

PROMQL = {"httpMethod": "POST", "prometheusType": "Prometheus"}


def other(url: str, **more: Any) -> dict[str, Any]:
    """A second data source of the type prometheus."""
    return source(url, uid="other", name="Other", is_default=False, **more)


def test_another_source_of_the_type_parses_for_one_that_is_new_changed_or_down(
    grafana: Any, prometheus: str
) -> None:
    bundle(grafana, **part("folders", datasources=[other(prometheus)]))
    grafana.recorder.forget()
    groups = [group(rule("r1", "Good"), rule("r2", "Bad", "up{"))]
    new = {"datasources": [source(DEAD), other(prometheus)], "rule_groups": groups}
    for check in (True, False):
        refused = try_bundle(grafana, check=check, **new)
        assert "rule 'Bad': query A does not parse" in refused["msg"]
        assert "Good" not in refused["msg"]
    assert grafana.recorder.writes == []
    # What only PromQL refuses may be MetricsQL, unless the source says which it speaks.
    groups[0]["rules"] = [rule("r1", "Good"), rule("r2", "Typed", "rate(up)")]
    foreseen = bundle(grafana, check=True, **new)
    assert "is parsed once that is written" in json.dumps(foreseen["warnings"])
    new["datasources"][0]["json_data"] = PROMQL
    refused = try_bundle(grafana, **new)
    assert "rule 'Typed': query A does not parse" in refused["msg"]
    assert grafana.recorder.writes == []
    groups[0]["rules"].pop()
    made = bundle(grafana, **new)
    assert "could not be parsed" not in json.dumps(made.get("warnings"))
    # It is on the server now, and down.
    groups[0]["rules"] = [rule("r1", "Good", "up == 0"), rule("r2", "Bad", "sum(up")]
    grafana.recorder.forget()
    refused = try_bundle(grafana, rule_groups=groups)
    assert "rule 'Bad': query A does not parse" in refused["msg"]
    assert "Good" not in refused["msg"]
    assert grafana.recorder.writes == []
    groups[0]["rules"].pop()
    assert not bundle(grafana, rule_groups=groups).get("warnings")


def test_a_changed_source_parses_as_it_is_and_without_any_check_mode_says_so(
    grafana: Any, prometheus: str
) -> None:
    groups = [group(rule("r1", "Good"), rule("r2", "Bad", "up{"))]
    options = part("folders", datasources=[source(prometheus)], rule_groups=groups)
    foreseen = bundle(grafana, check=True, **options)
    assert "parsed once that is written" in json.dumps(foreseen["warnings"])
    bundle(grafana, **part("folders", datasources=[source(prometheus)]))
    grafana.recorder.forget()
    options["datasources"][0]["json_data"]["timeInterval"] = "30s"
    for check in (True, False):
        refused = try_bundle(grafana, check=check, **options)
        assert "rule 'Bad': query A does not parse" in refused["msg"]
    assert grafana.recorder.writes == []


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
    bad = {"name": "Bad uid", "uid": "bad uid", "type": "loki", "access": "proxy"}
    api("POST", "/api/datasources", bad)
    point = {"uid": "cpe", "name": "", "type": "email", "settings": {"addresses": "a@b.c"}}
    api("POST", "/api/v1/provisioning/contact-points", point)
    exported = run(grafana, "grafana_bundle_info")["bundle"]
    grafana.recorder.forget()
    same = bundle(grafana, **exported)
    assert (same["changed"], same["changes"]) == (False, [])
    assert grafana.recorder.writes == []
    said = json.dumps(same["warnings"])
    for text in (
        "data source 'nowhere'",
        "it has no panels",
        "its condition 'Z'",
        "provenance is mixed",
        "uid 'bad uid'",
        "contact point cpe: the name is empty",
    ):
        assert text in said
    # What is to be written must be right.
    (item,) = [one for one in exported["dashboards"] if one["content"]["uid"] == "lost"]
    item["content"]["title"] = "Lost still"
    refused = try_bundle(grafana, **exported)
    assert len(refused["problems"]) == 1
    assert "data source 'nowhere'" in refused["msg"]
    assert grafana.recorder.writes == []


def test_a_data_source_that_is_made_anew_is_foreseen_shown_and_counted(grafana: Any) -> None:
    secret = {"secure_json_data": {"token": "a-token"}}
    bundle(grafana, datasources=[source(user="reader", **secret)])
    before = grafana.api("GET", "/api/datasources/uid/prom")["id"]
    grafana.recorder.forget()
    refused = try_bundle(grafana, max_deletions=0, datasources=[source(**secret)])
    assert "at most 0 deletions; seen: 1: datasources prom" in refused["msg"]
    for kept in ({"secure_json_data": {"token": None}}, {}):
        refused = try_bundle(grafana, datasources=[source(**kept)])
        assert "give all its secrets" in refused["msg"]
        assert "token" in refused["msg"]
    assert grafana.recorder.writes == []
    foreseen = bundle(grafana, check=True, datasources=[source(**secret)])
    made = bundle(grafana, datasources=[source(**secret)])
    assert foreseen["changes"] == made["changes"] == ["recreate datasources prom (Prometheus)"]
    assert foreseen["diff"] == made["diff"]
    assert "deleted and created again" in made["diff"][0]["after"]
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
    for server, more in ((grafana, 0), (later, 1)):  # from 11 on the list of folders at the top
        bundle(server, prune=True, **given)
        again = bundle(server, prune=True, **given)
        assert not again["changed"]
        assert again["requests"] == 6 + 6 + more
