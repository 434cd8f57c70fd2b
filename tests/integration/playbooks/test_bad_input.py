# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input gets a message that names the variable, before anything is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[3]
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")


def deploy(inventory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PLAYBOOK, "-i", inventory, "vya.observability.deploy", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "1000",
        },
    )


def said(run: subprocess.CompletedProcess[str]) -> str:
    """Everything a run printed, without the wrapping of YAML."""
    return " ".join((run.stdout + run.stderr).split()).replace("''", "'")


def tasks(run: subprocess.CompletedProcess[str]) -> str:
    return "\n".join(line for line in run.stdout.splitlines() if line.startswith("TASK"))


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """A copy of the local inventory, to be spoilt."""
    return Path(shutil.copytree(ROOT / "inventories" / "local", tmp_path / "inventories" / "local"))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"collector_api_port": 70000}, "collector_api_port: expected a port from 1 to 65535"),
        ({"collector_api_port": 9102, "collector_metrics_port": 9102}, "two different ports"),
        ({"collector_region": ""}, "collector_region in lower case letters"),
        (
            {"collector_host": "0.0.0.0"},
            "collector_host to be a name, not an address (seen: 0.0.0.0)",
        ),
        ({"collector_api_keys": []}, "one or two collector_api_keys"),
        ({"collector_api_keys": ["short"]}, "at least 16 characters"),
        (
            {"collector_pushgateway_url": "prometheus.example.com"},
            "collector_pushgateway_url (seen: prometheus.example.com)",
        ),
        (
            {"collector_victoriametrics_url": "ftp://vm.example.com"},
            "collector_victoriametrics_url (seen: 'ftp://vm.example.com')",
        ),
        ({"prometheus_port": "many"}, "prometheus_port"),
        ({"traefik_http_port": -1}, "traefik_http_port: expected a port from 0"),
        ({"probe_databases_mariadb_port": 0}, "probe_databases_mariadb_port: expected a port"),
        (
            {"observability_bind_address": "127.0.0.300"},
            "_bind_address: expected an IP address",
        ),
        ({"traefik_api_bind_address": "::"}, "must not be public; seen: '::'"),
        ({"prometheus_remote_write_url": "vm:8428"}, "prometheus_remote_write_url empty or a URL"),
        (
            {"prometheus_alerts": {"ColectorStale": {"for": "1m"}}},
            "prometheus_alerts.ColectorStale.",
        ),
        ({"prometheus_alerts": {"TargetDown": {"for": "5 min"}}}, "durations such as 5m in each"),
        (
            {"prometheus_rules": {"vya-own": []}},
            "no name in prometheus_rules that begins with vya-",
        ),
        (
            {"prometheus_existing_rules_directory": "rules"},
            "an absolute path of two levels or more (seen: 'rules')",
        ),
        ({"victoriametrics_retention": "for ever"}, "victoriametrics_retention"),
        ({"pushgateway_basic_auth_users": {"push": "plain text"}}, "bcrypt hash"),
        ({"pushgateway_tls_certificate": "only this"}, "both or neither"),
        (
            {"traefik_api_bind_address": "0.0.0.0"},
            "traefik_api_bind_address: expected a loopback or private",
        ),
        (
            {"traefik_certificate_source": "files"},
            "traefik_certificate and traefik_certificate_key",
        ),
        ({"traefik_certificate_source": "lets"}, "traefik_certificate_source"),
        ({"traefik_certificate_source": "acme"}, "traefik_acme_email"),
        ({"probe_databases_password": "short"}, "probe_databases_password"),
        ({"pushgateway_mode": "managd"}, "pushgateway_mode"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_wrong_variable_is_named(
    inventory: Path, variables: dict[str, object], expected: str
) -> None:
    run = deploy(
        inventory, "--extra-vars", json.dumps(variables), "--skip-tags", "docker,images,proof"
    )
    assert run.returncode != 0
    assert expected in said(run)
    assert "Deploy" not in tasks(run)


def test_a_misspelt_group_is_named(inventory: Path) -> None:
    hosts = inventory / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("    collector:", "    colector:"))
    run = deploy(inventory)
    assert run.returncode != 0
    assert "wf001: expected it in one of the groups collector," in said(run)
    assert "seen: colector" in said(run)


def test_an_unknown_host_is_refused(inventory: Path) -> None:
    run = deploy(inventory, "--limit", "wf099")
    assert run.returncode != 0
    assert "wf099" in said(run)


def test_placeholders_are_named_by_variable() -> None:
    run = deploy(ROOT / "inventories" / "production")
    assert run.returncode != 0
    assert "FILL-IN still stands in ansible_host, databases_address" in said(run)


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
    assert set(hosts["_meta"]["hostvars"]) == {"wf001", "wf008", "wfdb01", "wfdb02"}
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


def test_too_little_disk_is_refused(inventory: Path) -> None:
    run = deploy(
        inventory, "--extra-vars", "docker_engine_disk_minimum=1000000", "--limit", "wfdb01"
    )
    assert run.returncode != 0
    assert "1000000 GiB free" in said(run)
    assert "Deploy" not in tasks(run)


def test_a_gateway_that_is_really_prometheus_is_named(
    inventory: Path, run_service: Callable[..., Any]
) -> None:
    prometheus = run_service(
        "prometheus",
        9090,
        ready=lambda service: requests.get(service.url(9090) + "/-/ready", timeout=5).ok,
    )
    run = deploy(
        inventory,
        "--extra-vars",
        json.dumps({"collector_pushgateway_url": prometheus.url(9090)}),
        "--limit",
        "wf001",
        "--skip-tags",
        "docker,images,proof",
    )
    assert run.returncode != 0
    assert "Prometheus 2" in said(run)
    assert "the address of Prometheus was given for the Pushgateway" in said(run)
    assert "Deploy" not in tasks(run)
