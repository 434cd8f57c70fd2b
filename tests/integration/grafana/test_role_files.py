# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role grafana with provisioning files: what it writes, and what it reads back.

The stand-in cannot read them. GRAFANA_PROVISIONING says where a real server on this machine looks
for them (its setting paths.provisioning).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from ..deployment import Deployment, has_fault
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
V1 = "/api/v1/provisioning"
NIGHT: dict[str, Any] = {"name": "night", "time_intervals": []}
# What the inventory has beside the role's own content.
WHOLE: dict[str, Any] = {
    "grafana_extra_datasources": [MORE],
    "grafana_extra_folders": [{"uid": "mine", "title": "Mine"}],
    "grafana_extra_rule_groups": [
        {"folder": "mine", "name": "own", "interval_seconds": 60, "rules": [RULE]}
    ],
    "grafana_contact_points": [POINT],
    "grafana_notification_policy": {"receiver": "operators"},
    "grafana_mute_timings": [NIGHT],
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
    """Have the stand-in take what a real server reads itself."""
    if grafana.real:
        return
    sources = read(root / "datasources/vya-observability.yml")
    for source in sources.get("deleteDatasources", []):
        grafana.api("DELETE", f"/api/datasources/name/{source['name']}")
    for source in sources["datasources"]:
        grafana.try_api("POST", "/api/datasources", source)
    kept = set()
    for provider in read(root / "dashboards/vya-observability.yml")["providers"]:
        folder = {"uid": provider["folderUid"], "title": provider["folder"]}
        grafana.try_api("POST", "/api/folders", folder)
        for path in (root / "dashboards/vya-observability" / folder["uid"]).glob("*.json"):
            board = json.loads(path.read_text("utf-8"))
            body = {"dashboard": board, "folderUid": folder["uid"], "overwrite": True}
            kept.add(grafana.api("POST", "/api/dashboards/db", body)["uid"])
    for board in grafana.api("GET", "/api/search?type=dash-db"):
        if board["uid"] not in kept:
            grafana.api("DELETE", f"/api/dashboards/uid/{board['uid']}")
    alerting = read(root / "alerting/vya-observability.yml")
    for rule in alerting.get("deleteRules", []):
        grafana.api("DELETE", f"{V1}/alert-rules/{rule['uid']}")
    folders = {one["title"]: one["uid"] for one in grafana.api("GET", "/api/folders")}
    for group in alerting.get("groups", []):
        where = {"ruleGroup": group["name"], "folderUID": folders[group["folder"]], "orgID": 1}
        for rule in group["rules"]:
            grafana.try_api("POST", f"{V1}/alert-rules", {**rule, **where})
    for point in alerting.get("contactPoints", []):
        for one in point["receivers"]:
            grafana.try_api("POST", f"{V1}/contact-points", {**one, "name": point["name"]})
    for one in alerting.get("deleteContactPoints", []):
        grafana.api("DELETE", f"{V1}/contact-points/{one['uid']}")


def give_back(grafana: Grafana, root: Path) -> None:
    """Have a real server delete what it read, which no other request may do."""
    sources = read(root / "datasources/vya-observability.yml")["datasources"]
    alerting = read(root / "alerting/vya-observability.yml")
    rules = [rule for group in alerting["groups"] for rule in group["rules"]]
    points = [one for each in alerting.get("contactPoints", []) for one in each["receivers"]]
    gone: dict[str, Any] = {
        "datasources": {"deleteDatasources": [{"orgId": 1, "name": s["name"]} for s in sources]},
        "dashboards": {"providers": []},
        "alerting": {
            "deleteRules": [{"orgId": 1, "uid": rule["uid"]} for rule in rules],
            "resetPolicies": [1],
            "deleteContactPoints": [{"orgId": 1, "uid": one["uid"]} for one in points],
            "deleteMuteTimes": [{"orgId": 1, "name": NIGHT["name"]}],
        },
    }
    shutil.rmtree(root / "dashboards/vya-observability")
    for what, content in gone.items():
        file = root / what / "vya-observability.yml"
        file.write_text(yaml.safe_dump({"apiVersion": 1, **content}))
        grafana.api("POST", f"/api/admin/provisioning/{what}/reload")
        file.unlink()


@pytest.fixture(autouse=True)
def _fewer_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_PIPELINING", "1")


@pytest.fixture
def root(grafana: Grafana, tmp_path: Path) -> Iterator[Path]:
    """The directory of the files: of a real server, where that is on this machine."""
    if not grafana.real:
        yield tmp_path / "provisioning"
        return
    if "GRAFANA_PROVISIONING" not in os.environ:
        pytest.skip("it would have to read files of this machine, in GRAFANA_PROVISIONING")
    root = Path(os.environ["GRAFANA_PROVISIONING"])
    yield root
    if (root / "datasources/vya-observability.yml").exists():
        give_back(grafana, root)


@pytest.fixture
def written(
    deployment: Callable[..., Deployment], tmp_path: Path, grafana: Grafana, root: Path
) -> Deployment:
    (tmp_path / "boards").mkdir()
    shared = {**OWN, "title": "${DS_NAME}"}
    (tmp_path / "boards" / "shared.json").write_text(json.dumps(shared))
    return deployment(
        PLAYBOOK,
        grafana_mode="existing",
        grafana_url=grafana.url,
        grafana_username=grafana.user,
        grafana_password=grafana.password,
        grafana_provisioning_directory=str(root),
        grafana_provisioning_mount_path=str(root) if grafana.real else "/srv/grafana",
        grafana_prometheus_url="http://prometheus:9090",
        # One of the role's six: each file takes its time.
        grafana_own_dashboards="{{ [{'folder': 'vya-observability', 'content': " + BOARD + "}] }}",
        grafana_read_back_tries=6 if grafana.real else 0,
    )


def changed(output: str) -> int:
    return int(re.findall(r"changed=(\d+)", output)[-1])


def assert_files(root: Path, mount: str) -> None:
    """What the files say of all that is wanted, and who may read them."""
    boards = root / "dashboards/vya-observability"
    assert [path.stem for path in boards.glob("vya-observability/*")] == ["vya-n8n-nodes"]
    for path in boards.rglob("*.json"):
        assert json.loads(path.read_text())["uid"] == path.stem
    assert json.loads((boards / "mine/own.json").read_text())["title"] == "Shared"
    providers = read(root / "dashboards/vya-observability.yml")["providers"]
    assert [(each["folderUid"], each["folder"], each["options"]["path"]) for each in providers] == [
        (uid, title, f"{mount}/dashboards/vya-observability/{uid}")
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
    kinds = [root / name for name in ("datasources", "dashboards", "alerting", "plugins")]
    for path in [path for kind in kinds for path in (kind, *kind.rglob("*"))]:
        mode = 0o750 if path.is_dir() else 0o440
        assert (path.stat().st_uid, path.stat().st_gid) == (472, 0), path
        assert path.stat().st_mode & 0o777 == mode, path


@pytest.mark.long
def test_files_of_a_managed_server_belong_to_root(
    written: Deployment,
    root: Path,
    docker_client: docker.DockerClient,
    service_image: Callable[[str], str],
) -> None:
    """Who has Grafana's number on the host can change none; Grafana reads them by its group."""
    paths = [root, root / "datasources", root / "dashboards/vya-observability/vya-observability"]
    # As an earlier version wrote them.
    managed = {**WHOLE, "grafana_mode": "managed", "grafana_password": "a-password-of-the-test"}
    written.ok(grafana_provisioning_owner="472", **managed)
    assert {path.stat().st_uid for path in paths} == {472}
    assert changed(written.ok(**managed)) > 0
    found = [root, *root.rglob("*")]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in found} == {(0, 0)}
    assert {path.stat().st_mode & 0o777 for path in found} == {0o750, 0o440}
    read = docker_client.containers.run(
        service_image("pushgateway"),
        ["-c", "cat $(find /p -type f) | grep -c vya-observability"],
        entrypoint="sh",
        user="472:0",
        volumes={str(root): {"bind": "/p", "mode": "ro"}},
        network_disabled=True,
        remove=True,
    )
    assert int(read) > 0


@pytest.mark.long
def test_files_are_written_once_and_read_back_and_what_is_not_wanted_goes(
    written: Deployment, root: Path, tmp_path: Path, grafana: Grafana
) -> None:
    by_path = {"path": str(tmp_path / "boards"), "folder": "mine", "inputs": {"DS_NAME": "Shared"}}
    whole = {**WHOLE, "grafana_extra_dashboards": [by_path]}
    foreseen = written.ok("--check", **whole)
    assert changed(foreseen) > 0
    assert not (root / "datasources/vya-observability.yml").exists()

    written.variables["parts"] = ["files", "provisioned"]
    done = written.run("--diff", **whole)
    assert PASSWORD not in done.stdout.split("TASK")[-1]
    assert_files(root, written.variables["grafana_provisioning_mount_path"])
    told = [one.path for one in grafana.recorder.requests if one.path.endswith("/reload")]
    assert [path.split("/")[-2] for path in told] == ["datasources", "dashboards", "alerting"]
    if grafana.real:
        assert done.returncode == 0, done.stdout[-3000:]
    else:
        assert has_fault(done.stdout, "provisioning.unread", "grafana_provisioning_directory")
        lacks = "no data source vya-prometheus, no data source more, no dashboard vya-n8n-nodes, "
        lacks += "no dashboard own, no rule vya-prometheus-stale, no rule own-rule, "
        assert f'"seen": "{lacks}no contact point hook"' in done.stdout
    take(grafana, root)

    written.variables["parts"] = ["files"]
    refused = written.run(grafana_max_deletions=4)
    assert has_fault(refused.stdout, "deletions.too_many", "grafana_max_deletions")
    assert '"seen": "5: More, hook, own, own-rule, short"' in refused.stdout
    own = root / "dashboards/vya-observability/mine/own.json"
    assert own.exists()

    # A real server keeps a contact point that its policy uses.
    written.variables["parts"] = ["files", "provisioned"]
    written.variables["grafana_notification_policy"] = {"receiver": "grafana-default-email"}
    done = written.run()
    assert not own.exists()
    assert read(root / "datasources/vya-observability.yml")["deleteDatasources"] == [
        {"orgId": 1, "name": "More"}
    ]
    alerting = read(root / "alerting/vya-observability.yml")
    assert alerting["deleteRules"] == [{"orgId": 1, "uid": "own-rule"}]
    assert alerting["deleteContactPoints"] == [{"orgId": 1, "uid": "hook"}]
    if grafana.real:
        assert done.returncode == 0, done.stdout[-3000:]
    # The stand-in was told that a data source and a rule shall go, and has not done so.
    left = '"seen": "still More, still own-rule"'
    assert grafana.real or left in done.stdout, done.stdout[-2000:]
    assert changed(done.stdout) == 2  # written, removed
    take(grafana, root)

    # What was told to go stays told, and counts no more.
    assert changed(written.ok(grafana_max_deletions=0)) == 0
    # A token of a service account may not reload.
    written.variables["parts"] = ["provisioned"]
    done = written.run(grafana_password="", grafana_token=grafana.token)
    assert "seen: 403, 403, 403." in done.stdout
    assert (
        grafana.token not in done.stdout.replace(json.dumps(grafana.token), "").split("TASK", 1)[1]
    )


def test_what_grafana_would_put_elsewhere_is_refused(
    written: Deployment, root: Path, tmp_path: Path
) -> None:
    wrong = [
        {"content": OWN, "folder": "nowhere"},
        {"content": OWN, "folder": "vya-observability"},
        {"path": str(tmp_path / "none.json")},
    ]
    done = written.run(grafana_extra_dashboards=wrong, grafana_own_dashboards=[])
    assert has_fault(done.stdout, "path.empty", "grafana_extra_dashboards")
    assert has_fault(done.stdout, "reference.unknown", "grafana_extra_folders")
    assert has_fault(done.stdout, "name.twice", "grafana_extra_dashboards")
    assert not (root / "datasources/vya-observability.yml").exists()
