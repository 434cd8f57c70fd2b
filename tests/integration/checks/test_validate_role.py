# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role validate as a playbook runs it: the table, the exit code, no secret in -vvv."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._report.language import TEXTS

from ...processes import play
from .conftest import KEY, Authority, Collector, Proxy, free_port, reported


@pytest.fixture
def variables(
    tmp_path: Path, collector: Collector, proxy: Proxy, authority: Authority, storage: str
) -> dict[str, Any]:
    each = {"host": "wf001", "region": "usa", "url": collector.url, "keys": [KEY]}
    return {
        "validate_pushgateway_url": proxy.url("good", "/pushgateway"),
        "validate_prometheus_url": proxy.url("good"),
        "validate_victoriametrics_url": storage,
        "validate_ca_path": str(authority.path),
        "validate_collectors": [each],
        # Other tests push to this gateway, too.
        "validate_known_jobs": [".*"],
        "validate_report_directory": str(tmp_path / "reports"),
    }


def validate(
    directory: Path, variables: dict[str, Any], *arguments: str
) -> subprocess.CompletedProcess[str]:
    book = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {**variables, "ansible_python_interpreter": sys.executable},
            "roles": ["vya.observability.validate"],
        }
    ]
    (directory / "play.yml").write_text(yaml.safe_dump(book))
    return play(
        *("-i", "localhost,", "-c", "local", directory / "play.yml", *arguments), seconds=180
    )


def test_all_is_well(tmp_path: Path, variables: dict[str, Any]) -> None:
    done = validate(tmp_path, variables, "-vvv")
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d\d passed, 0 warned, 0 failed, 0 skipped in", done.stdout)
    names = {check["name"] for check in reported(tmp_path).result["checks"]}
    assert names >= {"certificate", "ping", "counted", "pushed", "roundtrip_removed", "forgotten"}
    assert "changed=0" in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_check_mode_checks_as_well(tmp_path: Path, variables: dict[str, Any]) -> None:
    done = validate(tmp_path, variables, "--check", "--tags", "services")
    assert done.returncode == 0, done.stdout
    assert "7 passed, 0 warned, 0 failed, 0 skipped in" in done.stdout


def test_one_failure_fails_the_run_and_is_explained(
    tmp_path: Path, variables: dict[str, Any]
) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    done = validate(
        tmp_path, {**variables, "validate_victoriametrics_url": dead}, "--tags", "services"
    )
    assert done.returncode == 2
    found = reported(tmp_path)
    assert found.result["counts"] == {"pass": 6, "warn": 0, "fail": 1, "skip": 0}
    assert found.outcomes["service VictoriaMetrics"] == "fail http.refused"
    # What the terminal shows: the check, its cause and its next step.
    assert "fail  service VictoriaMetrics" in done.stdout
    assert found.check("service VictoriaMetrics")["fix"][:30] in done.stdout


def test_a_module_that_cannot_run_is_a_failure(tmp_path: Path, variables: dict[str, Any]) -> None:
    done = validate(tmp_path, {**variables, "validate_ca_path": "/nowhere/ca.crt"})
    assert done.returncode == 2
    assert reported(tmp_path).outcomes == {"result 1": "fail result.failed"}


def test_reports_are_written_and_compared(tmp_path: Path, variables: dict[str, Any]) -> None:
    reports = {**variables, "validate_report_language": "pt-BR"}
    assert validate(tmp_path, reports, "--tags", "services").returncode == 0
    written = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert written == [f"validation.{kind}" for kind in ("html", "json", "md", "xml")]
    before = json.loads((tmp_path / "reports/validation.json").read_text())
    assert before["counts"]["pass"] == 7
    dead = f"http://127.0.0.1:{free_port()}"
    (tmp_path / "reports/validation.json").rename(tmp_path / "before.json")
    worse = {
        **reports,
        "validate_victoriametrics_url": dead,
        "validate_compare_with": str(tmp_path / "before.json"),
    }
    done = validate(tmp_path, worse, "--tags", "services")
    assert done.returncode == 2
    assert (
        "service VictoriaMetrics"
        in done.stdout.split("TASK [vya.observability.validate : Compare")[1]
    )
    comparison = (tmp_path / "reports/comparison.md").read_text()
    assert f"{TEXTS['pt-BR']['newly_failing']} (1)" in comparison


def test_a_database_that_the_collector_does_not_probe(
    tmp_path: Path, variables: dict[str, Any]
) -> None:
    each = {**variables["validate_collectors"][0], "databases": ["n8n"]}
    options = {**variables, "validate_collectors": [each], "validate_wait_seconds": 10}
    done = validate(tmp_path, options, "--tags", "services,metrics")
    assert done.returncode == 2
    found = reported(tmp_path)
    assert found.check("health collector wf001")["code"] == "health.not_probed"
    assert found.values("families wf001")["missing"] == ["database_available"]


@pytest.fixture
def pushed(gateway: str) -> Callable[[str, str], dict[str, Any]]:
    """A group on the gateway."""

    def group(job: str, instance: str) -> dict[str, Any]:
        labels = {"job": job, "instance": instance}
        answer = requests.get(f"{gateway}/api/v1/metrics", timeout=10)
        [found] = [each for each in answer.json()["data"] if each["labels"] == labels]
        return dict(found)

    return group


def test_results_are_published_whether_or_not_a_check_fails(
    tmp_path: Path, variables: dict[str, Any], pushed: Callable[[str, str], dict[str, Any]]
) -> None:
    published = {
        **variables,
        "validate_publish": True,
        "validate_publish_instance": "test-publish",
        "validate_runs_hours": 0.1,
    }
    assert validate(tmp_path, published).returncode == 0
    group = pushed("validation", "test-publish")
    statuses = {
        (s["labels"]["check"], s["labels"]["host"]): float(s["value"])
        for s in group["validation_check_status"]["metrics"]
    }
    assert statuses["push", "wf001"] == 0
    assert {*statuses.values()} == {0}
    first = group["validation_run_timestamp_seconds"]["metrics"][0]["value"]

    # A part of the checks is no run of all, and changes nothing.
    assert validate(tmp_path, published, "--tags", "services").returncode == 0
    assert pushed("validation", "test-publish") == group

    dead = {**published, "validate_victoriametrics_url": f"http://127.0.0.1:{free_port()}"}
    assert validate(tmp_path, {**dead, "validate_wait_seconds": 10}).returncode == 2
    group = pushed("validation", "test-publish")
    failed = {
        s["labels"]["check"]: s["labels"]["code"]
        for s in group["validation_check_status"]["metrics"]
        if float(s["value"]) == 2
    }
    assert failed["service"].startswith("http.")
    assert group["validation_run_timestamp_seconds"]["metrics"][0]["value"] > first
    # Prometheus has scraped the run before, so the report lists it.
    report = json.loads((tmp_path / "reports/validation.json").read_text())
    assert [run["counts"]["fail"] for run in report["runs"]] == [0]
