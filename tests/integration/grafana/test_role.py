# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role grafana with an existing server: the stand-in, or the one that GRAFANA_URL names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from ..deployment import Deployment, has_fault
from .conftest import Grafana

SOURCES = "query('vya.observability.content', 'grafana_datasources')"
SECRET = "a-password-of-the-data-source"
OPERATORS = {
    "uid": "operators",
    "name": "operators",
    "type": "email",
    "settings": {"addresses": "operators@example.com"},
}
NIGHT = {
    "name": "night",
    "time_intervals": [{"times": [{"start_time": "00:00", "end_time": "06:00"}]}],
}
DASHBOARDS = {
    "vya-collector-api",
    "vya-network-latency",
    "vya-database-health",
    "vya-pipeline-health",
    "vya-n8n-overview",
    "vya-n8n-nodes",
}


@pytest.fixture
def existing(
    grafana: Grafana, prometheus: str, deployment: Callable[..., Deployment]
) -> Deployment:
    return deployment(
        "grafana",
        grafana_mode="existing",
        grafana_url=grafana.url,
        grafana_username=grafana.user,
        grafana_password=grafana.password,
        grafana_prometheus_url=prometheus,
        grafana_victoriametrics_url=prometheus,
        # This Prometheus has next to nothing: what is proven to have data is another test's.
        grafana_prove_wait_seconds=0,
    )


def titles(grafana: Grafana) -> dict[str, str]:
    found = grafana.api("GET", "/api/search?type=dash-db")
    return {one["uid"]: one["title"] for one in found}


def changed(output: str) -> int:
    return int(re.findall(r"changed=(\d+)", output)[-1])


def names(grafana: Grafana) -> set[str]:
    """The contact points that the role made, by their uid."""
    found = grafana.api("GET", "/api/v1/provisioning/contact-points")
    return {one["uid"] for one in found if one["uid"]}


def test_content_is_foreseen_converged_and_kept(existing: Deployment, grafana: Grafana) -> None:
    own = {"uid": "own", "title": "Own", "panels": [], "schemaVersion": 37}
    more: dict[str, Any] = {
        "grafana_extra_folders": [{"uid": "mine", "title": "Mine"}],
        "grafana_extra_dashboards": [{"content": own, "folder": "mine"}],
        "grafana_contact_points": [OPERATORS],
        "grafana_templates": [{"name": "short", "template": "plain text"}],
        "grafana_mute_timings": [NIGHT],
        "grafana_organization": "Main Org.",
        "grafana_provenance": "none",
    }
    foreseen = existing.ok("--check", **more)
    assert changed(foreseen) == 1
    assert titles(grafana) == {}
    said = existing.ok(**more)
    assert changed(said) == 1
    assert set(titles(grafana)) == DASHBOARDS | {"own"}
    assert titles(grafana)["vya-pipeline-health"] == "Pipeline health"
    assert grafana.password not in said or grafana.password == grafana.user
    assert OPERATORS["uid"] in names(grafana)
    assert {one["name"] for one in grafana.api("GET", "/api/v1/provisioning/mute-timings")} == {
        "night"
    }
    # The policy is somebody else's, and leads to nobody.
    assert "warn  receiver Grafana" in said
    assert changed(existing.ok(**more)) == 0

    # What the inventory has no more goes, to the last contact point.
    existing.variables["grafana_language"] = "pt-BR"
    assert changed(existing.ok()) == 1
    assert titles(grafana)["vya-pipeline-health"] == "Saúde do fluxo de dados"
    assert set(titles(grafana)) == DASHBOARDS
    assert OPERATORS["uid"] not in names(grafana)


