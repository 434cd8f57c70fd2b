# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role collector: a key is rotated without a ping refused, and files that its settings name."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import docker
import pytest
import requests

from ..conftest import answer, free_port
from ..deployment import Deployment

OLD, NEW = "old-key-of-the-test-0123", "new-key-of-the-test-4567"
SECRET = "password-of-victoriametrics"
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - vya.observability.certificate_local:
        path: "{{ directory }}/certificates"
        names: [localhost]
    - ansible.builtin.include_role:
        name: vya.observability.collector
      vars:
        collector_extra_files:
          - path: /etc/collector/database_ca.crt
            content: "{{ lookup('file', directory ~ '/certificates/ca.crt') }}"
"""


@pytest.fixture(scope="module")
def collector(deployment: Callable[..., Deployment]) -> Deployment:
    nobody = f"http://127.0.0.1:{free_port()}"
    deployed = deployment(
        PLAYBOOK,
        image_references={"collector": "adminvyadigital/n8n-collector-api:0.1.0"},
        collector_host="test",
        collector_region="test",
        collector_container_name="{{ deployment_name }}",
        collector_api_port=free_port(),
        collector_metrics_port=free_port(),
        collector_api_keys=[OLD],
        collector_pushgateway_url=nobody,
        collector_victoriametrics_url=nobody,
        collector_databases=[
            {
                "name": "n8n",
                "type": "postgresql",
                "host": "127.0.0.1",
                "database": "n8n",
                "user": "probe",
                "password": "password-of-the-probe",
                "tls": "verify-full",
                "ca_file": "/etc/collector/database_ca.crt",
            }
        ],
        collector_settings={
            "victoriametrics": {
                "username": "writer",
                "password_file": "/run/secrets/victoriametrics_password",
                "ca_file": "/etc/collector/database_ca.crt",
            }
        },
        collector_extra_secrets=[
            {"path": "/run/secrets/victoriametrics_password", "content": SECRET}
        ],
    )
    said = deployed.ok()
    assert OLD not in said
    assert SECRET not in said
    return deployed


def ping(collector: Deployment, key: str) -> int:
    answer = requests.post(
        f"http://127.0.0.1:{collector.variables['collector_api_port']}/api/ping",
        json={
            "ping_id": str(uuid.uuid4()),
            "timestamp_start": datetime.now(UTC).isoformat(),
            "source": {"location": "test", "datacenter": "test", "country": "BR"},
        },
        headers={"X-API-Key": key},
        timeout=10,
    )
    return answer.status_code


@pytest.mark.long
def test_files_that_its_settings_name_are_there(
    collector: Deployment, docker_client: docker.DockerClient
) -> None:
    container = docker_client.containers.get(collector.name)

    def read(path: str) -> str:
        return answer(container, "cat", path)

    settings = json.loads(read("/etc/collector/collector.json"))
    ca = (collector.directory / "certificates" / "ca.crt").read_text()
    assert read(settings["databases"][0]["ca_file"]).strip() == ca.strip()
    assert read(settings["victoriametrics"]["ca_file"]).strip() == ca.strip()
    password = settings["victoriametrics"]["password_file"]
    assert read(password) == SECRET
    assert answer(container, "stat", "-c", "%a %u", password) == "400 10001\n"
    assert SECRET not in json.dumps(container.attrs)


def test_a_key_is_rotated_without_a_ping_refused(collector: Deployment) -> None:
    """Add the new one, move the senders, remove the old one (docs/deploying.md)."""
    statuses = {OLD: ping(collector, OLD), NEW: ping(collector, NEW)}
    assert statuses == {OLD: 200, NEW: 401}

    said = collector.ok(collector_api_keys=[OLD, NEW])
    assert "changed=1" in said
    assert {ping(collector, OLD), ping(collector, NEW)} == {200}

    said += collector.ok(collector_api_keys=[NEW])
    statuses = {OLD: ping(collector, OLD), NEW: ping(collector, NEW)}
    assert statuses == {OLD: 401, NEW: 200}
    assert OLD not in said
    assert NEW not in said
