# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grafana's marks, and the files of a server whose API must not be written to."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._content import (
    grafana,
    grafana_provisioning,
)

from .._fleet.fleets import COLLECTOR, fleet

RELEASE = {"id": "r1", "image_reference": "api:1", "created": "2026-01-02T03:04:05.678901Z"}
DEPLOYED = {"changed": True, "release": RELEASE}


def marks(check_mode: bool, **told: Any) -> list[tuple[str, str | None]]:
    """Key and time of each mark."""
    services = {COLLECTOR["collector_container_name"]: told}
    of = {
        **COLLECTOR,
        "image_references": {"collector": "api:2"},
        "deploy_plan": {"services": services} if told else {},
    }
    found = grafana.marks({"ansible_check_mode": check_mode}, fleet(collector={"wf001": of}))
    return [(mark["key"], mark.get("time")) for mark in found]


def test_marks() -> None:
    mark = ("release:wf001-r1", "2026-01-02T03:04:05Z")
    assert marks(check_mode=False, **DEPLOYED) == [mark]
    assert marks(check_mode=True, **{**DEPLOYED, "changed": False}) == [mark]
    assert marks(check_mode=True, **DEPLOYED) == [("release:wf001-foreseen", None)]
    assert marks(check_mode=False) == []


def read_from(content: bytes, **given: Any) -> dict[str, Any]:
    """The dashboard of a file that is given by its path."""
    item = [{"item": {"path": "/boards", "folder": "mine", **given}}, {"path": "/boards/a.json"}]
    read = {"results": [{"item": item, "content": base64.b64encode(content).decode()}]}
    (found,) = grafana.file_dashboards({"grafana_dashboards": [], "grafana_texts": read})
    assert found["folder"] == "mine"
    return found


def test_dashboards_that_are_given_with_their_content() -> None:
    own = [{"folder": "vya", "content": {"uid": "own", "title": "Own"}}, {"path": "/boards"}]
    found = grafana.file_dashboards({"grafana_dashboards": own, "grafana_texts": {"results": []}})
    assert found == own[:1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_dashboards_are_read_from_files_as_grafanas_import_reads_them(encoding: str) -> None:
    asked = [{"name": "VAR", "type": "constant", "value": "y"}]
    board = {"title": "São", "id": 7, "version": 3, "a": "${DS}", "b": "${VAR}", "c": "${N}"}
    text = json.dumps({"dashboard": {**board, "__inputs": asked}, "meta": {}})
    content = read_from(text.encode(encoding), inputs={"DS": 'a "b"', "N": 3})["content"]
    assert len(content.pop("uid")) == 20  # of its own, as an import gives it
    assert content == {"title": "São", "a": 'a "b"', "b": "y", "c": "3"}


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"[]", b"{}", b'{"__inputs": [{}]}'])
def test_a_file_that_is_no_dashboard_is_told(content: bytes) -> None:
    found = read_from(content)
    assert found["content"] == {}
    assert found["problems"][0].startswith("/boards/a.json: ")


VARIABLES: dict[str, Any] = {
    "grafana_org_id": 1,
    "grafana_folder_uid": "vya",
    "grafana_folders": [{"uid": "vya", "title": "Observability"}, {"uid": "mine", "title": "Mine"}],
    "grafana_provisioning_mount_path": "/etc/grafana/provisioning",
    "grafana_datasources": [
        {"uid": "p", "name": "Prometheus", "type": "prometheus", "secure_json_data": {"a": "x$y"}}
    ],
    "grafana_file_dashboards": [
        {"folder": "vya", "content": {"uid": "one", "title": "$__interval"}},
        {"folder": "", "content": {"uid": "two"}},
    ],
    "grafana_rule_groups": [
        {
            "folder": "mine",
            "name": "g",
            "interval_seconds": 60,
            "rules": [{"uid": "r", "title": "a$b", "annotations": {"summary": "{{ $value }}"}}],
        }
    ],
    "grafana_wanted_rules": ["r"],
    "grafana_all_contact_points": [
        {"uid": "a", "name": "ops", "type": "email", "settings": {"addresses": "a@example.com"}},
        {"uid": "b", "name": "ops", "type": "webhook", "secure_settings": {"url": "http://h"}},
    ],
    "grafana_templates": [],
    "grafana_mute_timings": [],
    "grafana_whole_policy": {},
    "grafana_before": {
        "datasources": ["Old", "Prometheus"],
        "rules": ["gone"],
        "points": ["a"],
        "templates": ["t"],
    },
}


def test_provisioning_files() -> None:
    found = grafana_provisioning.files(VARIABLES)
    assert list(found) == [
        "datasources/vya-observability.yml",
        "dashboards/vya-observability/vya/one.json",
        "dashboards/vya-observability/general/two.json",
        "dashboards/vya-observability.yml",
        "alerting/vya-observability.yml",
    ]
    sources = yaml.safe_load(found["datasources/vya-observability.yml"])
    assert sources["deleteDatasources"] == [{"orgId": 1, "name": "Old"}]
    assert sources["datasources"][0]["secureJsonData"] == {"a": "x$$y"}
    # Dashboards are no provisioning files of Grafana's: there, a $ is a $.
    one = json.loads(found["dashboards/vya-observability/vya/one.json"])
    assert one["title"] == "$__interval"
    providers = yaml.safe_load(found["dashboards/vya-observability.yml"])["providers"]
    assert [(each["folder"], each["folderUid"]) for each in providers] == [
        ("Observability", "vya"),
        ("", ""),
    ]
    alerting = yaml.safe_load(found["alerting/vya-observability.yml"])
    assert set(alerting) == {
        "apiVersion",
        "groups",
        "contactPoints",
        "deleteRules",
        "deleteTemplates",
    }
    (group,) = alerting["groups"]
    assert group["folder"] == "Mine"
    assert group["rules"][0]["title"] == "a$$b"
    assert group["rules"][0]["annotations"] == {"summary": "{{ $value }}"}
    (point,) = alerting["contactPoints"]
    assert [each["uid"] for each in point["receivers"]] == ["a", "b"]
    assert alerting["deleteRules"] == [{"orgId": 1, "uid": "gone"}]


def test_no_file_for_alerting_where_there_is_none() -> None:
    nothing = {"datasources": [], "rules": [], "points": [], "templates": []}
    none = {"grafana_rule_groups": [], "grafana_all_contact_points": [], "grafana_before": nothing}
    assert "alerting/vya-observability.yml" not in grafana_provisioning.files({**VARIABLES, **none})