@pytest.mark.parametrize(
    ("variables", "code", "variable"),
    [
        ({}, "", ""),
        ({"grafana_password": "another-pass"}, "credentials.refused", "grafana_password"),
        ({"grafana_token": "a-token"}, "credentials.refused", "grafana_token"),
        ({"grafana_org_id": 4711}, "organization.refused", "grafana_org_id"),
        ({"grafana_url": "https://grafana.invalid"}, "name.unknown", "grafana_url"),
        # It may be up when it is its turn.
        ({"grafana_url": "http://127.0.0.1:9"}, "", ""),
    ],
)
def test_what_is_refused_is_told_before_anything_is_touched(
    grafana: Grafana,
    deployment: Callable[..., Deployment],
    variables: dict[str, Any],
    code: str,
    variable: str,
) -> None:
    deployed = deployment(
        "grafana/asked",
        grafana_mode="existing",
        grafana_url=grafana.url,
        grafana_username=grafana.user,
        grafana_password=grafana.password,
        grafana_retries=0,
    )
    done = deployed.run(**variables)
    said = done.stdout + done.stderr
    assert done.returncode == (2 if code else 0), said
    assert not code or has_fault(said, code, variable)
    assert grafana.recorder.writes == []
    assert "a-token" not in said.replace(json.dumps({**deployed.variables, **variables}), "")


def test_alerts_reach_alertmanager_and_its_own_failure_somebody_else(
    existing: Deployment, grafana: Grafana, prometheus: str
) -> None:
    said = existing.ok(
        grafana_alertmanager_url=prometheus,
        grafana_alertmanager_username="grafana",
        grafana_alertmanager_password=SECRET,
        grafana_alerts_to_alertmanager=True,
        grafana_contact_points=[OPERATORS],
        grafana_dashboards=[],
        grafana_prometheus_username="grafana",
        grafana_prometheus_password=SECRET,
        # A Prometheus is no Alertmanager: that its health fails is another test's.
        grafana_datasources="{{ "
        + SOURCES
        + " | rejectattr('uid', 'equalto', 'vya-alertmanager') }}",
    )
    assert "receiver Grafana" not in said
    assert SECRET not in said.replace(json.dumps(existing.variables), "")
    policy = grafana.api("GET", "/api/v1/provisioning/policies")
    assert policy["receiver"] == "alertmanager"
    (route,) = policy["routes"]
    assert (route["receiver"], route["object_matchers"]) == (
        "operators",
        [["page", "=", "AlertmanagerDown"]],
    )
    (point,) = [
        one
        for one in grafana.api("GET", "/api/v1/provisioning/contact-points")
        if one["uid"] == "vya-alertmanager"
    ]
    assert point["settings"]["url"] == prometheus
    assert point["settings"]["basicAuthUser"] == "grafana"
    rule = grafana.api("GET", "/api/v1/provisioning/alert-rules/vya-alertmanager-down")
    assert rule["labels"]["page"] == "AlertmanagerDown"
    source = grafana.api("GET", "/api/datasources/uid/vya-prometheus")
    assert source["basicAuthUser"] == "grafana"
    assert source["secureJsonFields"] == {"basicAuthPassword": True}


def test_what_is_wrong_is_named_before_anything_is_written(
    existing: Deployment, grafana: Grafana
) -> None:
    for variables, code, variable in (
        (
            {"grafana_prometheus_url": "prometheus:9090"},
            "url.invalid",
            "grafana_prometheus_url",
        ),
        ({"grafana_password": ""}, "credentials.missing", "grafana_token"),
        ({"grafana_loki_username": "grafana"}, "pair.incomplete", "grafana_loki_password"),
    ):
        assert has_fault(existing.run(**variables).stdout, code, variable)
    lost = {"uid": "own", "title": "Own", "schemaVersion": 37, "panels": [{"id": 1}]}
    lost["panels"] = [
        {"id": 1, "type": "stat", "title": "x", "datasource": {"type": "loki", "uid": "nobody"}}
    ]
    done = existing.run(grafana_extra_dashboards=[{"content": lost, "folder": "nowhere"}])
    assert done.returncode != 0
    assert "nobody" in done.stdout
    assert "nowhere" in done.stdout
    assert titles(grafana) == {}


def test_without_a_server_and_an_image_it_is_left_out_and_the_play_says_why(
    deployment: Callable[..., Deployment],
) -> None:
    said = deployment(
        "grafana",
        grafana_password="a-password-of-the-test",
        grafana_prometheus_url="http://prometheus:9090",
        observability_images={"grafana": {"reference": "127.0.0.1:1/grafana:11.6.0"}},
    ).ok()
    assert "Grafana is left out" in said
    assert "127.0.0.1:1" in said
    assert changed(said) == 0
