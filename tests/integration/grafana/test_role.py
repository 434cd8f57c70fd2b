# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role grafana with an existing server: the stand-in, or the one that GRAFANA_URL names."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ansible_collections.vya.observability.tests.integration.deployment import Deployment

from .conftest import Grafana

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.grafana
"""
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
        PLAYBOOK,
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


def test_content_is_foreseen_converged_and_kept(existing: Deployment, grafana: Grafana) -> None:
    assert changed(existing.ok("--check")) == 1
    assert titles(grafana) == {}
    said = existing.ok()
    assert changed(said) == 1
    assert set(titles(grafana)) == DASHBOARDS
    assert titles(grafana)["vya-pipeline-health"] == "Pipeline health"
    assert grafana.password not in said or grafana.password == grafana.user
    assert changed(existing.ok()) == 0

    existing.variables["grafana_language"] = "pt-BR"
    assert changed(existing.ok()) == 1
    assert titles(grafana)["vya-pipeline-health"] == "Saúde do fluxo de dados"
    assert changed(existing.ok("--check")) == 0


def test_what_is_no_longer_wanted_goes(existing: Deployment, grafana: Grafana) -> None:
    own = {"uid": "own", "title": "Own", "panels": [], "schemaVersion": 37}
    existing.ok(grafana_extra_dashboards=[{"content": own, "folder": "vya-observability"}])
    assert set(titles(grafana)) == DASHBOARDS | {"own"}
    existing.ok()
    assert set(titles(grafana)) == DASHBOARDS


def test_what_is_wrong_is_named_before_anything_is_written(
    existing: Deployment, grafana: Grafana
) -> None:
    done = existing.run(grafana_prometheus_url="prometheus:9090")
    assert "expected http(s) URLs" in done.stdout
    done = existing.run(grafana_password="")
    assert "a grafana_token, or grafana_username and grafana_password" in done.stdout
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
        PLAYBOOK,
        grafana_password="a-password-of-the-test",
        grafana_prometheus_url="http://prometheus:9090",
        observability_images={"grafana": {"reference": "127.0.0.1:1/grafana:11.6.0"}},
    ).ok()
    assert "Grafana is left out" in said
    assert "127.0.0.1:1" in said
    assert changed(said) == 0
