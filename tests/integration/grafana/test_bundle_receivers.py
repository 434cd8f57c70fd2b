# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact points, mute timings and templates of grafana_bundle: secrets, types, who uses them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from ...grafana_stand_in import contact_points
from .bundle_tools import SETUP, bundle, coded, did, failure, group, part, problems, rule, run

V1 = "/api/v1/provisioning"
HOOK = "https://discord.example.org/api/webhooks/1/a-secret-path"
LATER = {
    "whole_groups": True,
    "free_provenance": True,
    "hidden_urls": True,
    "notification_settings": True,
}


def point(uid: str = "p1", kind: str = "discord", **more: Any) -> dict[str, Any]:
    return {"uid": uid, "name": "ops", "type": kind, **more}


@pytest.mark.parametrize("where", ["settings", "secure_settings"])
@pytest.mark.parametrize("version", ["9.3.2", "11.6.0"])
def test_what_some_version_hides_is_a_secret_on_all(
    make_grafana: Callable[..., Any], version: str, where: str
) -> None:
    server = make_grafana(version, **(LATER if version == "11.6.0" else {}))
    given = [point(settings={"message": "m"}, secure_settings={})]
    given[0][where]["url"] = HOOK
    made = bundle(server, contact_points=given)
    assert HOOK not in json.dumps(made)
    assert not bundle(server, contact_points=given)["changed"]
    # Another setting sends what the server has, and keeps it.
    given[0]["settings"]["message"] = "n"
    told = bundle(server, contact_points=given)
    assert json.loads(told["diff"][0]["after"]) == {"settings.message": "n"}
    held = server.state.orgs[1].receivers[-1]["configs"][0]
    assert {**held["settings"], **held["secrets"]}["url"] == HOOK
    given[0][where]["url"] = f"{HOOK}-2"
    told = bundle(server, contact_points=given)
    assert "secret url" in told["diff"][0]["after"]
    assert HOOK not in json.dumps(told)
    assert not bundle(server, contact_points=given)["changed"]
    held = server.state.orgs[1].receivers[-1]["configs"][0]
    assert {**held["settings"], **held["secrets"]}["url"] == f"{HOOK}-2"
    # An export has no secret, and changes nothing.
    exported = run(server, "grafana_bundle_info", sections=["contact_points"])["bundle"]
    assert HOOK not in json.dumps(exported)
    assert not bundle(server, **exported)["changed"]


