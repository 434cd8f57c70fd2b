# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup that is killed: its service goes on, and the next run leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from ansible_collections.vya.observability.plugins.module_utils._backup.module import backup_spec

from ..conftest import execute, wait_until
from .conftest import Subject, options

WORK = """
import json, sys
from ansible_collections.vya.observability.plugins.module_utils._backup.module import back_up
back_up(json.loads(sys.argv[1]), False)
"""


def test_a_service_goes_on_when_its_backup_is_killed(subject: Subject) -> None:
    command = ["--persistence.file=/pushgateway/groups"]
    service = subject.start("pushgateway", command, "/pushgateway", user="0:0")
    execute(service.container, "dd", "if=/dev/urandom", "of=/pushgateway/big", "bs=1M", "count=900")
    given = options(
        backup_spec(),
        name=subject.name,
        kind="pushgateway",
        host="wf",
        documents={},
        docker_host="unix:///var/run/docker.sock",
        **subject.state,
    )
    run = subprocess.Popen([sys.executable, "-c", WORK, json.dumps(given)])

    def status() -> str:
        return str(subject.container().status)

    try:
        wait_until(lambda: status() == "paused", 30, "it is paused")
    finally:
        os.kill(run.pid, signal.SIGKILL)
    run.wait()
    wait_until(lambda: status() == "running", 10, "it goes on")
    parent = Path(subject.state["state_directory"]) / "backups" / subject.name
    assert [each.name for each in parent.glob(".2*.part")]

    execute(service.container, "rm", "/pushgateway/big")
    done = subject.back_up("pushgateway")
    assert Path(done["path"]).is_dir()
    assert [each.name for each in parent.glob(".2*")] == []
    assert not subject.leftovers()
