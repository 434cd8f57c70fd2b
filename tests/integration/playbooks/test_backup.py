# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""backup.yml and restore.yml: a Prometheus whose volume is destroyed, and a user's own service."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from ..conftest import wait_until
from ..deployment import has_fault
from .hub import Hub
from .tools import ROOT

BACKUP = f"- import_playbook: {ROOT}/playbooks/backup.yml"
RESTORE = f"- import_playbook: {ROOT}/playbooks/restore.yml"


def scrapes(hub: Hub, at: float) -> int:
    params: dict[str, Any] = {"query": "sum(count_over_time(up[1h]))", "time": at}
    url = f"http://127.0.0.1:{hub.port}/api/v1/query"
    result = requests.get(url, params=params, timeout=5).json()["data"]["result"]
    return int(result[0]["value"][1]) if result else 0


def ok(hub: Hub, services: list[dict[str, Any]], playbook: str, *arguments: str) -> str:
    # Beside this test's playbook, whatever the working directory is.
    place = ("-e", json.dumps({"observability_backup_directory": str(hub.directory / "backups")}))
    done = hub.play(services, *place, *arguments, playbook=playbook)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return done.stdout


def made(hub: Hub, name: str) -> list[Path]:
    return sorted((hub.directory / "backups" / "hub" / f"{hub.name}-{name}").glob("2*"))


@pytest.mark.long
def test_a_destroyed_volume_comes_back(hub: Hub, service_image: Any) -> None:
    exporter = hub.exporter(service_image("pushgateway"))
    exporter["release"]["volumes"] = [{"source": f"{hub.name}-own", "target": "/pushgateway"}]
    exporter["release"]["command"] = ["--persistence.file=/pushgateway/groups"]
    hub.deploy([exporter])
    # What is younger than fifteen seconds is not counted.
    wait_until(lambda: scrapes(hub, time.time() - 16) > 9, 60, "scrapes")

    assert "changed=1" in ok(hub, [exporter], BACKUP, "--check")
    assert made(hub, "prometheus") == []
    ok(hub, [exporter], BACKUP)
    (folder,) = made(hub, "prometheus")
    assert made(hub, "exporter")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["proven"]["figures"]["samples"] == manifest["figures"]["samples"] > 0
    for each in folder.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600
    spool = hub.directory / "state" / "backups" / f"{hub.name}-prometheus"
    assert not (spool / folder.name).exists()
    at = manifest["figures"]["at"]
    before = scrapes(hub, at)

    hub.docker.containers.get(f"{hub.name}-prometheus").remove(force=True)
    hub.docker.volumes.get(f"{hub.name}-prometheus").remove(force=True)
    hub.deploy([exporter])
    assert scrapes(hub, at) == 0
    which = ("-e", "restore_host=hub", "-e", f"restore_service={hub.name}-prometheus")
    ok(hub, [exporter], RESTORE, *which, "-e", "restore_replace=true")
    assert scrapes(hub, at) == before
    assert "changed=0" in hub.deploy([exporter])


def test_a_wrong_name_is_told(hub: Hub) -> None:
    for playbook, arguments, variable in (
        (RESTORE, ["-e", "restore_host=hbu", "-e", "restore_service=x"], "restore_host"),
        (RESTORE, ["-e", "restore_service=x"], "restore_host"),
        (BACKUP, ["-e", json.dumps({"backup_services": ["no"]})], "backup_services"),
    ):
        done = hub.play([], *arguments, playbook=playbook)
        assert done.returncode != 0
        code = "value.missing" if arguments[1] == "restore_service=x" else "reference.unknown"
        assert has_fault(done.stdout, code, variable), done.stdout