def test_a_secret_inside_a_setting_is_one_too(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana("11.6.0", **LATER)
    inside = {"caCertificate": "", "clientKey": HOOK}
    given = [point(kind="webhook", settings={"url": "http://127.0.0.1:9", "tlsConfig": inside})]
    told = bundle(server, contact_points=given)
    assert HOOK not in json.dumps(told)
    assert "tlsConfig.clientKey" not in told["diff"][0]["before"]
    assert not bundle(server, contact_points=given)["changed"]
    held = server.state.orgs[1].receivers[-1]["configs"][0]["settings"]["tlsConfig"]
    assert held == inside
    given[0]["settings"]["tlsConfig"] = {"caCertificate": ""}
    given[0]["secure_settings"] = {"tlsConfig.clientKey": f"{HOOK}-2"}
    told = bundle(server, contact_points=given)
    assert "secret tlsConfig.clientKey" in told["diff"][0]["after"]
    assert not bundle(server, contact_points=given)["changed"]
    exported = run(server, "grafana_bundle_info", sections=["contact_points"])["bundle"]
    assert exported["contact_points"][0]["secure_settings"] == {"tlsConfig.clientKey": None}
    assert not bundle(server, **exported)["changed"]


def test_what_nobody_knew_to_be_hidden_is_learnt_from_the_answer(
    make_grafana: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(contact_points.SECRETS, "teams", ("url",))
    server = make_grafana()
    server.recorder.fail(404, path="alert-notifiers")
    given = [point(kind="teams", settings={"url": HOOK, "title": "t"})]
    bundle(server, contact_points=given)
    assert not bundle(server, contact_points=given)["changed"]
    given[0]["settings"]["url"] = f"{HOOK}-2"
    told = bundle(server, contact_points=given)
    assert HOOK not in json.dumps(told["diff"])
    assert server.state.orgs[1].receivers[-1]["configs"][0]["secrets"] == {"url": f"{HOOK}-2"}


def test_types_and_settings_are_found_before_the_first_write(
    grafana: Any, make_grafana: Callable[..., Any]
) -> None:
    token = {"secure_settings": {"token": "a-token"}}
    bad = {
        ("point_type_unknown", "nope"): point(kind="nope", settings={"a": 1}),
        ("point_setting_missing", "recipient"): point(kind="slack", **token),
        ("point_setting_missing", "url or token"): point(kind="slack"),
        ("point_url", "api"): point(
            kind="opsgenie", settings={"apiUrl": "api"}, secure_settings={"apiKey": "k"}
        ),
    }
    for (code, value), one in bad.items():
        refused, values = failure(grafana, **part("folders", contact_points=[one]))
        (found,) = values["problems"]
        assert (refused, found["code"]) == ("grafana.bundle_refused", code)
        assert value in found["values"].values()
    assert grafana.recorder.writes == []
    # A server without that list has the last word itself.
    server = make_grafana()
    server.recorder.fail(404, path="alert-notifiers")
    nope = bad["point_type_unknown", "nope"]
    foreseen = bundle(server, check=True, contact_points=[nope])
    assert coded(foreseen["notes"]) == [("point_type_unsure", "contact point p1")]
    good = [
        point("s1", "slack", settings={"recipient": "#x"}, **token),
        point("o1", "opsgenie", secure_settings={"apiKey": "k"}),
    ]
    bundle(grafana, contact_points=good)
    assert not bundle(grafana, contact_points=good)["changed"]


def test_where_a_rule_sends_to_must_exist_and_is_in_use(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana("11.6.0", **LATER)
    mail = point("p1", "email", settings={"addresses": "a@b.c"})
    night = part("mute_timings")["mute_timings"]
    settings = {"receiver": "ops", "mute_time_intervals": ["night"]}
    groups = [group(rule("r1", "A", notification_settings=settings))]
    assert problems(server, **part(*SETUP, rule_groups=groups)) == [
        ("timing_unknown", "rule 'A'"),
        ("receiver_unknown", "rule 'A'"),
    ]
    given = part(*SETUP, contact_points=[mail], mute_timings=night, rule_groups=groups)
    bundle(server, **given)
    assert not bundle(server, **given)["changed"]
    # Whether the rules are given or not.
    for more in ({}, {"rule_groups": groups}):
        used = problems(server, prune=True, contact_points=[], **more)
        assert used == [("point_in_use", "contact point p1")]
    groups[0]["rules"][0].pop("notification_settings")
    gone = bundle(server, prune=True, contact_points=[], rule_groups=groups)
    assert did(gone, "deleted") == {"contact_points": ["p1"]}
    assert not bundle(server, prune=True, contact_points=[], rule_groups=groups)["changed"]


def test_an_older_server_has_no_place_for_where_a_rule_sends_to(grafana: Any) -> None:
    if not grafana.version.startswith("9"):
        pytest.skip("a newer server")
    one = rule("r1", "A", notification_settings={"receiver": "grafana-default-email"})
    found = problems(grafana, **part(*SETUP, rule_groups=[group(one)]))
    assert found == [("version_too_old", "rule 'A'")]


def test_none_given_is_not_the_same_as_not_given(grafana: Any) -> None:
    mail = point("p1", "email", settings={"addresses": "a@b.c"})
    bundle(grafana, contact_points=[mail])
    assert "contact_points" not in bundle(grafana, prune=True, folders=[])["objects"]
    assert not bundle(grafana, prune=True, folders=[])["changed"]
    gone = bundle(grafana, prune=True, contact_points=[])
    assert did(gone, "deleted") == {"contact_points": ["p1"]}


def test_timings_and_templates_keep_their_provenance(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana("11.6.0", **LATER)
    night = part("mute_timings")["mute_timings"]
    hand = {"X_Disable_Provenance": "true"}
    server.api("POST", f"{V1}/mute-timings", night[0], **hand)
    server.api("PUT", f"{V1}/templates/t1", {"template": "{{ define `t1` }}x{{ end }}"}, **hand)

    def held() -> list[str]:
        listed = [server.api("GET", f"{V1}/{kind}")[0] for kind in ("mute-timings", "templates")]
        return [one.get("provenance", "") for one in listed]

    given: dict[str, Any] = {
        "mute_timings": copy.deepcopy(night),
        "templates": [{"name": "t1", "template": "{{ define `t1` }}y{{ end }}"}],
    }
    given["mute_timings"][0]["time_intervals"][0]["months"] = ["1:3"]
    assert held() == ["", ""]
    changed = bundle(server, **given)
    assert did(changed, "updated") == {"mute_timings": ["night"], "templates": ["t1"]}
    assert held() == ["", ""]
    foreseen = bundle(server, check=True, provenance="api", **given)
    changed = bundle(server, provenance="api", **given)
    assert foreseen["diff"] == changed["diff"]
    assert did(changed, "updated") == {"mute_timings": ["night"], "templates": ["t1"]}
    assert held() == ["api", "api"]
    assert not bundle(server, **given)["changed"]
    new = {"mute_timings": [{**night[0], "name": "new"}]}
    bundle(server, **new)
    assert [one["provenance"] for one in server.api("GET", f"{V1}/mute-timings")] == ["api"] * 2
    server.state.orgs[1].provenance[("template", "t1")] = "file"
    given["templates"][0]["template"] = "z"
    assert problems(server, **given) == [("locked", "template t1")]
