# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy.yml tells of groups on a real gateway that nobody owns, and removes them when told to."""

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

from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway_groups import (
    path_of,
)

from ...processes import play, run_module
from ..conftest import RunService
from ..deployment import has_fault

OWNED = {"job": "collector_api_wf001_usa", "instance": "wf001"}
EXPORTER = {"job": "n8n_nodes", "instance": "wf001"}
KNOWN = {"job": "drill_databasedown", "instance": "drill-databasedown"}
GONE = {"job": "collector_api_gone_x", "instance": "gone"}
# With one label more it is another group.
TWIN = {**OWNED, "path": "/a"}
OLD_EXPORTER = {"job": "n8n_nodes", "instance": "wf005"}
# It has been left out on a host that keeps the other one.
LEFT_OUT = {"job": "n8n_executions", "instance": "wf001"}
FOREIGN = {"job": "backup"}
KEPT, STALE = [OWNED, EXPORTER, KNOWN], [GONE, TWIN, OLD_EXPORTER, LEFT_OUT, FOREIGN]


def inventory(url: str) -> dict[str, Any]:
    """A fleet of which nothing but the gateway is there."""
    names = ("collector", "prometheus", "alertmanager", "victoriametrics", "traefik", "grafana")
    collector = {"collector_region": "usa", "collector_api_keys": ["a-key-of-the-tests-1"]}
    exporter = {
        "n8n_exporter_exporters": ["nodes"],
        "n8n_exporter_database_host": "127.0.0.1",
        "n8n_exporter_database_user": "reader",
        "n8n_exporter_database_password": "a-password-of-the-tests",
    }
    return {
        "all": {
            "vars": {
                "ansible_connection": "local",
                "ansible_python_interpreter": sys.executable,
                "observability_urls": {
                    **dict.fromkeys((*names, "collector"), "http://127.0.0.1:9"),
                    "pushgateway": url,
                },
            },
            "children": {
                **{name: {"hosts": {}} for name in names},
                "pushgateway": {"hosts": {"wfdb01": {"pushgateway_mode": "existing"}}},
                "collector": {"hosts": {"wf001": collector}},
                "n8n_exporter": {"hosts": {"wf001": exporter}},
            },
        }
    }


@pytest.fixture(scope="module")
def gateway(run_module_service: RunService) -> str:
    service = run_module_service("pushgateway")
    url = service.url()
    for labels in KEPT + STALE:
        requests.post(url + path_of(labels), data=b"one 1\n", timeout=10).raise_for_status()
    return url


@pytest.fixture(scope="module")
def deploy(gateway: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Play deploy.yml for the groups only; how it ended."""
    hosts: Path = tmp_path_factory.mktemp("groups") / "hosts.json"
    hosts.write_text(json.dumps(inventory(gateway)))

    def run(*arguments: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        return play(
            *("-i", hosts, "vya.observability.deploy", "--tags", "groups", *arguments),
            *("--extra-vars", json.dumps(variables)),
            seconds=120,
            ANSIBLE_VERBOSITY="1",
        )

    return run


def groups(url: str) -> list[dict[str, str]]:
    found, _output = run_module("pushgateway_group_info", {"url": url})
    return [group["labels"] for group in found["groups"]]


def missing(url: str) -> list[dict[str, str]]:
    """Groups that were pushed and are not there any more."""
    left = groups(url)
    return [labels for labels in KEPT + STALE if labels not in left]


def told(stale: list[dict[str, str]]) -> set[str]:
    return {", ".join(f"{name}={labels[name]}" for name in sorted(labels)) for labels in stale}


def reported(done: subprocess.CompletedProcess[str]) -> set[str]:
    """The labels of the groups in its report."""
    assert done.returncode == 0, done.stdout + done.stderr
    return set(re.findall(r"(\w+=[^;\n]*); last push .+ ago", done.stdout))


def test_groups_that_nobody_owns_are_reported_and_kept(
    deploy: Callable[..., Any], gateway: str
) -> None:
    done = deploy()
    assert reported(done) == told(STALE)
    assert "deploy_known_groups" in done.stdout
    assert missing(gateway) == []


def test_more_than_the_limit_are_not_removed(deploy: Callable[..., Any], gateway: str) -> None:
    done = deploy(deploy_remove_stale_groups=True, deploy_remove_limit=3)
    assert done.returncode != 0
    assert has_fault(done.stdout, "groups.too_many", "deploy_remove_stale_groups")
    assert missing(gateway) == []


def test_check_mode_foresees_and_a_run_removes_what_nobody_owns_and_knows(
    deploy: Callable[..., Any], gateway: str
) -> None:
    wanted = {"deploy_remove_stale_groups": True, "deploy_known_groups": ["drill_.+", "back.p"]}
    stale = [GONE, TWIN, OLD_EXPORTER, LEFT_OUT]
    foreseen = deploy("--check", "--diff", **wanted)
    assert reported(foreseen) == told(stale)
    assert "changed=1" in foreseen.stdout
    assert missing(gateway) == []
    assert reported(deploy(**wanted)) == told(stale)
    assert missing(gateway) == stale
    left = groups(gateway)
    assert all(labels in left for labels in [*KEPT, FOREIGN])
