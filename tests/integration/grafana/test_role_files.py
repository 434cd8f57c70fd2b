# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role grafana with provisioning files: what it writes, and what it reads back.

A real server was seen to read such files; the stand-in cannot.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.tests.integration.deployment import Deployment

from .conftest import Grafana

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.grafana
        tasks_from: "{{ part }}"
      loop: "{{ parts | default(['files']) }}"
      loop_control: {loop_var: part}
"""
BOARD = "lookup('ansible.builtin.template', 'dashboards/n8n_nodes.json.j2') | from_json"
PASSWORD = "pa$$word-of-the-data-$ource"
OWN = {"uid": "own", "title": "Own", "panels": [], "schemaVersion": 37}
MORE = {
    "uid": "more",
    "name": "More",
    "type": "prometheus",
    "url": "http://more.example.com",
    "basic_auth": True,
    "basic_auth_user": "grafana",
    "user": "reader",
    "database": "metrics",
    "with_credentials": True,
    "access": "direct",
    "secure_json_data": {"basicAuthPassword": PASSWORD},
}
POINT = {
    "uid": "hook",
    "name": "operators",
    "type": "webhook",
    "settings": {"url": "https://hooks.example.com", "username": "grafana"},
    "secure_settings": {"password": PASSWORD},
}
RULE = {
    "uid": "own-rule",
    "title": "Own rule",
    "condition": "A",
    "for": "5m",
    "noDataState": "OK",
    "execErrState": "OK",
    "labels": {"who": "$team"},
    "annotations": {"summary": "more than $5"},
    "data": [
        {
            "refId": "A",
            "datasourceUid": "vya-prometheus",
            "relativeTimeRange": {"from": 600, "to": 0},
            "model": {"expr": "up", "instant": True},
        }
    ],
}
# What the inventory has beside the role's own content.
WHOLE: dict[str, Any] = {
    "grafana_extra_datasources": [MORE],
    "grafana_extra_folders": [{"uid": "mine", "title": "Mine"}],
    "grafana_extra_rule_groups": [
        {"folder": "mine", "name": "own", "interval_seconds": 60, "rules": [RULE]}
    ],
    "grafana_contact_points": [POINT],
    "grafana_notification_policy": {"receiver": "operators"},
    "grafana_mute_timings": [{"name": "night", "time_intervals": []}],
    "grafana_templates": [{"name": "short", "template": "short"}],
}


def literal(value: Any) -> Any:
    """What Grafana makes of a value in a provisioning file that names no environment variable."""
    if isinstance(value, dict):
        return {k: v if k == "annotations" else literal(v) for k, v in value.items()}
    if isinstance(value, list):
        return [literal(each) for each in value]
    if not isinstance(value, str):
        return value
    assert not re.search(r"\$", value.replace("$$", "")), f"an environment variable: {value}"
    return value.replace("$$", "$")


def read(path: Path) -> dict[str, Any]:
    """A provisioning file as Grafana takes it."""
    found: dict[str, Any] = literal(yaml.safe_load(path.read_text("utf-8")))
    return found


def take(grafana: Grafana, root: Path) -> None:
    """Read the provisioning files as Grafana does, which the stand-in cannot."""
    sources = read(root / "datasources/vya-observability.yml")
    for source in sources.get("deleteDatasources", []):
        grafana.api("DELETE", f"/api/datasources/name/{source['name']}")
    for source in sources["datasources"]:
        grafana.try_api("POST", "/api/datasources", source)
    for provider in read(root / "dashboards/vya-observability.yml")["providers"]:
        folder = {"uid": provider["folderUid"], "title": provider["folder"]}
        grafana.try_api("POST", "/api/folders", folder)
        for path in (root / "dashboards/vya-observability" / folder["uid"]).glob("*.json"):
            board = json.loads(path.read_text("utf-8"))
            body = {"dashboard": board, "folderUid": folder["uid"], "overwrite": True}
            grafana.api("POST", "/api/dashboards/db", body)
    alerting = read(root / "alerting/vya-observability.yml")
    for rule in alerting.get("deleteRules", []):
        grafana.api("DELETE", f"/api/v1/provisioning/alert-rules/{rule['uid']}")
    for group in alerting.get("groups", []):
        where = {"ruleGroup": group["name"], "folderUID": "vya-observability", "orgID": 1}
        for rule in group["rules"]:
            grafana.try_api("POST", "/api/v1/provisioning/alert-rules", {**rule, **where})


@pytest.fixture(autouse=True)
def _fewer_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_PIPELINING", "1")


@pytest.fixture
def written(deployment: Callable[..., Deployment], tmp_path: Path) -> Deployment:
    (tmp_path / "boards").mkdir()
    shared = {**OWN, "title": "${DS_NAME}"}
    (tmp_path / "boards" / "shared.json").write_text(json.dumps(shared))
    return deployment(
        PLAYBOOK,
        grafana_provisioning_directory=str(tmp_path / "provisioning"),
        grafana_provisioning_mount_path="/srv/grafana",
        grafana_prometheus_url="http://prometheus:9090",
        # One of the role's six: each file takes its time.
        grafana_own_dashboards="{{ [{'folder': 'vya-observability', 'content': " + BOARD + "}] }}",
    )


def changed(output: str) -> int:
    return int(re.findall(r"changed=(\d+)", output)[-1])


def test_files_are_written_once_and_what_is_not_wanted_goes(
    written: Deployment, tmp_path: Path
) -> None:
    root = tmp_path / "provisioning"
    boards = root / "dashboards/vya-observability"
    by_path = {"path": str(tmp_path / "boards"), "folder": "mine", "inputs": {"DS_NAME": "Shared"}}
    foreseen = written.ok("--check", **WHOLE, grafana_extra_dashboards=[by_path])
    assert changed(foreseen) > 0
    assert not root.exists()
    said = written.ok("--diff", **WHOLE, grafana_extra_dashboards=[by_path])
    assert PASSWORD not in said.split("TASK")[-1]
    assert [path.stem for path in boards.glob("vya-observability/*")] == ["vya-n8n-nodes"]
    for path in boards.rglob("*.json"):
        assert json.loads(path.read_text())["uid"] == path.stem
    assert json.loads((boards / "mine/own.json").read_text())["title"] == "Shared"

    providers = read(root / "dashboards/vya-observability.yml")["providers"]
    assert [(each["folderUid"], each["folder"], each["options"]["path"]) for each in providers] == [
        (uid, title, f"/srv/grafana/dashboards/vya-observability/{uid}")
        for uid, title in (("vya-observability", "Observability"), ("mine", "Mine"))
    ]
    sources = read(root / "datasources/vya-observability.yml")["datasources"]
    assert {one["uid"] for one in sources} >= {"vya-prometheus", "more"}
    more = sources[-1]
    assert more["secureJsonData"] == {"basicAuthPassword": PASSWORD}
    given = {"orgId": 1, "access": "direct", "basicAuth": True, "basicAuthUser": "grafana"}
    given |= {"user": "reader", "database": "metrics", "withCredentials": True}
    assert {key: more[key] for key in given} == given
    alerting = read(root / "alerting/vya-observability.yml")
    assert all(rule["data"][0]["datasourceUid"] for rule in alerting["groups"][0]["rules"])
    assert (alerting["groups"][1]["folder"], alerting["groups"][1]["rules"]) == ("Mine", [RULE])
    (receiver,) = alerting["contactPoints"][0]["receivers"]
    assert receiver["settings"] == {**POINT["settings"], "password": PASSWORD}
    assert alerting["policies"] == [{"orgId": 1, "receiver": "operators"}]
    assert [one["name"] for one in alerting["muteTimes"] + alerting["templates"]] == [
        "night",
        "short",
    ]

    for path in root.rglob("*"):
        mode = 0o750 if path.is_dir() else 0o440
        assert (path.stat().st_uid, path.stat().st_gid) == (472, 0), path
        assert path.stat().st_mode & 0o777 == mode, path

    refused = written.run(grafana_max_deletions=4)
    assert (
        "expected at most 4 deletions; seen: 5: hook, More, own, own-rule, short." in refused.stdout
    ), refused.stdout[-1500:]
    assert (boards / "mine/own.json").exists()
    assert changed(written.ok()) == 2  # written, removed
    assert not (boards / "mine/own.json").exists()
    assert read(root / "datasources/vya-observability.yml")["deleteDatasources"] == [
        {"orgId": 1, "name": "More"}
    ]
    alerting = read(root / "alerting/vya-observability.yml")
    assert alerting["deleteRules"] == [{"orgId": 1, "uid": "own-rule"}]
    assert alerting["deleteContactPoints"] == [{"orgId": 1, "uid": "hook"}]
    # What was told to go stays told, and counts no more.
    assert changed(written.ok(grafana_max_deletions=0)) == 0


def test_what_grafana_would_put_elsewhere_is_refused(written: Deployment, tmp_path: Path) -> None:
    wrong = [
        {"content": OWN, "folder": "nowhere"},
        {"content": OWN, "folder": "vya-observability"},
        {"path": str(tmp_path / "none.json")},
    ]
    done = written.run(grafana_extra_dashboards=wrong, grafana_own_dashboards=[])
    assert f"seen none at: {tmp_path}/none.json" in done.stdout
    assert "unknown: nowhere" in done.stdout
    assert "in each dashboard (seen: own, own)" in done.stdout
    assert not (tmp_path / "provisioning").exists()


def test_what_grafana_has_read_is_read_back(
    written: Deployment, tmp_path: Path, grafana: Grafana
) -> None:
    if grafana.real:
        pytest.skip("it would have to read the files of this machine")
    written.variables |= {
        "grafana_mode": "existing",
        "grafana_url": grafana.url,
        "grafana_username": grafana.user,
        "grafana_password": grafana.password,
        "grafana_own_dashboards": [{"content": OWN, "folder": "vya-observability"}],
        "grafana_read_back_tries": 0,
    }
    written.variables["parts"] = ["files", "provisioned"]
    group = {"folder": "vya-observability", "name": "own", "interval_seconds": 60, "rules": [RULE]}
    more = {"grafana_extra_datasources": [MORE], "grafana_extra_rule_groups": [group]}
    done = written.run(**more)
    lacks = "data source vya-prometheus, data source more, dashboard own, rule vya-prometheus-stale"
    assert f"lacks {lacks}, rule own-rule, and" in done.stdout, done.stdout[-2000:]
    told = [one.path for one in grafana.recorder.requests if one.path.endswith("/reload")]
    assert [path.split("/")[-2] for path in told] == ["datasources", "dashboards", "alerting"]

    take(grafana, tmp_path / "provisioning")
    # Grafana was told that a data source and a rule shall go, and has not done so.
    done = written.run()
    assert "lacks nothing, and still has own-rule, More." in done.stdout, done.stdout[-2000:]
    take(grafana, tmp_path / "provisioning")
    written.ok()
    # A token of a service account may not reload.
    written.variables["parts"] = ["provisioned"]
    done = written.run(grafana_password="", grafana_token=grafana.token)
    assert "seen: 403, 403, 403. Likely cause: the token has no right" in done.stdout
    assert (
        grafana.token not in done.stdout.replace(json.dumps(grafana.token), "").split("TASK", 1)[1]
    )
