# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/validate.yml: it follows each collector and exporter, and names who is missing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from ...processes import PROJECT, play
from ..deployment import has_fault
from .conftest import push, reported

RUN = """\
# TYPE n8n_exporter_run_success gauge
n8n_exporter_run_success{{exporter="executions"}} {success}
# TYPE n8n_exporter_last_success_timestamp_seconds gauge
n8n_exporter_last_success_timestamp_seconds{{exporter="executions"}} {last:.0f}
# TYPE n8n_exporter_run_errors gauge
n8n_exporter_run_errors{{exporter="executions",error_type="http_401"}} {errors}
"""


def validate(
    directory: Path, inventory: dict[str, Any], *arguments: str
) -> subprocess.CompletedProcess[str]:
    (directory / "hosts.yml").write_text(json.dumps(inventory))
    return play(
        *("-i", directory / "hosts.yml", PROJECT / "playbooks/validate.yml", *arguments),
        seconds=180,
        ANSIBLE_VERBOSITY="1",
    )


@pytest.fixture
def inventory(gateway: str, prometheus: str) -> dict[str, Any]:
    """Two exporters on wf009, and a collector on wf010 whose key nobody gives."""
    shared = {
        "ansible_connection": "local",
        "ansible_become": False,
        "ansible_python_interpreter": sys.executable,
        "validate_pushgateway_url": gateway,
        "validate_prometheus_url": prometheus,
        "validate_alertmanager_url": "",
        "validate_others": False,
        "validate_wait_seconds": 10,
    }
    return {
        "all": {"vars": shared},
        "n8n_exporter": {"hosts": {"wf009": {}}},
        "collector": {
            "hosts": {
                "wf010": {"collector_region": "test", "collector_api_keys": ["{{ nowhere }}"]}
            }
        },
    }


def test_exporters_are_followed_and_a_lost_host_is_named(
    tmp_path: Path, inventory: dict[str, Any], gateway: str
) -> None:
    shared = inventory["all"]["vars"]
    shared["validate_report_directory"] = str(tmp_path / "reports")
    shared["validate_report_formats"] = ["json"]

    def run(success: int, errors: int) -> dict[str, str]:
        text = RUN.format(success=success, last=time.time() - 60, errors=errors)
        assert push(gateway, "n8n_executions", "wf009", text) == 200
        done = validate(tmp_path, inventory, "--tags", "metrics")
        assert done.returncode == 2, done.stdout
        return reported(tmp_path).outcomes

    try:
        found = run(1, 0)
        assert found["pushed n8n_executions wf009"] == "pass pushed.ok"
        assert found["run n8n_executions wf009"] == "pass run.ok"
        assert found["pushed n8n_nodes wf009"] == "fail pushed.missing"
        assert found["host wf010"] == "fail host.lost"
        assert run(0, 1)["run n8n_executions wf009"] == "fail run.failed"
    finally:
        requests.delete(f"{gateway}/metrics/job/n8n_executions/instance/wf009", timeout=5)


@pytest.mark.parametrize(
    ("limit", "sources"), [("wf001", {"brazil"}), ("wf008", {"virginia"}), ("wf009", set())]
)
def test_only_ping_services_to_the_collectors_of_the_run(
    tmp_path: Path, inventory: dict[str, Any], limit: str, sources: set[str]
) -> None:
    shared = inventory["all"]["vars"]
    shared["validate_report_directory"] = str(tmp_path / "reports")
    shared["validate_report_formats"] = ["json"]
    shared["validate_wait_seconds"] = 1
    shared["collector_url"] = "http://127.0.0.1:9/{{ inventory_hostname }}"
    shared["collector_api_keys"] = ["a-key-of-the-test-01"]
    hosts = inventory["collector"]["hosts"]
    hosts["wf001"] = {"collector_region": "usa"}
    hosts["wf008"] = {"collector_region": "south"}
    inventory["ping"] = {
        "hosts": {
            "wf008": {"ping_location": "brazil", "ping_targets": [{"location": "usa"}]},
            "wf001": {"ping_location": "virginia", "ping_targets": [{"location": "south"}]},
        }
    }
    done = validate(tmp_path, inventory, "--tags", "metrics", "--limit", limit)
    assert done.returncode == 2, done.stdout
    judged = {check for check in reported(tmp_path).codes if check.startswith("ping service ")}
    assert judged == {f"ping service {source}" for source in sources}


def test_a_tag_that_no_check_has(tmp_path: Path, inventory: dict[str, Any]) -> None:
    done = validate(tmp_path, inventory, "--tags", "metric")
    assert done.returncode == 2
    assert has_fault(done.stdout, "tags.unknown", "--tags")
