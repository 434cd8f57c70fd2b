# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input gets a message that names the variable, before anything is touched."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ...processes import PLAYBOOK, PROJECT, play

ROOT = PROJECT


def deploy(inventory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return play(
        *("-i", inventory, "vya.observability.deploy", *arguments),
        ANSIBLE_CALLBACK_RESULT_FORMAT="yaml",
        ANSIBLE_VERBOSITY="1",
    )


def said(run: subprocess.CompletedProcess[str]) -> str:
    """Everything a run printed, without the wrapping of YAML."""
    return " ".join((run.stdout + run.stderr).split()).replace("''", "'")


def names_fault(run: subprocess.CompletedProcess[str], code: str, variable: str) -> bool:
    """Whether a run told of a fault."""
    return f"code: {code}\n" in run.stdout and f"variable: {variable}\n" in run.stdout


def tasks(run: subprocess.CompletedProcess[str]) -> str:
    return "\n".join(line for line in run.stdout.splitlines() if line.startswith("TASK"))


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """A copy of the local inventory, to be spoilt."""
    return Path(shutil.copytree(ROOT / "inventories" / "local", tmp_path / "inventories" / "local"))


# What each role refuses is in test_preflights.py; here it is the playbook that has to stop.
def test_wrong_variables_are_named_all_at_once(inventory: Path) -> None:
    variables = {
        "collector_api_port": 70000,
        # Two services of one machine, one of them on another host of the inventory.
        "prometheus_port": 9091,
        "probe_databases_mariadb_port": 5001,
    }
    run = deploy(
        inventory, "--extra-vars", json.dumps(variables), "--skip-tags", "docker,images,proof"
    )
    assert run.returncode != 0
    assert names_fault(run, "port.invalid", "collector_api_port")
    assert "Deploy" not in tasks(run)

    del variables["collector_api_port"]
    run = deploy(
        inventory, "--extra-vars", json.dumps(variables), "--skip-tags", "docker,images,proof"
    )
    assert run.returncode != 0
    for variable in ("prometheus_port", "probe_databases_mariadb_port"):
        assert names_fault(run, "port.conflict", variable)
    assert "Deploy" not in tasks(run)


def test_a_value_of_another_type_is_named(inventory: Path) -> None:
    run = deploy(inventory, "--extra-vars", "pushgateway_mode=managd")
    assert run.returncode != 0
    assert "pushgateway_mode" in said(run)
    assert "Deploy" not in tasks(run)


def test_a_port_that_a_stranger_holds_is_named(inventory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        run = deploy(inventory, "--extra-vars", json.dumps({"alertmanager_port": port}))
    assert run.returncode != 0
    assert names_fault(run, "port.taken", "alertmanager_port")
    assert f"port {port} of 127.0.0.1" in said(run)
    assert "changed=0" in run.stdout
    assert not re.search(r"changed=[1-9]", run.stdout)
    assert "Deploy" not in tasks(run)
    assert "observability.image :" not in tasks(run)


def test_a_misspelt_group_is_named(inventory: Path) -> None:
    hosts = inventory / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("    collector:", "    colector:"))
    run = deploy(inventory)
    assert run.returncode != 0
    assert names_fault(run, "group.unknown", "colector")
    assert "Deploy" not in tasks(run)


def test_an_unknown_host_is_refused(inventory: Path) -> None:
    run = deploy(inventory, "--limit", "wf099")
    assert run.returncode != 0
    assert "wf099" in said(run)


def test_placeholders_are_named_by_variable() -> None:
    run = deploy(ROOT / "inventories" / "production")
    assert run.returncode != 0
    assert names_fault(run, "placeholder", "ansible_host")
    assert names_fault(run, "placeholder", "databases_address")


def test_production_is_an_inventory_and_passes_a_syntax_check() -> None:
    run = deploy(ROOT / "inventories" / "production", "--syntax-check")
    assert run.returncode == 0, run.stderr
    listed = subprocess.run(
        [
            PLAYBOOK.with_name("ansible-inventory"),
            "-i",
            ROOT / "inventories" / "production",
            "--list",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    hosts = json.loads(listed.stdout)
    assert set(hosts["_meta"]["hostvars"]) == {*("wf001", "wf005", "wf008", "wfdb01", "wfdb02")}
    assert set(hosts["collector"]["hosts"]) == {"wf001", "wf008"}


def test_an_image_that_does_not_exist_is_refused_before_a_container_is_touched(
    inventory: Path,
) -> None:
    variables = {"observability_image_source": "registry", "image_registry_timeout": 3}
    run = deploy(
        inventory,
        "--extra-vars",
        json.dumps(variables),
        "--limit",
        "wfdb01",
        "--skip-tags",
        "proof",
    )
    assert run.returncode != 0
    assert "registry" in said(run)
    assert "Deploy" not in tasks(run)


@pytest.mark.long
def test_a_setting_that_only_the_program_refuses_is_named_before_the_stack_is_touched(
    inventory: Path,
) -> None:
    variables = {"collector_settings": {"api": {"burst": 0}}}
    run = deploy(inventory, "--extra-vars", json.dumps(variables), "--skip-tags", "docker,proof")
    assert run.returncode != 0
    assert "api.burst: expected greater than or equal to 1, seen 0" in said(run)
    assert "Deploy" not in tasks(run)


def test_too_little_disk_is_refused(inventory: Path) -> None:
    run = deploy(
        inventory, "--extra-vars", "docker_engine_disk_minimum=1000000", "--limit", "wfdb01"
    )
    assert run.returncode != 0
    assert names_fault(run, "disk.full", "docker_engine_disk_minimum")
    assert "Deploy" not in tasks(run)


def test_a_gateway_that_is_really_prometheus_is_named(
    inventory: Path, run_service: Callable[..., Any]
) -> None:
    prometheus = run_service("prometheus")
    run = deploy(
        inventory,
        "--extra-vars",
        json.dumps({"collector_pushgateway_url": prometheus.url()}),
        "--limit",
        "wf001",
        "--skip-tags",
        "docker,images,proof",
    )
    assert run.returncode != 0
    assert "Prometheus" in said(run)
    assert "Pushgateway" in said(run)
    assert "Deploy" not in tasks(run)
