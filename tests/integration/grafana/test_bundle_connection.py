# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks, which server answers, and what is done about answers that are none."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ...certificates import own_certificate
from ...grafana_stand_in import Behaviour, Tls, serve
from .bundle_tools import bundle, coded, did, failure, problems, run, try_bundle, whole
from .conftest import Grafana

FOLDER = [{"uid": "f1", "title": "Collectors"}]


def test_a_token_and_a_password_do_and_wrong_ones_are_named(grafana: Any) -> None:
    if not grafana.user:
        pytest.skip("needs a password as well as a token")
    bundle(grafana, folders=FOLDER)
    again = bundle(grafana, folders=FOLDER, bearer_token=grafana.token)
    assert not again["changed"]
    refused = try_bundle(grafana, folders=FOLDER, bearer_token="not-a-token")
    assert refused["code"] == "http.status.401"
    assert "not-a-token" not in refused["msg"]


def test_the_organisation_is_sent_along_and_nothing_is_switched(grafana: Any) -> None:
    if not grafana.user:
        pytest.skip("needs a user who may add an organisation")
    number = grafana.add_org("Second")
    bundle(grafana, org_id=number, organization="Second", folders=FOLDER)
    assert all(
        request.headers.get("x-grafana-org-id") == str(number)
        for request in grafana.recorder.requests
    )
    assert grafana.try_api("GET", "/api/folders/f1").status_code == 404
    renamed = bundle(grafana, org_id=number, organization="Two", rename_organization=True)
    assert did(renamed, "updated") == {"organization": ["Second"]}
    assert not bundle(grafana, org_id=number, organization="Two")["changed"]
    code, values = failure(grafana, org_id=4711, folders=FOLDER)
    assert (code, values["org_id"]) == ("http.grafana_organization", 4711)


@pytest.mark.parametrize("version", ["9.3.2", "12.4.0"])
def test_an_organisation_that_one_has_no_place_in(
    make_grafana: Callable[..., Any], version: str
) -> None:
    server = make_grafana(version)
    code, values = failure(server, org_id=4711, folders=FOLDER)
    assert (code, values["org_id"]) == ("http.grafana_organization", 4711)
    # Before, the organisation means nothing to a token.
    result = try_bundle(server, org_id=4711, folders=FOLDER, bearer_token=server.token)
    expected = None if version == "9.3.2" else "http.grafana_organization"
    assert result.get("code") == expected


