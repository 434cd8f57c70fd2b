# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role n8n_exporter on a real daemon: what it installs is what cron would run."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ansible_collections.vya.observability.tests.n8n_stand_in import KEY, N8n

from ..deployment import Deployment
from .database import PASSWORD, N8nDatabase

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.n8n_exporter
"""


@pytest.fixture
def deployed(
    deployment: Callable[..., Deployment],
    docker_client: docker.DockerClient,
    stand_in: N8n,
    database: N8nDatabase,
    server: Any,
    gateway: str,
) -> Iterator[Deployment]:
    """Both exporters, deployed with an image of their own."""
    name = f"vya-test/{uuid.uuid4().hex[:12]}"
    one = deployment(
        PLAYBOOK,
        ansible_connection="local",
        observability_image_name=name,
        n8n_exporter_host=f"h{uuid.uuid4().hex[:8]}",
        n8n_exporter_cron_package="",
        n8n_exporter_network="host",
        n8n_exporter_pushgateway_url=gateway,
        n8n_exporter_url=stand_in.url,
        n8n_exporter_api_key=KEY,
        n8n_exporter_database_host="127.0.0.1",
        n8n_exporter_database_port=server.port(5432),
        n8n_exporter_database_name=database.name,
        n8n_exporter_database_user="reader",
        n8n_exporter_database_password=PASSWORD,
    )
    one.variables["n8n_exporter_cron_directory"] = str(one.directory)
    yield one
    # By its name alone: the same image may have others.
    for image in docker_client.images.list(name=name):
        for tag in image.tags:
            if tag.startswith(f"{name}:"):
                docker_client.images.remove(tag)
    for job in ("n8n_executions", "n8n_nodes"):
        host = one.variables["n8n_exporter_host"]
        requests.delete(f"{gateway}/metrics/job/{job}/instance/{host}", timeout=5)


def cron(deployed: Deployment) -> list[str]:
    """Its jobs."""
    file = deployed.directory / "vya-n8n-exporter"
    lines = file.read_text().splitlines() if file.exists() else []
    return [line for line in lines if " root " in line]


def test_what_it_installs(
    deployed: Deployment, stand_in: N8n, gateway: str, docker_client: docker.DockerClient
) -> None:
    said = deployed.ok()
    files = Path(deployed.variables["observability_config_directory"], "n8n_exporter")
    host = deployed.variables["n8n_exporter_host"]
    assert [line.split()[-4] for line in cron(deployed)] == [
        f"{files}/run-executions",
        f"{files}/run-nodes",
    ]
    text = requests.get(f"{gateway}/metrics", timeout=5).text
    for exporter in ("executions", "nodes"):
        labels = f'exporter="{exporter}",instance="{host}",job="n8n_{exporter}"'
        assert f"n8n_exporter_run_success{{{labels}}} 1" in text
    # Secrets are in their files alone.
    shown = [file for file in files.rglob("*") if file.is_file() and "secrets" not in file.parts]
    said += "".join(file.read_text() for file in [*shown, deployed.directory / "vya-n8n-exporter"])
    assert KEY not in said
    assert PASSWORD not in said
    for secret in (files / "secrets").iterdir():
        assert (secret.stat().st_mode & 0o777, secret.stat().st_uid) == (0o400, 10001)
    assert not docker_client.containers.list(
        all=True, filters={"label": "vya.observability.n8n_exporter"}
    )

    # A second time, nothing changes.
    assert "changed=0" in deployed.ok()

    # Settings that the program refuses do not replace those that it has.
    before = (files / "config/n8n-executions.json").read_text()
    refused = deployed.run(n8n_exporter_executions_settings={"n8n": {"page_size": 999}})
    assert refused.returncode != 0
    assert "n8n.page_size" in refused.stdout
    assert (files / "config/n8n-executions.json").read_text() == before

    # A key that n8n refuses is said at once.
    stand_in.key = "another"
    refused = deployed.run()
    assert refused.returncode != 0
    assert "the key is refused: check api_key_file" in refused.stdout
    stand_in.key = KEY

    # One alone, then none.
    deployed.ok(n8n_exporter_exporters=["executions"])
    assert len(cron(deployed)) == 1
    assert not (files / "run-nodes").exists()
    assert not (files / "secrets/database_password").exists()
    nodes = f'instance="{host}",job="n8n_nodes"'
    assert nodes not in requests.get(f"{gateway}/metrics", timeout=5).text
    deployed.ok(n8n_exporter_exporters=[])
    assert cron(deployed) == []
    assert not (files / "run-executions").exists()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"n8n_exporter_api_key": ""}, "n8n_exporter_api_key of visible ASCII"),
        ({"n8n_exporter_url": "n8n.example.com"}, "n8n_exporter_url"),
        ({"n8n_exporter_host": "192.0.2.7"}, "to be a name, not an address"),
        ({"n8n_exporter_schedule": "every day"}, "five fields in n8n_exporter_schedule"),
        ({"n8n_exporter_database_user": ""}, "n8n_exporter_database_user"),
        ({"n8n_exporter_exporters": ["workflows"]}, "value of n8n_exporter_exporters must be"),
        ({"n8n_exporter_pushgateway_username": "x"}, "both or neither"),
    ],
)
def test_what_it_refuses(
    deployment: Callable[..., Deployment], variables: dict[str, Any], said: str
) -> None:
    good = {
        "ansible_connection": "local",
        "n8n_exporter_host": "wf001",
        "n8n_exporter_url": "https://n8n.example.com",
        "n8n_exporter_api_key": KEY,
        "n8n_exporter_pushgateway_url": "https://prometheus.example.com/pushgateway",
        "n8n_exporter_database_host": "db.example.com",
        "n8n_exporter_database_user": "reader",
        "n8n_exporter_database_password": PASSWORD,
    }
    done = deployment(PLAYBOOK, **{**good, **variables}).run("--check")
    assert done.returncode != 0
    told = re.sub(r"\s+", " ", json.dumps(done.stdout).replace("\\n", " "))
    assert said in told, done.stdout[-2000:]
    assert KEY not in done.stdout
