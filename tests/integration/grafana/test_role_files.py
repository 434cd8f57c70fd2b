# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role grafana with provisioning files: what it writes. A real server was seen to read them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ansible_collections.vya.observability.tests.integration.deployment import Deployment

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.grafana
        tasks_from: files
"""
PASSWORD = "password-of-the-data-source"
OWN = {"uid": "own", "title": "Own", "panels": [], "schemaVersion": 37}


@pytest.fixture
def written(deployment: Callable[..., Deployment], tmp_path: Path) -> Deployment:
    return deployment(
        PLAYBOOK,
        grafana_provisioning_directory=str(tmp_path / "provisioning"),
        grafana_prometheus_url="http://prometheus:9090",
        grafana_extra_datasources=[
            {
                "uid": "more",
                "name": "More",
                "type": "prometheus",
                "url": "http://more.example.com",
                "secure_json_data": {"basicAuthPassword": PASSWORD},
            }
        ],
    )


def changed(output: str) -> int:
    return int(re.findall(r"changed=(\d+)", output)[-1])


def test_files_are_written_once_and_what_is_not_wanted_goes(
    written: Deployment, tmp_path: Path
) -> None:
    root = tmp_path / "provisioning"
    boards = root / "dashboards" / "vya-observability"
    extra = [{"content": OWN, "folder": "vya-observability"}]
    said = written.ok("--diff", grafana_extra_dashboards=extra)
    assert PASSWORD not in said.split("TASK")[-1]
    names = {path.stem for path in boards.iterdir()}
    assert len(names) == 7
    assert "own" in names
    for path in boards.iterdir():
        assert json.loads(path.read_text())["uid"] == path.stem

    provider = yaml.safe_load((root / "dashboards" / "vya-observability.yml").read_text())
    assert provider["providers"][0]["folderUid"] == "vya-observability"
    sources = yaml.safe_load((root / "datasources" / "vya-observability.yml").read_text())
    assert {one["uid"] for one in sources["datasources"]} >= {"vya-prometheus", "more"}
    assert sources["datasources"][-1]["secureJsonData"] == {"basicAuthPassword": PASSWORD}
    rules = yaml.safe_load((root / "alerting" / "vya-observability.yml").read_text())
    assert all(rule["data"][0]["datasourceUid"] for rule in rules["groups"][0]["rules"])

    for path in root.rglob("*"):
        mode = 0o750 if path.is_dir() else 0o440
        assert (path.stat().st_uid, path.stat().st_gid) == (472, 0)
        assert path.stat().st_mode & 0o777 == mode

    assert changed(written.ok(grafana_extra_dashboards=extra)) == 0
    assert changed(written.ok()) == 1
    assert not (boards / "own.json").exists()
    assert changed(written.ok()) == 0