def test_a_server_that_fails_has_nothing_against_the_organisation(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana("12.4.0")
    server.recorder.fail(500, path="/api/search", body={"message": "Search failed"})
    code, _values = failure(server, org_id=1, folders=FOLDER)
    assert code == "http.status.500"


@pytest.mark.parametrize(
    ("status", "body"), [(400, ""), (404, "<html>404</html>"), (404, {"message": "Not found"})]
)
@pytest.mark.parametrize("name", ["shop/body", "100%"])
def test_a_proxy_that_does_not_pass_an_encoded_name_on_is_named(
    make_grafana: Callable[..., Any], name: str, status: int, body: Any
) -> None:
    server = make_grafana()
    server.recorder.fail(status, method="PUT", path=re.escape(name), body=body)
    templates = [{"name": name, "template": '{{ define "b" }}x{{ end }}'}]
    code, values = failure(server, folders=FOLDER, templates=templates)
    assert code == "http.encoded_path"
    assert len(values["left"]) == 1
    # What Grafana itself refuses, and a name that needs no such character, is something else.
    server.recorder.forget()
    server.recorder.fail(400, method="PUT", path="templates", body={"message": "bad"})
    assert failure(server, templates=templates)[0] == "http.status.400"
    server.recorder.forget()
    server.recorder.fail(400, method="PUT", path="plain", body="")
    templates[0]["name"] = "plain"
    assert failure(server, templates=templates)[0] == "http.status.400"


def test_an_old_server_is_refused(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana("9.2.8")
    for module in ("grafana_bundle", "grafana_bundle_info", "grafana_annotation"):
        options = {"text": "x"} if module == "grafana_annotation" else {}
        refused = run(server, module, **options)
        assert refused["code"] == "grafana.version_too_old"
        assert refused["values"]["version"] == "9.2.8"


def test_a_version_hidden_from_those_who_are_not_logged_in(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana(hidden_version=True)
    assert bundle(server, folders=FOLDER)["version"] == "9.3.2"
    old = make_grafana("9.2.8", hidden_version=True)
    assert failure(old, folders=FOLDER)[1]["version"] == "9.2.8"


def test_folders_inside_folders(make_grafana: Callable[..., Any], grafana: Any) -> None:
    folders = [
        {"uid": "below", "title": "Below", "parent_uid": "above"},
        {"uid": "above", "title": "Above"},
    ]
    server = make_grafana("11.6.0", nested_folders=True)
    bundle(server, folders=folders)
    assert server.api("GET", "/api/folders/below")["parentUid"] == "above"
    assert not bundle(server, folders=folders)["changed"]
    moved = copy.deepcopy(folders)
    moved[0]["parent_uid"] = ""
    server.recorder.fail(200, path="/move", body={})  # which the stand-in does not know
    bundle(server, folders=moved)
    (move,) = [r for r in server.recorder.writes if r.path.endswith("/move")]
    assert (move.path, move.body) == ("/api/folders/below/move", {"parentUid": ""})
    exported = run(server, "grafana_bundle_info", sections=["folders"])["bundle"]
    assert not bundle(server, **exported)["changed"]
    refused = run(server, "grafana_bundle_info", sections=["folders", "floders"])
    assert refused["code"] == "grafana.section_unknown"
    assert refused["values"] == {"sections": ["floders"]}
    if grafana.version.startswith("9"):
        found = problems(grafana, folders=folders)
        assert found == [("folders_not_nested", "folders below")]
        made = bundle(grafana, folders=folders, when_no_nesting="flatten")
        assert did(made, "created") == {"folders": ["above", "below"]}
        assert coded(made["notes"]) == [("folders_flattened", "folders below")]
        assert not bundle(grafana, folders=folders, when_no_nesting="flatten")["changed"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_is_overloaded_for_a_moment_is_asked_again(
    make_grafana: Callable[..., Any], status: int
) -> None:
    server = make_grafana()
    server.recorder.fail(status, method="GET|PUT", path="datasources|search|policies", times=1)
    if status == 429:
        server.recorder.fail(status, method="POST", path="dashboards/db", times=1)
    bundle(server, **whole())
    assert not bundle(server, **whole())["changed"]


def test_one_that_stays_overloaded_is_given_up(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana()
    server.recorder.fail(503, path="search")
    code, values = failure(server, retries=1, folders=FOLDER)
    assert (code, values["written"]) == ("http.status.503", [])
    assert len([r for r in server.recorder.requests if "search" in r.path]) == 2


def test_a_write_whose_answer_was_lost_is_completed(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana()
    server.recorder.fail(502, method="POST", path="dashboards/db", times=1, written=True)
    assert failure(server, **whole())[0] == "http.status.502"
    server.recorder.forget()
    bundle(server, **whole())
    assert not bundle(server, **whole())["changed"]


def test_somebody_who_writes_at_the_same_time_is_not_overwritten(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana()
    bundle(server, **whole())
    server.recorder.fail(412, method="POST", path="dashboards/db")
    given = whole()
    given["dashboards"][0]["content"]["title"] = "Changed"
    assert failure(server, **given)[0] == "http.status.412"
    sent = [r.body for r in server.recorder.writes if "dashboards/db" in r.path]
    assert all(body["overwrite"] is False for body in sent)


def test_a_data_source_that_somebody_else_writes_is_not_overwritten(
    make_grafana: Callable[..., Any],
) -> None:
    server = make_grafana()
    bundle(server, **whole())
    given = whole()
    given["datasources"][0]["json_data"]["timeInterval"] = "30s"
    server.recorder.forget()
    server.recorder.fail(409, method="PUT", path="datasources/uid/prom")
    code, values = failure(server, **given)
    assert (code, values["step"]) == ("http.status.409", "update data source prom")
    (sent,) = server.recorder.writes
    assert sent.body["version"] == 1
    server.recorder.forget()
    assert did(bundle(server, **given), "updated") == {"datasources": ["prom"]}


def test_a_client_certificate_is_shown(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path, "grafana")
    with serve(Behaviour(), tls=Tls(certificate, key, certificate)) as server:
        account = server.state.add_account("sa", "tests", {1: "Admin"})
        token = server.state.add_token(account, 1)
        grafana = Grafana(server.url, "", "", token, "9.3.2", server.recorder, server.state)
        login = {"bearer_token": token, "ca_path": str(certificate)}
        options = {**login, "folders": FOLDER}
        shown = {"client_cert": str(certificate), "client_key": str(key)}
        assert failure(grafana, retries=0, **options)[0].startswith("http.")
        bundle(grafana, **options, **shown)
        assert not bundle(grafana, **options, **shown)["changed"]
        info = run(grafana, "grafana_bundle_info", sections=["folders"], **login, **shown)
        assert info["bundle"]["folders"] == FOLDER


def test_who_may_not_write_is_told_so(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana()
    account = server.state.add_account("sa-viewer", "viewer", {1: "Viewer"})
    token = server.state.add_token(account, 1)
    assert failure(server, folders=FOLDER, bearer_token=token)[0] == "http.status.403"
