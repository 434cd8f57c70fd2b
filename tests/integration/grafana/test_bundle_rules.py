# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert rule groups of grafana_bundle, on servers that take a group whole and that do not."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import pytest

from .bundle_tools import SETUP, bundle, coded, did, group, part, problems, rule, try_bundle

NONE = {"X_Disable_Provenance": "true"}
RULES = "/api/v1/provisioning/alert-rules"


def held(grafana: Any, uid: str) -> dict[str, Any]:
    """A rule of the server."""
    found: dict[str, Any] = grafana.api("GET", f"{RULES}/{uid}")
    return found


def asked(grafana: Any) -> list[tuple[str, str]]:
    """Methods of what was written, and the last part of the path."""
    return [(one.method, one.path.rsplit("/", 1)[1]) for one in grafana.recorder.writes]


def test_new_rules_are_posted_where_the_server_does_not_take_them(grafana: Any) -> None:
    bundle(grafana, **part(*SETUP))
    grafana.recorder.forget()
    bundle(grafana, rule_groups=[group(rule("r1", "A"), rule("r2", "B"), interval_seconds=120)])
    if grafana.version.startswith(("9.3", "9.4")):
        posts = [("POST", "alert-rules")] * 2
        assert asked(grafana) == [("PUT", "g1"), *posts, ("PUT", "g1")]
    found = grafana.api("GET", "/api/v1/provisioning/folder/f1/rule-groups/g1")
    assert found["interval"] == 120
    assert {one["uid"] for one in found["rules"]} == {"r1", "r2"}
    grafana.recorder.forget()
    bundle(grafana, rule_groups=[group(rule("r1", "A"), rule("r2", "B+"), interval_seconds=60)])
    assert asked(grafana) == [("PUT", "g1")]


def test_one_request_is_enough_where_the_server_takes_a_group_whole(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana("11.6.0", whole_groups=True)
    bundle(server, **part(*SETUP))
    server.recorder.forget()
    groups = [group(rule("r1", "A"), rule("r2", "B"))]
    bundle(server, rule_groups=groups)
    assert asked(server) == [("PUT", "g1")]
    assert not bundle(server, rule_groups=groups)["changed"]


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": {}},
        {"annotations": {}},
        {"for": "0s"},
        {"for": "300s", "title": "Other"},
        {"noDataState": "OK", "execErrState": "Alerting"},
        {"condition": "B"},
    ],
)
def test_each_field_is_compared_and_can_be_emptied(grafana: Any, changes: dict[str, Any]) -> None:
    bundle(grafana, **part(*SETUP, rule_groups=[group(rule("r1", "A"))]))
    groups = [group({**rule("r1", "A"), **changes})]
    assert did(bundle(grafana, rule_groups=groups), "updated") == {"rules": ["r1"]}
    assert not bundle(grafana, rule_groups=groups)["changed"]


def test_the_same_said_in_other_words_is_no_change(grafana: Any) -> None:
    bundle(grafana, **part(*SETUP, rule_groups=[group(rule("r1", "A"))]))
    other = copy.deepcopy(rule("r1", "A", **{"for": "300s"}))
    other["data"][0]["model"] |= {"intervalMs": 1000, "maxDataPoints": 43200, "refId": "A"}
    other["data"][0]["queryType"] = ""
    other |= {"noDataState": "NoData", "execErrState": "Error", "orgID": 1, "isPaused": False}
    assert not bundle(grafana, rule_groups=[group(other)])["changed"]


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("", {"queryType": "instant"}),
        ("range", {"queryType": "instant"}),
        ("range", {"queryType": ""}),
        ("range", {}),
        ("", {"intervalMs": 0, "maxDataPoints": None}),
        ("", {"intervalMs": "5", "maxDataPoints": 10}),
    ],
)
def test_what_a_model_says_of_its_query_counts_as_on_the_server(
    grafana: Any, outside: str, inside: dict[str, Any]
) -> None:
    told = rule("r1", "A")
    told["data"][0] |= {"queryType": outside}
    told["data"][0]["model"] |= inside
    bundle(grafana, **part(*SETUP, rule_groups=[group(told)]))
    assert not bundle(grafana, rule_groups=[group(told)])["changed"]


