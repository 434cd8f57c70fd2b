# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The marks of deploys and rollbacks: one per host and release, whatever the image's registry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..deployment import Deployment
from .bundle_tools import DEAD
from .conftest import Grafana

# A registry with a port, and a digest: two colons, of which a tag may have one.
IMAGE = "registry.example.com:5000/x/collector@sha256:" + 64 * "a"
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.add_host:
        name: "{{ item.key }}"
        groups: [collector]
        ansible_connection: local
        collector_result: {services: {prod-collector-api: "{{ item.value }}"}}
        image_references: {collector: "{{ image }}"}
      loop: "{{ releases | dict2items }}"
    - ansible.builtin.include_role:
        name: vya.observability.grafana
        tasks_from: "{{ tasks_from | default('mark') }}"
"""
ROOT = Path(__file__).parents[3]
RELEASE = """
- hosts: wf001
  gather_facts: false
  tasks:
    - vya.observability.container_release:
        name: "{{ rollback_container }}"
        image: vya-observability/base:packages
        command: [sleep, "SECONDS"]
        healthcheck: {test: [CMD, "true"], interval: 1}
        settle: 0
        stop_timeout: 1
        state_directory: "{{ observability_state_directory }}"
"""
BACK = f"- ansible.builtin.import_playbook: {ROOT}/playbooks/rollback.yml\n"
ROLLBACKS = "".join([*(RELEASE.replace("SECONDS", each) for each in ("600", "601")), BACK, BACK])


def release(identity: str, changed: bool = True) -> dict[str, Any]:
    """What container_release tells of a collector."""
    known = {
        "id": identity,
        "name": "prod-collector-api",
        "image_reference": IMAGE,
        "created": "2026-11-23T06:35:01.123456789Z",
    }
    return {"changed": changed, "release": known, "previous": None}


def marks(grafana: Grafana) -> dict[str, dict[str, Any]]:
    """All marks, by their key."""
    found = grafana.api("GET", "/api/annotations?tags=deploy&type=annotation&limit=1000")
    keys = [tag for one in found for tag in one["tags"] if ":" in tag]
    return dict(zip(keys, found, strict=True))


def test_each_release_of_each_host_is_marked_once(
    grafana: Grafana, deployment: Callable[..., Deployment]
) -> None:
    play = deployment(
        PLAYBOOK,
        image=IMAGE,
        grafana_mode="existing",
        grafana_url=grafana.url,
        grafana_token=grafana.token,
    )
    both = {
        "wf001": release("20261123T063501Z-000001"),
        "wf008": release("20261123T063502Z-000002"),
    }
    play.ok(releases=both)
    first = marks(grafana)
    assert sorted(first) == [
        "release:wf001-20261123T063501Z-000001",
        "release:wf008-20261123T063502Z-000002",
    ]
    told = first["release:wf001-20261123T063501Z-000001"]
    assert told["time"] == 1795415701000
    assert "wf001" in told["text"]
    assert IMAGE in told["text"]

    # The same image with another configuration is another release; the other host keeps its own.
    again = {**both, "wf001": release("20261124T000000Z-000003")}
    again["wf008"]["changed"] = False
    foreseen = play.ok("--check", releases={**again, "wf005": {"changed": True, "release": None}})
    assert "changed: [localhost] => (item=wf005)" in foreseen
    assert len(marks(grafana)) == 2
    play.ok(releases=again)
    assert {*marks(grafana)} - {*first} == {"release:wf001-20261124T000000Z-000003"}
    play.ok(releases=again)
    assert len(marks(grafana)) == 3

    said = play.ok(releases=both, tasks_from="try_mark", grafana_url=DEAD, grafana_retries=0)
    assert "not marked on the dashboards: " in said


@pytest.mark.long
def test_a_rollback_is_marked(grafana: Grafana, deployment: Callable[..., Deployment]) -> None:
    play = deployment(
        ROLLBACKS,
        rollback_hosts="wf001",
        ansible_connection="local",
        ansible_become=False,
    )
    play.variables["rollback_container"] = play.name
    inventory = play.directory / "hosts.yml"
    inventory.write_text(
        json.dumps(
            {
                "all": {
                    "children": {
                        "collector": {"hosts": {"wf001": {}}},
                        "grafana": {
                            "hosts": {"wfdb01": {}},
                            "vars": {
                                "grafana_mode": "existing",
                                "grafana_url": grafana.url,
                                "grafana_token": grafana.token,
                            },
                        },
                    }
                }
            }
        )
    )
    said = play.ok("-i", str(inventory), "--limit", "wf001")
    ((key, mark),) = marks(grafana).items()
    assert key.startswith("rollback:wf001-2")
    assert "put back to vya-observability/base:packages" in mark["text"]
    assert said.count(", as before") == 1
