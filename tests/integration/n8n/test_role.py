# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role n8n_exporter on a real daemon: what it installs is what cron would run."""

from __future__ import annotations

import fcntl
import json
import re
import ssl
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ...n8n_stand_in import KEY, N8n
from ..deployment import Deployment, has_fault
from .database import PASSWORD, N8nDatabase

IMAGE = "adminvyadigital/n8n-collector-api:0.1.0"


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
        "n8n_exporter",
        ansible_connection="local",
        observability_image_name=name,
        n8n_exporter_host=f"h{uuid.uuid4().hex[:8]}",
        n8n_exporter_cron_package="",
        # Not to be waited for here.
        n8n_exporter_cpus=2,
        n8n_exporter_network="host",
        n8n_exporter_pushgateway_url=gateway,
        n8n_exporter_url=stand_in.url,
        n8n_exporter_api_key=KEY,
        n8n_exporter_database_host="127.0.0.1",
        n8n_exporter_database_port=server.port,
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
    image_is_there(deployed)
    said = deployed.ok()
    files = Path(deployed.variables["observability_config_directory"], "n8n_exporter")
    host = deployed.variables["n8n_exporter_host"]
    assert [line.split()[6:8] for line in cron(deployed)] == [
        [f"{files}/run-executions", "--log"],
        [f"{files}/run-nodes", "--log"],
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
        status = secret.stat()
        assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (0o440, 0, 10001)
    assert not docker_client.containers.list(
        all=True, filters={"label": "io.vya.observability.n8n_exporter"}
    )

    # A second time, nothing changes.
    assert "changed=0" in deployed.ok()

    the_log_is_roots(deployed, files)


@pytest.mark.long
def test_what_it_changes_and_removes(deployed: Deployment, stand_in: N8n, gateway: str) -> None:
    image_is_there(deployed)
    deployed.ok()
    files = Path(deployed.variables["observability_config_directory"], "n8n_exporter")
    host = deployed.variables["n8n_exporter_host"]

    # What the program refuses replaces nothing that it has.
    before = contents(files)
    refused = deployed.run(
        n8n_exporter_executions_settings={"n8n": {"page_size": 999}}, n8n_exporter_api_key="new"
    )
    assert refused.returncode != 0
    assert "n8n.page_size" in refused.stdout
    assert contents(files) == before

    # A key that n8n refuses is said at once.
    stand_in.key = "another"
    refused = deployed.run()
    assert refused.returncode != 0
    assert "fail  exporter run executions localhost" in refused.stdout
    assert "api_key_file" in refused.stdout
    stand_in.key = KEY

    # One alone, then none.
    deployed.ok(n8n_exporter_exporters=["executions"])
    assert len(cron(deployed)) == 1
    assert not (files / "run-nodes").exists()
    assert not (files / "secrets/database_password").exists()
    nodes = f'instance="{host}",job="n8n_nodes"'
    assert nodes not in requests.get(f"{gateway}/metrics", timeout=5).text

    # The gateway is away: the group goes when it is back.
    executions = f'instance="{host}",job="n8n_executions"'
    away = deployed.run(
        n8n_exporter_exporters=[], n8n_exporter_pushgateway_url="http://127.0.0.1:9"
    )
    assert away.returncode != 0
    assert executions in requests.get(f"{gateway}/metrics", timeout=5).text
    deployed.ok(n8n_exporter_exporters=[])
    assert executions not in requests.get(f"{gateway}/metrics", timeout=5).text
    assert cron(deployed) == []
    assert not (files / "run-executions").exists()
    assert not list((files / "secrets").iterdir())
    state = Path(deployed.variables["observability_state_directory"])
    assert not list((state / "n8n_exporter").iterdir())
    assert not list((state / "n8n_exporter_logs").iterdir())


def image_is_there(deployed: Deployment) -> None:
    """Spare the run the role image, which has tests of its own."""
    deployed.variables["image_references"] = {"collector": IMAGE}


def contents(directory: Path) -> dict[Path, bytes]:
    """Each file below it."""
    return {file: file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def the_log_is_roots(deployed: Deployment, files: Path) -> None:
    """What cron runs writes where only root can, a whole log or none; an overlapping start does
    nothing."""
    state = Path(deployed.variables["observability_state_directory"])
    logs = state / "n8n_exporter_logs"
    assert (logs.stat().st_uid, logs.stat().st_mode & 0o777) == (0, 0o755)
    assert str(state / "n8n_exporter/") not in cron(deployed)[0]
    command = [str(files / "run-executions"), "--log"]
    assert subprocess.run(command, check=False).returncode == 0
    log = logs / "executions.log"
    assert '"run ended"' in log.read_text()
    assert sorted(each.name for each in logs.iterdir()) == [
        "executions.lock",
        "executions.log",
        "nodes.lock",
    ]
    before = log.read_text()
    with (logs / "executions.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 3
    assert log.read_text() == before
    assert "timeout -k 10 230 " in re.sub(r"\\\n +", "", (files / "run-nodes").read_text())


@pytest.mark.long
def test_another_target_and_a_ca_of_another_host(
    deployed: Deployment, gateway: str, storage: str, tmp_path: Path
) -> None:
    image_is_there(deployed)
    deployed.ok(n8n_exporter_exporters=["executions"])
    group = f'instance="{deployed.variables["n8n_exporter_host"]}",job="n8n_executions"'
    assert group in requests.get(f"{gateway}/metrics", timeout=5).text
    (tmp_path / "inventory").write_text("localhost\nca ansible_connection=local\n")
    authority = Path(ssl.get_default_verify_paths().openssl_cafile)
    said = deployed.run(
        "-i",
        str(tmp_path / "inventory"),
        n8n_exporter_exporters=["executions"],
        n8n_exporter_victoriametrics_url=storage,
        n8n_exporter_ca_path=str(authority),
        n8n_exporter_ca_host="ca",
        n8n_exporter_executions_settings={"n8n": {"ca_file": None}},
    )
    assert said.returncode == 0, said.stdout[-3000:]
    assert re.search(r"localhost -> ca", said.stdout)
    assert group not in requests.get(f"{gateway}/metrics", timeout=5).text
    files = Path(deployed.variables["observability_config_directory"], "n8n_exporter")
    assert (files / "config/ca.crt").read_text() == authority.read_text()
    settings = json.loads((files / "config/n8n-executions.json").read_text())
    assert settings["n8n"]["ca_file"] is None
    assert settings["victoriametrics"]["ca_file"] == "/etc/collector/ca.crt"
    # There may be no gateway at all.
    deployed.ok(
        n8n_exporter_exporters=["executions"],
        n8n_exporter_victoriametrics_url=storage,
        n8n_exporter_pushgateway_url="http://127.0.0.1:9",
    )


@pytest.mark.parametrize(
    ("variables", "code", "variable"),
    [
        ({"n8n_exporter_api_key": ""}, "key.invalid", "n8n_exporter_api_key"),
        ({"n8n_exporter_url": "n8n.example.com"}, "url.invalid", "n8n_exporter_url"),
        ({"n8n_exporter_host": "192.0.2.7"}, "name.invalid", "n8n_exporter_host"),
        ({"n8n_exporter_schedule": "every day"}, "value.invalid", "n8n_exporter_schedule"),
        ({"n8n_exporter_database_user": ""}, "value.missing", "n8n_exporter_database_user"),
        (
            {"n8n_exporter_pushgateway_username": "x"},
            "pair.incomplete",
            "n8n_exporter_pushgateway_password",
        ),
        # The argument specification's own.
        ({"n8n_exporter_exporters": ["workflows"]}, "", "n8n_exporter_exporters"),
    ],
)
def test_what_it_refuses(
    deployment: Callable[..., Deployment], variables: dict[str, Any], code: str, variable: str
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
    done = deployment("n8n_exporter", **{**good, **variables}).run("--check")
    assert done.returncode != 0
    assert has_fault(done.stdout, code, variable) if code else variable in done.stdout
    assert KEY not in done.stdout