def test_a_rule_moves_between_our_groups_and_both_ways_at_once(grafana: Any) -> None:
    groups = [group(rule("r1", "A"), rule("r2", "B")), group(rule("r3", "C"), name="g2")]
    bundle(grafana, **part(*SETUP, rule_groups=groups))
    before = {uid: held(grafana, uid)["id"] for uid in ("r1", "r2", "r3")}
    groups = [group(rule("r3", "C"), rule("r2", "B")), group(rule("r1", "A"), name="g2")]
    foreseen = bundle(grafana, check=True, rule_groups=groups)
    result = bundle(grafana, rule_groups=groups)
    assert foreseen["changes"] == result["changes"]
    assert did(result, "updated") == {"rules": ["r1", "r3"]}
    assert not bundle(grafana, rule_groups=groups)["changed"]
    # Moved, not deleted and made anew.
    assert {uid: held(grafana, uid)["id"] for uid in before} == before


def test_a_rule_that_was_moved_and_deleted_with_its_folder_cannot_come_back(grafana: Any) -> None:
    uid = f"r{time.time_ns()}"  # a real server never forgets it
    folders = [{"uid": "f1", "title": "Collectors"}, {"uid": "f2", "title": "Others"}]
    bundle(grafana, **part(*SETUP, folders=folders, rule_groups=[group(rule(uid, "A"))]))
    bundle(grafana, rule_groups=[group(rule(uid, "A"), folder="f2")])
    grafana.api("DELETE", "/api/folders/f2?forceDeleteRules=true")
    again = {"folders": folders, "rule_groups": [group(rule(uid, "A"), folder="f2")]}
    result = try_bundle(grafana, **again)
    if grafana.version.startswith("9.3."):
        assert (result["code"], result["values"]["uid"]) == ("grafana.rule_versions_left", uid)
    again["rule_groups"] = [group(rule(f"{uid}-2", "A"), folder="f2")]
    assert did(bundle(grafana, **again), "created")["rules"] == [f"{uid}-2"]


def test_titles_are_exchanged_and_handed_to_new_rules(grafana: Any) -> None:
    bundle(grafana, **part(*SETUP, rule_groups=[group(rule("r1", "A"), rule("r2", "B"))]))
    groups = [
        group(rule("r1", "B"), rule("r2", "C")),
        group(rule("r3", "A"), name="g2"),
    ]
    bundle(grafana, rule_groups=groups)
    assert not bundle(grafana, rule_groups=groups)["changed"]
    groups = [
        group(rule("r1", "C"), rule("r2", "A")),
        group(rule("r3", "B"), name="g2"),
    ]
    bundle(grafana, rule_groups=groups)
    assert not bundle(grafana, rule_groups=groups)["changed"]


def test_a_rule_that_is_not_given_stays_and_goes_with_prune(grafana: Any) -> None:
    bundle(grafana, **part(*SETUP, rule_groups=[group(rule("r1", "A"), rule("r2", "B"))]))
    own = {**rule("own", "By hand"), "folderUID": "f1", "ruleGroup": "g1", "orgID": 1}
    grafana.api("POST", RULES, {**own, "noDataState": "NoData", "execErrState": "Error"})
    groups = [group(rule("r1", "A+"))]
    assert did(bundle(grafana, rule_groups=groups), "deleted") == {}
    assert held(grafana, "r2")["title"] == "B"
    gone = bundle(grafana, rule_groups=groups, prune=True)
    assert did(gone, "deleted") == {"rules": ["r2"]}
    assert not grafana.try_api("GET", f"{RULES}/r2").ok
    assert held(grafana, "own")["title"] == "By hand"
    assert "__managed_by__" not in held(grafana, "own")["annotations"]
    assert not bundle(grafana, rule_groups=groups, prune=True)["changed"]


def test_provenance_is_kept_given_and_never_taken(grafana: Any) -> None:
    groups = [group(rule("r1", "A"))]
    bundle(grafana, provenance="none", **part(*SETUP, rule_groups=groups))
    assert held(grafana, "r1").get("provenance", "") == ""
    groups = [group(rule("r1", "A+"), rule("r2", "B"))]
    bundle(grafana, rule_groups=groups)
    assert held(grafana, "r2").get("provenance", "") == ""
    given = bundle(grafana, provenance="api", rule_groups=groups)
    assert did(given, "updated") == {"rules": ["r1", "r2"]}
    assert held(grafana, "r1")["provenance"] == "api"
    found = problems(grafana, provenance="none", rule_groups=groups)
    assert found == [("group_keeps_provenance", "rule group f1/g1")]


def test_mixed_provenance_is_found(grafana: Any) -> None:
    bundle(grafana, **part(*SETUP, rule_groups=[group(rule("r1", "A"))]))
    own = {**rule("own", "By hand"), "folderUID": "f1", "ruleGroup": "g1", "orgID": 1}
    own |= {"noDataState": "NoData", "execErrState": "Error"}
    grafana.api("POST", RULES, own, **NONE)
    left = bundle(grafana, rule_groups=[group(rule("r1", "A"))])
    assert not left["changed"]
    mixed = [("group_mixed_provenance", "rule group f1/g1")]
    assert coded(left["notes"]) == mixed
    assert left["notes"][0]["values"] == {"rules": ["own"]}
    changed = [group(rule("r1", "A+"))]
    assert problems(grafana, rule_groups=changed) == mixed
    strangers = [("group_strangers", "rule group f1/g1")]
    assert problems(grafana, provenance="api", rule_groups=changed) == strangers


def test_the_order_of_rules_converges_where_the_server_tells_it(
    grafana: Any, make_grafana: Callable[..., Any]
) -> None:
    rules = [rule("r1", "A"), rule("r2", "B"), rule("r3", "C")]
    other = [rules[2], rules[0], rules[1]]
    later = make_grafana("11.6.0", whole_groups=True, free_provenance=True)
    for provenance in ("keep", "none"):
        groups = [group(*rules, name=f"of {provenance}")]
        if provenance == "none":
            later = make_grafana("11.6.0", whole_groups=True, free_provenance=True)
        bundle(later, provenance=provenance, **part(*SETUP, rule_groups=groups))
        groups[0]["rules"] = other
        foreseen = bundle(later, check=True, provenance=provenance, rule_groups=groups)
        result = bundle(later, provenance=provenance, rule_groups=groups)
        assert foreseen["diff"] == result["diff"]
        assert did(result, "updated") == {"rule_groups": [f"f1/of {provenance}"]}
        assert "order" in result["diff"][0]["after"]
        name = f"/api/v1/provisioning/folder/f1/rule-groups/of {provenance}"
        assert [r["uid"] for r in later.api("GET", name)["rules"]] == ["r3", "r1", "r2"]
        assert not bundle(later, provenance=provenance, rule_groups=groups)["changed"]
    if grafana.version.startswith("9"):
        bundle(grafana, **part(*SETUP, rule_groups=[group(*rules)]))
        assert not bundle(grafana, rule_groups=[group(*other)])["changed"]


def test_two_hundred_rules_are_read_in_one_request(grafana: Any) -> None:
    groups = [
        group(*(rule(f"r{g}-{n}", f"R {g} {n}") for n in range(10)), name=f"g{g}") for g in range(4)
    ]
    bundle(grafana, **part(*SETUP, rule_groups=groups))
    again = bundle(grafana, rule_groups=groups)
    assert not again["changed"]
    assert again["requests"] == 4
